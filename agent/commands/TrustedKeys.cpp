#include "agent/commands/TrustedKeys.h"

#include "core/files/Files.h"
#include "core/signing/PublicKey.h"

#include <algorithm>
#include <cstdlib>

namespace gatehouse::commands {
namespace {

namespace fs = std::filesystem;

Result<std::string> readPublicKey(const fs::path& file) {
    Result<std::string> pem = files::read(file, 64U << 10);
    if (!pem) {
        return failure(because("a trusted key cannot be read", pem.error()));
    }
    if (const auto key = signing::PublicKey::fromPem(*pem); !key) {
        return failure(because(file.string() + " cannot be trusted", key.error()));
    }
    return pem;
}

std::vector<fs::path> configuredFiles(const CommonOptions& common) {
    std::vector<fs::path> found;
    std::error_code code;
    if (const auto folder = configurationFolder()) {
        for (const auto& entry : fs::directory_iterator(*folder / "trusted-keys", code)) {
            if (entry.path().extension() == ".pub") {
                found.push_back(entry.path());
            }
        }
    }
    std::sort(found.begin(), found.end());
    const fs::path agents = fs::path(common.dataDir) / "signing-key.pem.pub";
    if (!common.dataDir.empty() && fs::exists(agents, code)) {
        found.push_back(agents);
    }
    return found;
}

} // namespace

Result<fs::path> configurationFolder() {
    if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && *config == '/') {
        return fs::path(config) / "gatehouse";
    }
    if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') {
        return fs::path(home) / ".config/gatehouse";
    }
    return failure(ErrorKind::NotFound, "neither HOME nor XDG_CONFIG_HOME names a folder",
                   "set HOME, or name the key files on the command line");
}

Result<std::vector<std::string>> trustedKeys(const std::vector<std::string>& given, const CommonOptions& common) {
    const std::vector<fs::path> sources =
        given.empty() ? configuredFiles(common) : std::vector<fs::path>(given.begin(), given.end());
    std::vector<std::string> keys;
    for (const fs::path& file : sources) {
        Result<std::string> pem = readPublicKey(file);
        if (!pem) {
            return failure(std::move(pem.error()));
        }
        keys.push_back(std::move(*pem));
    }
    return keys;
}

} // namespace gatehouse::commands
