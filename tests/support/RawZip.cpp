#include "tests/support/RawZip.h"

#include <zlib.h>

namespace gatehouse::test {
namespace {

std::string little(std::uint64_t value, std::size_t bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i) {
        out += static_cast<char>(value >> (8 * i) & 0xffU);
    }
    return out;
}

std::uint32_t sum(const std::string& content) {
    return static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
}

std::string shared(const RawEntry& entry, std::uint32_t crc) {
    return little(entry.needed, 2) + little(entry.flags, 2) + little(entry.method, 2) + little(0, 2) + little(0x21, 2) +
           little(crc, 4) + little(entry.packed, 4) + little(entry.unpacked, 4);
}

} // namespace

RawEntry stored(const std::string& name, const std::string& content) {
    RawEntry entry;
    entry.name = name;
    entry.data = content;
    entry.crc = sum(content);
    entry.packed = entry.unpacked = static_cast<std::uint32_t>(content.size());
    return entry;
}

RawEntry deflated(const std::string& name, const std::string& content) {
    RawEntry entry = stored(name, content);
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    entry.data.assign(deflateBound(&stream, content.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(entry.data.data());
    stream.avail_out = static_cast<uInt>(entry.data.size());
    deflate(&stream, Z_FINISH);
    entry.data.resize(stream.total_out);
    deflateEnd(&stream);
    entry.method = 8;
    entry.packed = static_cast<std::uint32_t>(entry.data.size());
    return entry;
}

std::string RawZip::bytes() const {
    std::string out = leading;
    std::string directory;
    for (const RawEntry& entry : entries) {
        out += entry.before;
        const std::uint64_t offset = out.size() - leading.size() + static_cast<std::uint64_t>(entry.offsetChange);
        const std::string& localName = entry.localName.empty() ? entry.name : entry.localName;
        out += "PK\x03\x04" + shared(entry, entry.localCrc == 0 ? entry.crc : entry.localCrc) +
               little(localName.size(), 2) + little(entry.localExtra.size(), 2) + localName + entry.localExtra +
               entry.data + entry.after;
        directory += "PK\x01\x02" + little(entry.madeBy, 2) + shared(entry, entry.crc) + little(entry.name.size(), 2) +
                     little(entry.centralExtra.size(), 2) + little(entry.comment.size(), 2) + little(0, 2) +
                     little(0, 2) + little(entry.external, 4) + little(offset, 4) + entry.name + entry.centralExtra +
                     entry.comment;
    }
    out += beforeDirectory;
    const std::size_t at = out.size() - leading.size();
    const std::size_t count = entries.size() + static_cast<std::size_t>(countChange);
    return out + directory + beforeEnd + "PK\x05\x06" + little(0, 4) + little(count, 2) + little(count, 2) +
           little(directory.size(), 4) + little(at, 4) + little(comment.size(), 2) + comment + trailing;
}

} // namespace gatehouse::test
