#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Just enough of HTTP/2 to send one request in exactly the form wanted, well-formed or not, and to read its status.
namespace gatehouse::test::http2 {

inline std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream, const std::string& payload) {
    std::string out;
    for (const std::uint32_t shift : {16U, 8U, 0U}) {
        out += static_cast<char>(payload.size() >> shift & 0xff);
    }
    out += static_cast<char>(type);
    out += static_cast<char>(flags);
    for (const std::uint32_t shift : {24U, 16U, 8U, 0U}) {
        out += static_cast<char>(stream >> shift & 0xff);
    }
    return out + payload;
}

/// HPACK length with a 7-bit prefix, no Huffman code.
inline std::string text(const std::string& value) {
    std::string out;
    std::size_t rest = value.size();
    if (rest < 127) {
        out += static_cast<char>(rest);
    } else {
        out += static_cast<char>(127);
        for (rest -= 127; rest >= 128; rest >>= 7) {
            out += static_cast<char>((rest & 127) | 128);
        }
        out += static_cast<char>(rest);
    }
    return out + value;
}

/// The preface and one request on stream 1, every field literal and in the order given.
inline std::string request(const std::vector<std::pair<std::string, std::string>>& fields, const std::string& body) {
    std::string block;
    for (const auto& [name, value] : fields) {
        block += '\0' + text(name) + text(value);
    }
    std::string out = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, "");
    const std::uint8_t endStream = body.empty() ? 1 : 0;
    constexpr std::size_t Largest = 16'384;
    out += frame(1, endStream | (block.size() <= Largest ? 4 : 0), 1, block.substr(0, Largest));
    for (std::size_t at = Largest; at < block.size(); at += Largest) {
        out += frame(9, at + Largest >= block.size() ? 4 : 0, 1, block.substr(at, Largest));
    }
    return body.empty() ? out : out + frame(0, 1, 1, body);
}

/// Digits as HPACK's Huffman code writes them.
inline int statusFromHuffman(const std::string& bytes) {
    int status = 0;
    std::uint32_t window = 0;
    int have = 0;
    for (const char c : bytes) {
        window = window << 8 | static_cast<std::uint8_t>(c);
        have += 8;
        while (have >= 6 && status < 100) {
            const std::uint32_t five = window >> (have - 5) & 31;
            const std::uint32_t six = window >> (have - 6) & 63;
            if (five <= 2) {
                status = status * 10 + static_cast<int>(five);
                have -= 5;
            } else if (six >= 25 && six <= 31) {
                status = status * 10 + static_cast<int>(six - 25 + 3);
                have -= 6;
            } else {
                return -1;
            }
        }
        if (status < 100 && have == 5 && (window & 31) <= 2) {
            status = status * 10 + static_cast<int>(window & 31);
            have = 0;
        }
    }
    return status;
}

/// The status that begins a response's header block: static table, or a literal with the name `:status`.
inline int statusOf(const std::string& block) {
    std::size_t at = 0;
    while (at < block.size() && (static_cast<std::uint8_t>(block[at]) & 0xe0) == 0x20) {
        ++at; // a table size update of one byte
    }
    const std::uint8_t first = at < block.size() ? static_cast<std::uint8_t>(block[at]) : 0;
    constexpr int Indexed[] = {200, 204, 206, 304, 400, 404, 500};
    if (first >= 0x88 && first <= 0x8e) {
        return Indexed[first - 0x88];
    }
    if ((first == 0x48 || first == 0x08 || first == 0x18) && at + 1 < block.size()) {
        const std::uint8_t length = static_cast<std::uint8_t>(block[at + 1]);
        const std::string value = block.substr(at + 2, length & 0x7f);
        return (length & 0x80) != 0 ? statusFromHuffman(value) : std::atoi(value.c_str());
    }
    return -1;
}

/// The outcome on stream 1: a status, 0 for a reset or a goodbye, no value when more bytes are needed.
inline std::optional<int> outcome(const std::string& bytes) {
    for (std::size_t at = 0; at + 9 <= bytes.size();) {
        const auto byte = [&bytes, at](std::size_t i) { return static_cast<std::uint8_t>(bytes[at + i]); };
        const std::size_t size =
            static_cast<std::size_t>(byte(0)) << 16 | static_cast<std::size_t>(byte(1)) << 8 | byte(2);
        if (at + 9 + size > bytes.size()) {
            return std::nullopt;
        }
        const std::uint8_t type = byte(3);
        if (type == 1) {
            return statusOf(bytes.substr(at + 9, size));
        }
        if (type == 3 || type == 7) {
            return 0;
        }
        at += 9 + size;
    }
    return std::nullopt;
}

} // namespace gatehouse::test::http2
