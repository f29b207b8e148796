#pragma once

#include "core/result/Result.h"
#include "core/secrets/Secret.h"
#include "core/time/Clock.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gatehouse::tls {

/// A certificate with its private key, PEM.
struct Identity {
    std::string certificatePem; ///< leaf first, then the CA
    Secret keyPem;              ///< PKCS #8
};

/// An Identity that also lies on disk, for programs that want files (Envoy, nginx).
struct IdentityFiles {
    std::filesystem::path caFile;          ///< 0644
    std::filesystem::path certificateFile; ///< 0644
    std::filesystem::path keyFile;         ///< 0600
    Identity identity;
    TimePoint notAfter;
    bool renewed = false; ///< this call wrote a new certificate
};

/// The certificate authority of one installation: `<folder>/ca.crt` and `<folder>/ca.key` (0600), ECDSA P-256, ten
/// years, for servers on this host only (basicConstraints CA, pathlen 0; keyUsage certificate sign).
class LocalCa {
public:
    /// Reads the CA, or makes one if neither file exists. One file without the other, a key that others can read or
    /// that does not fit is an error: a CA is never replaced silently.
    [[nodiscard]] static Result<LocalCa> openOrCreate(const std::filesystem::path& folder, const Clock& clock);

    [[nodiscard]] const std::string& certificatePem() const { return m_certificatePem; }

    [[nodiscard]] const std::filesystem::path& certificateFile() const { return m_certificateFile; }

    /// `<folder>/<name>.crt` and `.key` for a server with these host names and addresses: kept when they chain to this
    /// CA, carry every name and are valid for another 30 days, else made anew (one year).
    [[nodiscard]] Result<IdentityFiles> ensureServer(const std::string& name,
                                                     const std::vector<std::string>& hosts) const;

private:
    LocalCa(std::filesystem::path folder, const Clock& clock);
    std::filesystem::path m_folder;
    std::filesystem::path m_certificateFile;
    std::string m_certificatePem;
    Secret m_keyPem;
    const Clock* m_clock;
};

/// What every server of ours answers to: 127.0.0.1, ::1, localhost, and this machine's name when it is a usable one.
[[nodiscard]] std::vector<std::string> localHosts();

/// When the first certificate of `pem` ends; BadRequest if there is none.
[[nodiscard]] Result<TimePoint> notAfter(std::string_view pem);
/// SHA-256 of the first certificate's DER, lower-case hex.
[[nodiscard]] Result<std::string> certificateSha256(std::string_view pem);

} // namespace gatehouse::tls
