#include "core/tls/TlsPolicy.h"

#include "core/tls/LocalCa.h"
#include "core/tls/OpenSsl.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace gatehouse::tls {
namespace {

constexpr const char* Ciphers12 = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                                  "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                                  "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* Ciphers13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* Groups = "X25519:P-256:P-384";

tl::unexpected<Error> tlsFailure(const std::string& what) {
    return failure(ErrorKind::Internal, what + ": " + lastError());
}

} // namespace

Result<void> applyPolicy(ssl_ctx_st* context) {
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 || SSL_CTX_set_max_proto_version(context, 0) != 1 ||
        SSL_CTX_set_cipher_list(context, Ciphers12) != 1 || SSL_CTX_set_ciphersuites(context, Ciphers13) != 1 ||
        SSL_CTX_set1_groups_list(context, Groups) != 1) {
        return tlsFailure("OpenSSL does not take our TLS policy");
    }
    return {};
}

std::string_view cipherList() {
    return Ciphers12;
}

Result<void> trust(ssl_ctx_st* context, std::string_view caPem) {
    if (caPem.empty()) {
        if (SSL_CTX_set_default_verify_paths(context) != 1) {
            return tlsFailure("cannot read the system's trust anchors");
        }
        return {};
    }
    const auto anchors = certificates(caPem);
    if (!anchors) {
        return failure(because("the CA certificate cannot be used", anchors.error()));
    }
    Owned<X509_STORE> store(X509_STORE_new());
    for (const auto& anchor : *anchors) {
        if (X509_STORE_add_cert(store.get(), anchor.get()) != 1) {
            return tlsFailure("the CA certificate cannot be used");
        }
    }
    SSL_CTX_set_cert_store(context, store.release());
    return {};
}

Result<void> present(ssl_ctx_st* context, const Identity& identity) {
    const auto chain = certificates(identity.certificatePem);
    if (!chain) {
        return failure(because("the server certificate cannot be used", chain.error()));
    }
    const auto key = privateKey(identity.keyPem.reveal());
    if (!key) {
        return failure(because("the server's private key cannot be used", key.error()));
    }
    SSL_CTX_clear_chain_certs(context);
    if (SSL_CTX_use_certificate(context, chain->front().get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, key->get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
        return tlsFailure("the server certificate and its private key do not belong together");
    }
    for (std::size_t i = 1; i < chain->size(); ++i) {
        if (SSL_CTX_add1_chain_cert(context, (*chain)[i].get()) != 1) {
            return tlsFailure("the server's certificate chain cannot be used");
        }
    }
    return {};
}

Result<void> expectHost(ssl_st* connection, const std::string& host) {
    SSL_set_verify(connection, SSL_VERIFY_PEER, nullptr);
    const bool address = isAddress(host);
    const int set = address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host.c_str())
                            : SSL_set1_host(connection, host.c_str());
    if (set != 1 || (!address && SSL_set_tlsext_host_name(connection, host.c_str()) != 1)) {
        return tlsFailure("'" + host + "' cannot be a server name");
    }
    SSL_set_hostflags(connection, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return {};
}

} // namespace gatehouse::tls
