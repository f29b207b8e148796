#include "core/signing/PublicKey.h"

#include "core/crypto/Crypto.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace gatehouse::signing {
namespace {

template <auto Free>
struct Deleter {
    template <typename T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};

using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Context = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;
using Number = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using Group = std::unique_ptr<EC_GROUP, Deleter<EC_GROUP_free>>;

const unsigned char* bytesOf(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string derOf(evp_pkey_st* key) {
    unsigned char* der = nullptr;
    const int length = i2d_PUBKEY(key, &der);
    std::string out(reinterpret_cast<const char*>(der), length > 0 ? static_cast<std::size_t>(length) : 0U);
    OPENSSL_free(der);
    return out;
}

} // namespace

bool isEd25519(const evp_pkey_st& key) {
    return EVP_PKEY_get_base_id(&key) == EVP_PKEY_ED25519;
}

bool isP256(const evp_pkey_st& key) {
    char group[64] = {};
    std::size_t length = 0;
    return EVP_PKEY_get_base_id(&key) == EVP_PKEY_EC &&
           EVP_PKEY_get_group_name(&key, group, sizeof group, &length) == 1 &&
           OBJ_txt2nid(group) == NID_X9_62_prime256v1;
}

std::string withLowS(std::string_view der) {
    const unsigned char* at = bytesOf(der);
    const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    if (!signature || at != bytesOf(der) + der.size()) {
        return {};
    }
    const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    const BIGNUM* order = EC_GROUP_get0_order(group.get());
    const Number half(BN_dup(order));
    Number s(BN_dup(ECDSA_SIG_get0_s(signature.get())));
    if (!half || !s || BN_rshift1(half.get(), order) != 1) {
        return {};
    }
    if (BN_cmp(s.get(), half.get()) > 0 && BN_sub(s.get(), order, s.get()) != 1) {
        return {};
    }
    Number r(BN_dup(ECDSA_SIG_get0_r(signature.get())));
    const EcdsaSignature low(ECDSA_SIG_new());
    if (!r || !low || ECDSA_SIG_set0(low.get(), r.get(), s.get()) != 1) {
        return {};
    }
    (void)r.release();
    (void)s.release();
    unsigned char* out = nullptr;
    const int length = i2d_ECDSA_SIG(low.get(), &out);
    std::string text(reinterpret_cast<const char*>(out), length > 0 ? static_cast<std::size_t>(length) : 0U);
    OPENSSL_free(out);
    return text;
}

Result<PublicKey> PublicKey::fromPem(std::string_view pem) {
    static constexpr std::string_view End = "-----END PUBLIC KEY-----";
    const std::size_t end = pem.find(End);
    const std::size_t start = pem.find_first_not_of(" \t\r\n");
    const auto bad = [](const char* why) {
        return failure(ErrorKind::Invalid, std::string("not a usable public key: ") + why,
                       "give a PEM file that begins with -----BEGIN PUBLIC KEY----- (Ed25519 or ECDSA P-256)");
    };
    if (start == std::string_view::npos || !pem.substr(start).starts_with("-----BEGIN PUBLIC KEY-----") ||
        end == std::string_view::npos) {
        return bad("no PEM block of the type PUBLIC KEY");
    }
    if (pem.find_first_not_of(" \t\r\n", end + End.size()) != std::string_view::npos) {
        return bad("something follows the key");
    }
    const Bio bio(BIO_new_mem_buf(pem.data() + start, static_cast<int>(pem.size() - start)));
    std::shared_ptr<evp_pkey_st> key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    if (!key) {
        return bad("the PEM block cannot be read");
    }
    if (!isEd25519(*key) && !isP256(*key)) {
        return bad("neither Ed25519 nor ECDSA P-256");
    }
    return PublicKey(std::move(key));
}

bool PublicKey::verify(std::string_view bytes, std::string_view signature) const {
    const bool ed25519 = isEd25519(*m_key);
    if (!ed25519 && (signature.empty() || withLowS(signature) != signature)) {
        return false;
    }
    const Context context(EVP_MD_CTX_new());
    return context &&
           EVP_DigestVerifyInit(context.get(), nullptr, ed25519 ? nullptr : EVP_sha256(), nullptr, m_key.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytesOf(signature), signature.size(), bytesOf(bytes), bytes.size()) == 1;
}

std::string PublicKey::pem() const {
    const Bio bio(BIO_new(BIO_s_mem()));
    char* data = nullptr;
    if (!bio || PEM_write_bio_PUBKEY(bio.get(), m_key.get()) != 1) {
        return {};
    }
    const long length = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(length)};
}

std::string PublicKey::fingerprint() const {
    const crypto::Sha256 digest = crypto::sha256(derOf(m_key.get()));
    return "SHA256:" + crypto::base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

} // namespace gatehouse::signing
