#include "core/probe/Connection.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace gatehouse::probe {
namespace {

bool isAddress(const std::string& host) {
    unsigned char bytes[16];
    return inet_pton(AF_INET, host.c_str(), bytes) == 1 || inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

/// Adds every certificate of the PEM text to the store; the number added.
std::size_t addTrust(SSL_CTX* context, const std::string& pem) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                           &BIO_free);
    std::size_t count = 0;
    while (X509* certificate = PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr)) {
        count += X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate) == 1 ? 1 : 0;
        X509_free(certificate);
    }
    ERR_clear_error();
    return count;
}

} // namespace

Result<TlsSettings> TlsSettings::make(const TlsChoice& choice, const BaseUrl& url) {
    TlsSettings settings;
    settings.m_context = std::shared_ptr<SSL_CTX>(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    SSL_CTX* context = settings.m_context.get();
    if (context == nullptr) {
        return failure(ErrorKind::Internal, "no TLS context could be made");
    }
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(context, 64L << 10);
    static constexpr unsigned char protocols[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_CTX_set_alpn_protos(context, protocols, sizeof protocols);
    if (choice.caPem.empty()) {
        SSL_CTX_set_default_verify_paths(context);
    } else if (addTrust(context, choice.caPem) == 0 && !choice.insecure) {
        return failure(ErrorKind::Invalid, "the CA file for '" + url.authority() + "' holds no certificate",
                       "give a PEM file with the CA certificate that the endpoint's certificate chains to");
    }
    settings.m_serverName = choice.serverName.empty() ? url.host : choice.serverName;
    X509_VERIFY_PARAM* rules = SSL_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const std::string& name = settings.m_serverName;
    const int named = isAddress(name) ? X509_VERIFY_PARAM_set1_ip_asc(rules, name.c_str())
                                      : X509_VERIFY_PARAM_set1_host(rules, name.c_str(), name.size());
    if (named != 1) {
        return failure(ErrorKind::Invalid, "'" + name + "' cannot be checked against a certificate");
    }
    SSL_CTX_set_verify(context, choice.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
    return settings;
}

} // namespace gatehouse::probe
