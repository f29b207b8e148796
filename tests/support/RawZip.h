#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::test {

/// One entry of a hand-made zip file; every field can be set wrong.
struct RawEntry {
    std::string name;
    std::string data; ///< as stored in the file
    std::uint16_t method = 0;
    std::uint16_t flags = 0;
    std::uint16_t needed = 20;
    std::uint16_t madeBy = 0x0314;
    std::uint32_t crc = 0;
    std::uint32_t packed = 0;
    std::uint32_t unpacked = 0;
    std::uint32_t external = 0100644U << 16U;
    std::string localExtra;
    std::string centralExtra;
    std::string comment;
    std::string before;         ///< bytes before the local header
    std::string after;          ///< bytes after the data
    std::string localName;      ///< empty: the same name
    std::uint32_t localCrc = 0; ///< 0: the same
    std::int64_t offsetChange = 0;
};

/// A stored entry with the right sums.
[[nodiscard]] RawEntry stored(const std::string& name, const std::string& content);
/// A deflated entry with the right sums.
[[nodiscard]] RawEntry deflated(const std::string& name, const std::string& content);

struct RawZip {
    std::vector<RawEntry> entries;
    std::string comment;
    std::string leading;
    std::string trailing;
    std::string beforeDirectory;
    std::string beforeEnd;
    int countChange = 0;

    [[nodiscard]] std::string bytes() const;
};

} // namespace gatehouse::test
