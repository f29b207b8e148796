#include "agent/admin_api/Kubeconfig.h"

#include "core/crypto/Crypto.h"
#include "core/files/Files.h"

namespace gatehouse::admin_api {

Result<void> writeKubeconfig(const std::filesystem::path& file, const std::string& serverUrl, const std::string& caPem,
                             const Secret& token) {
    std::string text = "apiVersion: v1\n"
                       "kind: Config\n"
                       "clusters:\n"
                       "- name: gatehouse\n"
                       "  cluster:\n"
                       "    server: " +
                       serverUrl +
                       "\n"
                       "    certificate-authority-data: " +
                       crypto::base64(caPem) +
                       "\n"
                       "users:\n"
                       "- name: gatehouse\n"
                       "  user:\n"
                       "    token: \"";
    // Room for the token first, so that no copy of it stays behind in freed memory.
    text.reserve(text.size() + token.size() + 256);
    text.append(token.reveal());
    text += "\"\n"
            "contexts:\n"
            "- name: gatehouse\n"
            "  context:\n"
            "    cluster: gatehouse\n"
            "    user: gatehouse\n"
            "    namespace: default\n"
            "current-context: gatehouse\n";
    return files::writeSecret(file, Secret(std::move(text)));
}

} // namespace gatehouse::admin_api
