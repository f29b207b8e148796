#include "core/tls/OpenSsl.h"

#include <arpa/inet.h>
#include <array>
#include <openssl/err.h>
#include <openssl/pem.h>

namespace gatehouse::tls {

Owned<BIO> reader(std::string_view text) {
    return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Result<std::vector<Owned<X509>>> certificates(std::string_view pem) {
    std::vector<Owned<X509>> found;
    const auto input = reader(pem);
    ERR_clear_error();
    while (X509* certificate = PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr)) {
        found.emplace_back(certificate);
    }
    const bool atEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    const std::string problem = lastError();
    if (found.empty() || !atEnd) {
        return failure(ErrorKind::BadRequest, found.empty() ? "there is no PEM certificate in it"
                                                            : "one of its certificates is damaged: " + problem);
    }
    return found;
}

Result<Owned<EVP_PKEY>> privateKey(std::string_view pem) {
    const auto input = reader(pem);
    // Refuses encrypted keys instead of asking the terminal for a passphrase.
    const auto noPassphrase = [](char*, int, int, void*) { return -1; };
    Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(input.get(), nullptr, noPassphrase, nullptr));
    if (key == nullptr) {
        (void)lastError();
        return failure(ErrorKind::BadRequest, "there is no readable, unencrypted PEM private key in it");
    }
    return key;
}

bool isAddress(const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> binary{};
    return inet_pton(AF_INET, host.c_str(), binary.data()) == 1 ||
           inet_pton(AF_INET6, host.c_str(), binary.data()) == 1;
}

std::string lastError() {
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    return reason != nullptr ? reason : "unknown reason";
}

} // namespace gatehouse::tls
