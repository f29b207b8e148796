#include "core/crypto/Crypto.h"
#include "core/files/Files.h"
#include "core/signing/PublicKey.h"
#include "core/signing/Signing.h"

#include <cerrno>
#include <cstring>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

namespace gatehouse::signing {
namespace {

using KeyPointer = std::shared_ptr<evp_pkey_st>;

class FileSigner final : public Signer {
public:
    explicit FileSigner(KeyPointer key) : m_key(std::move(key)), m_public(m_key) {}

    [[nodiscard]] Result<std::string> sign(std::string_view bytes) const override {
        const bool ed25519 = isEd25519(*m_key);
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
        std::string signature(256, '\0');
        std::size_t length = signature.size();
        if (!context ||
            EVP_DigestSignInit(context.get(), nullptr, ed25519 ? nullptr : EVP_sha256(), nullptr, m_key.get()) != 1 ||
            EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) != 1) {
            return failure(ErrorKind::Internal, "OpenSSL could not sign with this key");
        }
        signature.resize(length);
        return ed25519 ? signature : withLowS(signature);
    }

    [[nodiscard]] std::string publicKeyPem() const override { return m_public.pem(); }

    [[nodiscard]] std::string keyFingerprint() const override { return m_public.fingerprint(); }

private:
    KeyPointer m_key;
    PublicKey m_public;
};

/// Refuses encrypted keys instead of asking on a terminal.
int noPassphrase(char*, int, int, void*) {
    return -1;
}

Result<KeyPointer> keyFrom(const Secret& pem, const std::filesystem::path& path) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
        BIO_new_mem_buf(pem.reveal().data(), static_cast<int>(pem.size())), BIO_free_all);
    KeyPointer key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassphrase, nullptr) : nullptr, EVP_PKEY_free);
    if (!key) {
        return failure(ErrorKind::Invalid, path.string() + " holds no private key that can be read",
                       "give an unencrypted PEM file, or a path that does not exist yet to have a key made");
    }
    if (!isEd25519(*key) && !isP256(*key)) {
        return failure(ErrorKind::Unsupported, path.string() + " holds a key that is neither Ed25519 nor ECDSA P-256",
                       "make one: openssl genpkey -algorithm ed25519 -out KEY.pem");
    }
    return key;
}

Result<Secret> newKeyPem() {
    const KeyPointer key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free);
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new(BIO_s_secmem()), BIO_free_all);
    char* data = nullptr;
    if (!key || !bio ||
        PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        return failure(ErrorKind::Internal, "OpenSSL could not make an Ed25519 key");
    }
    const long length = BIO_get_mem_data(bio.get(), &data);
    return Secret::copyOf({data, static_cast<std::size_t>(length)});
}

/// Puts a new key at `path` unless one is there: link() fails where rename() would replace another process's key.
Result<void> makeKey(const std::filesystem::path& path) {
    const std::filesystem::path folder = path.parent_path();
    if (!folder.empty() && !std::filesystem::exists(folder)) {
        if (auto made = files::makeFolder(folder, 0700); !made) {
            return made;
        }
    }
    const Result<Secret> pem = newKeyPem();
    if (!pem) {
        return failure(pem.error());
    }
    const std::filesystem::path temporary = path.string() + ".new-" + crypto::randomUuid();
    if (auto written = files::writeSecret(temporary, *pem); !written) {
        return written;
    }
    const int code = ::link(temporary.c_str(), path.c_str()) == 0 ? 0 : errno;
    ::unlink(temporary.c_str());
    if (code != 0 && code != EEXIST) {
        return failure(ErrorKind::Storage, "cannot create " + path.string() + ": " + std::strerror(code));
    }
    return {};
}

Result<void> ensurePublicHalf(const std::filesystem::path& privateKey, const Signer& signer) {
    const std::filesystem::path path = privateKey.string() + ".pub";
    const Result<std::string> present = files::read(path, 64U << 10);
    if (!present && present.error().kind == ErrorKind::NotFound) {
        return files::writeAtomically(path, signer.publicKeyPem(), 0644);
    }
    if (!present) {
        return failure(present.error());
    }
    const Result<PublicKey> key = PublicKey::fromPem(*present);
    if (!key || key->fingerprint() != signer.keyFingerprint()) {
        return failure(ErrorKind::Invalid, path.string() + " is not the public half of " + privateKey.string(),
                       "move it away; it is written again from the private key");
    }
    return {};
}

} // namespace

Result<std::unique_ptr<Signer>> openFileSigner(const std::filesystem::path& privateKey) {
    const Result<Secret> pem = files::readSecret(privateKey);
    if (!pem) {
        return failure(because("the signing key cannot be used", pem.error()));
    }
    Result<KeyPointer> key = keyFrom(*pem, privateKey);
    if (!key) {
        return failure(std::move(key.error()));
    }
    return std::make_unique<FileSigner>(std::move(*key));
}

Result<std::unique_ptr<Signer>> openOrCreateFileSigner(const std::filesystem::path& privateKey) {
    std::error_code ignored;
    if (!std::filesystem::exists(std::filesystem::symlink_status(privateKey, ignored))) {
        if (auto made = makeKey(privateKey); !made) {
            return failure(because("no signing key could be made", made.error()));
        }
    }
    Result<std::unique_ptr<Signer>> signer = openFileSigner(privateKey);
    if (signer) {
        if (auto published = ensurePublicHalf(privateKey, **signer); !published) {
            return failure(std::move(published.error()));
        }
    }
    return signer;
}

} // namespace gatehouse::signing
