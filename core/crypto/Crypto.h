#pragma once

#include "core/result/Result.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::crypto {

using Sha256 = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256 sha256(std::string_view bytes);
[[nodiscard]] std::string hex(std::string_view bytes);
[[nodiscard]] std::string hex(const Sha256& digest);
[[nodiscard]] std::string sha256Hex(std::string_view bytes);
/// Constant time.
[[nodiscard]] bool equal(const Sha256& a, const Sha256& b);
[[nodiscard]] Result<Sha256> sha256FromHex(std::string_view text);

/// `count` bytes from the operating system's generator (OpenSSL RAND_bytes); aborts the process if there are none.
[[nodiscard]] std::string randomBytes(std::size_t count);
/// Version 4, lower case, with dashes.
[[nodiscard]] std::string randomUuid();
/// A version 5-like UUID with version nibble 4 made from a digest of `name`: the same name gives the same id.
[[nodiscard]] std::string stableUuid(std::string_view name);

[[nodiscard]] std::string base64(std::string_view bytes);
/// Strict: canonical padding, no white space, no trailing bits.
[[nodiscard]] Result<std::string> fromBase64(std::string_view text);
/// Without padding.
[[nodiscard]] std::string base64Url(std::string_view bytes);

/// Incremental digest for streams and large files.
class Sha256Stream {
public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(const Sha256Stream&) = delete;
    Sha256Stream& operator=(const Sha256Stream&) = delete;
    void add(std::string_view bytes);
    [[nodiscard]] Sha256 finish();

private:
    void* m_context;
};

} // namespace gatehouse::crypto
