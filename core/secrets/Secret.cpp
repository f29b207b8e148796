#include "core/secrets/Secret.h"

#include <openssl/crypto.h>
#include <utility>

namespace gatehouse {

Secret::Secret(std::string&& bytes) : m_bytes(bytes.begin(), bytes.end()) {
    gatehouse::wipe(bytes);
}

Secret Secret::copyOf(std::string_view bytes) {
    Secret secret;
    secret.m_bytes.assign(bytes.begin(), bytes.end());
    return secret;
}

Secret::Secret(Secret&& other) noexcept : m_bytes(std::exchange(other.m_bytes, {})) {}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        m_bytes = std::exchange(other.m_bytes, {});
    }
    return *this;
}

Secret::~Secret() {
    wipe();
}

bool Secret::equals(std::string_view other) const {
    return other.size() == m_bytes.size() && CRYPTO_memcmp(m_bytes.data(), other.data(), other.size()) == 0;
}

void Secret::wipe() noexcept {
    if (!m_bytes.empty()) {
        OPENSSL_cleanse(m_bytes.data(), m_bytes.size());
    }
}

void wipe(std::string& text) noexcept {
    if (!text.empty()) {
        OPENSSL_cleanse(text.data(), text.size());
    }
    text.clear();
}

} // namespace gatehouse
