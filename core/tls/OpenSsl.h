#pragma once

#include "core/result/Result.h"

#include <memory>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string>
#include <string_view>
#include <vector>

/// Owners of OpenSSL objects and PEM reading, for the .cpp files that work with certificates.
namespace gatehouse::tls {

struct OpenSslDelete {
    void operator()(X509* p) const { X509_free(p); }

    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }

    void operator()(BIO* p) const { BIO_free_all(p); }

    void operator()(X509_STORE* p) const { X509_STORE_free(p); }

    void operator()(SSL_CTX* p) const { SSL_CTX_free(p); }
};

template <typename T>
using Owned = std::unique_ptr<T, OpenSslDelete>;

/// A memory BIO that reads `text`, which must outlive it.
[[nodiscard]] Owned<BIO> reader(std::string_view text);
/// All certificates in a PEM text, in their order. BadRequest when there is none or one is damaged.
[[nodiscard]] Result<std::vector<Owned<X509>>> certificates(std::string_view pem);
/// An unencrypted private key. The error does not hold the text.
[[nodiscard]] Result<Owned<EVP_PKEY>> privateKey(std::string_view pem);
/// Whether `host` is an IPv4 or IPv6 address, not a name.
[[nodiscard]] bool isAddress(const std::string& host);
/// The newest entry of this thread's OpenSSL error queue in words; empties the queue.
[[nodiscard]] std::string lastError();

} // namespace gatehouse::tls
