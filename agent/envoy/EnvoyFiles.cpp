#include "agent/envoy/EnvoyFiles.h"

#include "core/files/Files.h"

#include <algorithm>
#include <sys/un.h>

namespace gatehouse::envoy {

Result<void> makeFolders(const EnvoyPaths& paths) {
    constexpr std::size_t Longest = sizeof(sockaddr_un::sun_path) - 1;
    for (const std::filesystem::path& socket : {paths.adminSocket(), paths.authorizerSocket()}) {
        if (socket.string().size() > Longest) {
            return failure(ErrorKind::Invalid,
                           "the data folder's path is too long: the socket " + socket.string() + " would exceed " +
                               std::to_string(Longest) + " bytes",
                           "choose a data folder with a shorter path");
        }
    }
    for (const std::filesystem::path& folder :
         {paths.folder(), paths.credentialFolder(), paths.sockets(), paths.logs()}) {
        if (Result<void> made = files::makeFolder(folder, 0700); !made) {
            return made;
        }
    }
    return {};
}

Result<bool> writeDocument(const std::filesystem::path& path, const json::Object& document) {
    const std::string text = json::pretty(document);
    if (const Result<std::string> old = files::read(path, 64U << 20); old && *old == text) {
        return false;
    }
    if (Result<void> written = files::writeAtomically(path, text, 0600); !written) {
        return failure(written.error());
    }
    return true;
}

void removeUnneededCredentials(const EnvoyPaths& paths, const std::vector<NeededCredential>& needed) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(paths.credentialFolder(), ignored)) {
        const bool wanted = std::any_of(needed.begin(), needed.end(),
                                        [&entry](const auto& credential) { return credential.file == entry.path(); });
        if (!wanted) {
            std::filesystem::remove(entry.path(), ignored);
        }
    }
}

} // namespace gatehouse::envoy
