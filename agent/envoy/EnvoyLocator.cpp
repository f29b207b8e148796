#include "agent/envoy/EnvoyLocator.h"

#include "core/files/Files.h"
#include "core/process/ChildProcess.h"
#include "core/process/Environment.h"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <unistd.h>
#include <utility>

namespace gatehouse::envoy {
namespace {

constexpr const char* InstallHint =
    "install Envoy 1.38 or newer (run packaging/quickstart.sh, which fetches it, or set GATEHOUSE_ENVOY to the binary)";

bool isProgram(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

Result<std::filesystem::path> demanded(const std::string& path, const std::string& who) {
    if (!isProgram(path)) {
        return failure(ErrorKind::NotFound, who + " names " + path + ", which is no program", InstallHint);
    }
    return std::filesystem::absolute(path);
}

std::optional<std::filesystem::path> onSearchPath(std::string_view searchPath) {
    while (!searchPath.empty()) {
        const std::size_t colon = searchPath.find(':');
        const std::filesystem::path folder(searchPath.substr(0, colon));
        if (folder.is_absolute() && isProgram(folder / "envoy")) {
            return folder / "envoy";
        }
        searchPath = colon == std::string_view::npos ? std::string_view() : searchPath.substr(colon + 1);
    }
    return std::nullopt;
}

Result<std::filesystem::path> findBinary(const EnvoyChoice& choice) {
    if (!choice.option.empty()) {
        return demanded(choice.option, "--envoy");
    }
    if (!choice.environment.empty()) {
        return demanded(choice.environment, "GATEHOUSE_ENVOY");
    }
    const std::filesystem::path own = choice.dataDir / "envoy" / "bin" / "envoy";
    if (!choice.dataDir.empty() && isProgram(own)) {
        return std::filesystem::absolute(own);
    }
    if (const auto found = onSearchPath(choice.searchPath)) {
        return *found;
    }
    return failure(ErrorKind::NotFound, "there is no Envoy on PATH nor at " + own.string(), InstallHint);
}

/// Runs `envoy --version` and returns what it says, bounded in time and size.
Result<std::string> askVersion(const std::filesystem::path& binary) {
    std::string name = (std::filesystem::temp_directory_path() / "gatehouse-envoy-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        return failure(ErrorKind::Storage,
                       "cannot make a temporary folder below " + std::filesystem::temp_directory_path().string());
    }
    process::ChildOptions options;
    options.program = binary;
    options.arguments = {"--version"};
    options.environment = process::plainEnvironment();
    options.logFile = std::filesystem::path(name) / "version";
    Result<std::string> text;
    if (Result<process::ChildProcess> child = process::ChildProcess::start(options); !child) {
        text = failure(child.error());
    } else if (!child->wait(std::chrono::seconds(20))) {
        text = failure(ErrorKind::Timeout, binary.string() + " --version gave no answer in 20 s", InstallHint);
    }
    if (text) {
        text = files::read(options.logFile, 64U << 10);
    }
    std::error_code ignored;
    std::filesystem::remove_all(name, ignored);
    return text;
}

std::pair<int, int> majorMinor(const std::string& version) {
    std::pair<int, int> out{0, 0};
    const char* end = version.data() + version.size();
    const auto major = std::from_chars(version.data(), end, out.first);
    if (major.ptr != end && *major.ptr == '.') {
        std::from_chars(major.ptr + 1, end, out.second);
    }
    return out;
}

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

} // namespace

std::string versionIn(std::string_view text) {
    const std::size_t word = text.find("version:");
    std::size_t slash = word == std::string_view::npos ? word : text.find('/', word);
    while (slash != std::string_view::npos) {
        const std::size_t next = text.find('/', slash + 1);
        const std::string_view part = text.substr(slash + 1, next == std::string_view::npos ? next : next - slash - 1);
        if (!part.empty() && part.find_first_not_of("0123456789.") == std::string_view::npos &&
            part.find('.') != std::string_view::npos) {
            return std::string(part);
        }
        slash = next;
    }
    return {};
}

Result<FoundEnvoy> locateEnvoy(const EnvoyChoice& choice) {
    Result<std::filesystem::path> binary = findBinary(choice);
    if (!binary) {
        return failure(binary.error());
    }
    Result<std::string> text = askVersion(*binary);
    if (!text) {
        return failure(because("cannot ask " + binary->string() + " for its version", text.error()));
    }
    const std::string version = versionIn(*text);
    if (version.empty()) {
        return failure(ErrorKind::Unsupported, binary->string() + " does not look like Envoy", InstallHint);
    }
    if (majorMinor(version) < std::pair(LeastEnvoyMajor, LeastEnvoyMinor)) {
        return failure(ErrorKind::Unsupported, binary->string() + " is Envoy " + version + ", which is too old",
                       InstallHint);
    }
    return FoundEnvoy{std::move(*binary), version};
}

Result<FoundEnvoy> locateEnvoy(const std::string& option, const std::filesystem::path& dataDir) {
    return locateEnvoy({option, variable("GATEHOUSE_ENVOY"), dataDir, variable("PATH")});
}

} // namespace gatehouse::envoy
