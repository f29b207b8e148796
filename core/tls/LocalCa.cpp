#include "core/tls/LocalCa.h"

#include "core/crypto/Crypto.h"
#include "core/files/Files.h"
#include "core/tls/OpenSsl.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <ctime>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

namespace gatehouse::tls {
namespace {

using std::chrono::hours;

constexpr hours CaLifetime = hours(24) * 3652;
constexpr hours ServerLifetime = hours(24) * 365;
constexpr hours RenewBefore = hours(24) * 30;
/// Certificates start a little in the past, so that a peer with a slow clock takes them.
constexpr hours StartedBefore = hours(1);

tl::unexpected<Error> makingFailed(const std::string& what) {
    return failure(ErrorKind::Internal, "cannot make " + what + ": " + lastError());
}

std::string drain(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pemOf(X509* certificate) {
    const Owned<BIO> out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), certificate);
    return drain(out.get());
}

Secret pemOf(EVP_PKEY* key) {
    const Owned<BIO> out(BIO_new(BIO_s_secmem()));
    PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return Secret(drain(out.get()));
}

bool addExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

/// Serial, times, subject and public key; extensions and signature are the caller's.
Owned<X509> blankCertificate(EVP_PKEY* key, const std::string& commonName, TimePoint now, TimePoint end) {
    Owned<X509> certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    std::string serial = crypto::randomBytes(16);
    serial[0] = static_cast<char>((static_cast<unsigned char>(serial[0]) & 0x7fU) | 0x40U);
    BIGNUM* number = BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()), 16, nullptr);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get()));
    BN_free(number);
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), std::chrono::system_clock::to_time_t(now - StartedBefore));
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), std::chrono::system_clock::to_time_t(end));
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    const auto add = [subject](const char* field, const std::string& value) {
        X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.data()),
                                   static_cast<int>(value.size()), -1, 0);
    };
    add("O", "Gatehouse");
    add("CN", commonName.substr(0, 64));
    X509_set_pubkey(certificate.get(), key);
    return certificate;
}

TimePoint endOf(const X509* certificate) {
    std::tm parts{};
    ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts);
    return std::chrono::system_clock::from_time_t(timegm(&parts));
}

Result<std::string> makeCaCertificate(EVP_PKEY* key, TimePoint now) {
    const std::string name = "Gatehouse local CA " + crypto::hex(crypto::randomBytes(4));
    const auto certificate = blankCertificate(key, name, now, now + CaLifetime);
    X509* raw = certificate.get();
    X509_set_issuer_name(raw, X509_get_subject_name(raw));
    const bool made = addExtension(raw, raw, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                      addExtension(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                      addExtension(raw, raw, NID_subject_key_identifier, "hash") &&
                      X509_sign(raw, key, EVP_sha256()) > 0;
    if (!made) {
        return makingFailed("the CA certificate");
    }
    return pemOf(raw);
}

Result<Identity> makeServer(X509* ca, EVP_PKEY* caKey, const std::vector<std::string>& hosts, TimePoint now) {
    const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
    if (key == nullptr) {
        return makingFailed("a private key");
    }
    std::string names;
    for (const auto& host : hosts) {
        names += (names.empty() ? "" : ",") + std::string(isAddress(host) ? "IP:" : "DNS:") + host;
    }
    const auto certificate = blankCertificate(key.get(), hosts.front(), now, std::min(now + ServerLifetime, endOf(ca)));
    X509* raw = certificate.get();
    X509_set_issuer_name(raw, X509_get_subject_name(ca));
    const bool made = addExtension(raw, ca, NID_basic_constraints, "critical,CA:FALSE") &&
                      addExtension(raw, ca, NID_key_usage, "critical,digitalSignature") &&
                      addExtension(raw, ca, NID_ext_key_usage, "serverAuth") &&
                      addExtension(raw, ca, NID_subject_key_identifier, "hash") &&
                      addExtension(raw, ca, NID_authority_key_identifier, "keyid:always") &&
                      addExtension(raw, ca, NID_subject_alt_name, names) && X509_sign(raw, caKey, EVP_sha256()) > 0;
    if (!made) {
        return makingFailed("the server certificate");
    }
    return Identity{pemOf(raw) + pemOf(ca), pemOf(key.get())};
}

/// Whether what lies on disk can go on being used.
bool stillGood(const std::string& chainPem, const Secret& keyPem, X509* ca, const std::vector<std::string>& hosts,
               TimePoint now) {
    const auto chain = certificates(chainPem);
    const auto key = privateKey(keyPem.reveal());
    if (!chain || !key) {
        return false;
    }
    X509* leaf = chain->front().get();
    const Owned<EVP_PKEY> caPublic(X509_get_pubkey(ca));
    if (X509_check_private_key(leaf, key->get()) != 1 || X509_verify(leaf, caPublic.get()) != 1) {
        (void)lastError();
        return false;
    }
    const bool named = std::all_of(hosts.begin(), hosts.end(), [leaf](const std::string& host) {
        return isAddress(host) ? X509_check_ip_asc(leaf, host.c_str(), 0) == 1
                               : X509_check_host(leaf, host.data(), host.size(), 0, nullptr) == 1;
    });
    return named && endOf(leaf) > now + RenewBefore;
}

Result<void> plausibleHosts(const std::vector<std::string>& hosts) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:_*";
    for (const auto& host : hosts) {
        if (host.empty() || host.size() > 253 || host.find_first_not_of(allowed) != std::string::npos ||
            (host.find(':') != std::string::npos && !isAddress(host))) {
            return failure(ErrorKind::Invalid, "'" + host + "' cannot stand in a server certificate",
                           "give a host name or an IP address");
        }
    }
    if (hosts.empty()) {
        return failure(ErrorKind::Invalid, "a server certificate needs at least one host name");
    }
    return {};
}

std::string caMend(const std::filesystem::path& folder) {
    return "restore it from a backup, or remove " + folder.string() +
           " to start with a new CA (every client then needs the new ca.crt)";
}

/// A key without a certificate is what a crash leaves; a certificate without a key is a loss.
Result<Secret> readOrMakeCaKey(const std::filesystem::path& folder, bool haveCertificate) {
    const auto file = folder / "ca.key";
    std::error_code code;
    if (!std::filesystem::exists(file, code)) {
        if (haveCertificate) {
            return failure(ErrorKind::Integrity, "the CA's private key " + file.string() + " is missing",
                           caMend(folder));
        }
        const Owned<EVP_PKEY> fresh(EVP_EC_gen("P-256"));
        if (fresh == nullptr) {
            return makingFailed("a private key");
        }
        if (auto written = files::writeSecret(file, pemOf(fresh.get())); !written) {
            return failure(std::move(written.error()));
        }
    }
    return files::readSecret(file);
}

} // namespace

LocalCa::LocalCa(std::filesystem::path folder, const Clock& clock)
    : m_folder(std::move(folder)),
      m_certificateFile(m_folder / "ca.crt"),
      m_clock(&clock) {}

Result<LocalCa> LocalCa::openOrCreate(const std::filesystem::path& folder, const Clock& clock) {
    if (auto made = files::makeFolder(folder, 0700); !made) {
        return failure(std::move(made.error()));
    }
    LocalCa ca(folder, clock);
    std::error_code code;
    const bool haveCertificate = std::filesystem::exists(ca.m_certificateFile, code);
    auto keyPem = readOrMakeCaKey(folder, haveCertificate);
    if (!keyPem) {
        return failure(std::move(keyPem.error()));
    }
    ca.m_keyPem = std::move(*keyPem);
    const auto key = privateKey(ca.m_keyPem.reveal());
    if (!key) {
        return failure(ErrorKind::Integrity, "the CA's private key in " + folder.string() + " cannot be read",
                       caMend(folder));
    }
    if (!haveCertificate) {
        auto certificate = makeCaCertificate(key->get(), clock.now());
        if (!certificate) {
            return failure(std::move(certificate.error()));
        }
        if (auto written = files::writeAtomically(ca.m_certificateFile, *certificate); !written) {
            return failure(std::move(written.error()));
        }
    }
    auto pem = files::read(ca.m_certificateFile, 64U << 10);
    if (!pem) {
        return failure(std::move(pem.error()));
    }
    const auto parsed = certificates(*pem);
    if (!parsed || X509_check_private_key(parsed->front().get(), key->get()) != 1) {
        (void)lastError();
        return failure(ErrorKind::Integrity,
                       "the CA certificate " + ca.m_certificateFile.string() + " is damaged or not the one of its key",
                       caMend(folder));
    }
    if (const TimePoint end = endOf(parsed->front().get()); end <= clock.now()) {
        return failure(ErrorKind::Integrity,
                       "the CA certificate " + ca.m_certificateFile.string() + " ended on " + toIsoDate(end),
                       "remove " + folder.string() + " to start with a new CA and give every client the new ca.crt");
    }
    ca.m_certificatePem = std::move(*pem);
    return ca;
}

Result<IdentityFiles> LocalCa::ensureServer(const std::string& name, const std::vector<std::string>& hosts) const {
    if (auto plausible = plausibleHosts(hosts); !plausible) {
        return failure(std::move(plausible.error()));
    }
    const auto ca = certificates(m_certificatePem);
    const auto caKey = privateKey(m_keyPem.reveal());
    if (!ca || !caKey) {
        return failure(ErrorKind::Internal, "the CA in memory is unreadable");
    }
    X509* issuer = ca->front().get();
    IdentityFiles result{m_certificateFile, m_folder / (name + ".crt"), m_folder / (name + ".key"), {}, {}, false};
    auto chainPem = files::read(result.certificateFile, 64U << 10);
    auto keyPem = files::readSecret(result.keyFile);
    if (chainPem && keyPem && stillGood(*chainPem, *keyPem, issuer, hosts, m_clock->now())) {
        result.identity = {std::move(*chainPem), std::move(*keyPem)};
    } else {
        auto made = makeServer(issuer, caKey->get(), hosts, m_clock->now());
        if (!made) {
            return failure(std::move(made.error()));
        }
        auto written = files::writeSecret(result.keyFile, made->keyPem);
        if (written) {
            written = files::writeAtomically(result.certificateFile, made->certificatePem);
        }
        if (!written) {
            return failure(std::move(written.error()));
        }
        result.identity = std::move(*made);
        result.renewed = true;
    }
    auto end = notAfter(result.identity.certificatePem);
    if (!end) {
        return failure(std::move(end.error()));
    }
    result.notAfter = *end;
    return result;
}

std::vector<std::string> localHosts() {
    std::vector<std::string> hosts{"localhost", "127.0.0.1", "::1"};
    std::array<char, 256> buffer{};
    if (gethostname(buffer.data(), buffer.size() - 1) == 0) {
        const std::string name = buffer.data();
        const bool usable =
            name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
                std::string::npos &&
            !name.empty() && name != "localhost" && !isAddress(name);
        if (usable) {
            hosts.push_back(name);
        }
    }
    return hosts;
}

Result<TimePoint> notAfter(std::string_view pem) {
    const auto parsed = certificates(pem);
    if (!parsed) {
        return failure(parsed.error());
    }
    return endOf(parsed->front().get());
}

Result<std::string> certificateSha256(std::string_view pem) {
    const auto parsed = certificates(pem);
    if (!parsed) {
        return failure(parsed.error());
    }
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    if (X509_digest(parsed->front().get(), EVP_sha256(), digest.data(), &size) != 1) {
        return makingFailed("a certificate fingerprint");
    }
    return crypto::hex({reinterpret_cast<const char*>(digest.data()), size});
}

} // namespace gatehouse::tls
