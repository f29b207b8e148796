#include "core/signing/StrictZip.h"

#include "core/evidence/Escape.h"
#include "core/signing/PackRules.h"

#include <cstdint>
#include <zlib.h>

namespace gatehouse::signing {
namespace {

constexpr std::size_t LocalHeader = 30;
constexpr std::size_t CentralHeader = 46;
constexpr std::size_t EndRecord = 22;
constexpr std::uint16_t Stored = 0;
constexpr std::uint16_t Deflated = 8;

tl::unexpected<Error> refused(const std::string& why) {
    return failure(ErrorKind::Integrity, "the zip file is refused: " + why);
}

class Bytes {
public:
    explicit Bytes(std::string_view bytes) : m_bytes(bytes) {}

    [[nodiscard]] std::uint16_t two(std::size_t at) const {
        return static_cast<std::uint16_t>(one(at) | one(at + 1) << 8U);
    }

    [[nodiscard]] std::uint32_t four(std::size_t at) const {
        return two(at) | static_cast<std::uint32_t>(two(at + 2)) << 16U;
    }

    [[nodiscard]] std::size_t size() const { return m_bytes.size(); }

    [[nodiscard]] std::string_view part(std::size_t at, std::size_t length) const { return m_bytes.substr(at, length); }

private:
    [[nodiscard]] unsigned one(std::size_t at) const { return static_cast<unsigned char>(m_bytes[at]); }

    std::string_view m_bytes;
};

struct Entry {
    std::string name;
    std::uint16_t method = 0;
    std::uint32_t crc = 0;
    std::size_t packed = 0;
    std::size_t unpacked = 0;
    std::size_t localAt = 0;
    std::string_view
        sharedFields; ///< the 22 bytes from "version needed" to "uncompressed size", the same in both headers
};

struct Directory {
    std::size_t count = 0;
    std::size_t size = 0;
    std::size_t at = 0;
};

Result<Directory> endRecord(const Bytes& bytes) {
    if (bytes.size() < EndRecord || bytes.four(bytes.size() - EndRecord) != 0x06054b50) {
        return refused("it does not end with its end record (a comment, or bytes after it, or cut off)");
    }
    const std::size_t at = bytes.size() - EndRecord;
    const Directory directory{bytes.two(at + 10), bytes.four(at + 12), bytes.four(at + 16)};
    if (bytes.two(at + 4) != 0 || bytes.two(at + 6) != 0 || bytes.two(at + 8) != directory.count) {
        return refused("it claims to have several disks");
    }
    if (bytes.two(at + 20) != 0) {
        return refused("it has a comment");
    }
    if (directory.count == 0 || directory.count > MaxZipFiles) {
        return refused("it has no entry or too many");
    }
    if (directory.at > at || directory.size != at - directory.at) {
        return refused("its central directory does not lie directly before its end record");
    }
    return directory;
}

std::string attributesProblem(std::uint16_t madeBy, std::uint32_t external) {
    constexpr std::uint32_t TypeMask = 0170000;
    constexpr std::uint32_t RegularFile = 0100000;
    const std::uint32_t type = external >> 16U & TypeMask;
    if ((external & 0x10U) != 0 || (madeBy >> 8U == 3 && type != 0 && type != RegularFile)) {
        return "is no regular file";
    }
    return {};
}

Result<Entry> centralEntry(const Bytes& bytes, std::size_t at, std::size_t end) {
    if (at + CentralHeader > end || bytes.four(at) != 0x02014b50) {
        return refused("its central directory is damaged");
    }
    Entry entry;
    const std::size_t nameLength = bytes.two(at + 28);
    if (at + CentralHeader + nameLength > end || nameLength > MaxPathBytes) {
        return refused("an entry's name is too long");
    }
    entry.name = std::string(bytes.part(at + CentralHeader, nameLength));
    const std::string shown = "entry '" + evidence::visible(entry.name) + "' ";
    if (const std::string problem = pathProblem(entry.name); !problem.empty()) {
        return refused(shown + "has a bad name: " + problem);
    }
    if (bytes.two(at + 30) != 0 || bytes.two(at + 32) != 0 || bytes.two(at + 34) != 0) {
        return refused(shown + "has extra fields, a comment or a disk number");
    }
    const std::uint16_t flags = bytes.two(at + 8);
    entry.method = bytes.two(at + 10);
    // Bits 1 and 2 say how hard deflate tried, bit 11 that the name is UTF-8; everything else changes the layout.
    if ((flags & ~0x0806U) != 0 || bytes.two(at + 6) > 20 || (entry.method != Stored && entry.method != Deflated)) {
        return refused(shown + "is encrypted, streamed or packed in a way that is not accepted");
    }
    if (const std::string problem = attributesProblem(bytes.two(at + 4), bytes.four(at + 38)); !problem.empty()) {
        return refused(shown + problem);
    }
    entry.crc = bytes.four(at + 16);
    entry.packed = bytes.four(at + 20);
    entry.unpacked = bytes.four(at + 24);
    entry.localAt = bytes.four(at + 42);
    entry.sharedFields = bytes.part(at + 6, 22);
    if (entry.unpacked > MaxFileBytes || (entry.method == Stored && entry.packed != entry.unpacked)) {
        return refused(shown + "is too large or has contradictory sizes");
    }
    return entry;
}

Result<std::vector<Entry>> centralDirectory(const Bytes& bytes, const Directory& directory) {
    std::vector<Entry> entries;
    std::size_t at = directory.at;
    std::size_t total = 0;
    std::map<std::string, std::string> names;
    for (std::size_t i = 0; i < directory.count; ++i) {
        Result<Entry> entry = centralEntry(bytes, at, directory.at + directory.size);
        if (!entry) {
            return failure(std::move(entry.error()));
        }
        at += CentralHeader + entry->name.size();
        total += entry->unpacked;
        if (total > MaxPackBytes) {
            return refused("it would unpack to more than " + std::to_string(MaxPackBytes) + " bytes");
        }
        if (!names.emplace(foldCase(entry->name), entry->name).second) {
            return refused("the name '" + entry->name + "' stands there twice");
        }
        entries.push_back(std::move(*entry));
    }
    if (at != directory.at + directory.size) {
        return refused("its central directory has more than its entries");
    }
    return entries;
}

/// Raw deflate; empty unless the stream ends exactly at its end and gives exactly `size` bytes.
std::optional<std::string> inflateExactly(std::string_view packed, std::size_t size) {
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
        return std::nullopt;
    }
    std::string out(size + 1, '\0'); // one more, to see a stream that gives too much
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int code = inflate(&stream, Z_FINISH);
    const bool exact = code == Z_STREAM_END && stream.avail_in == 0 && stream.total_out == size;
    inflateEnd(&stream);
    if (!exact) {
        return std::nullopt;
    }
    out.resize(size);
    return out;
}

Result<std::string> content(const Bytes& bytes, const Entry& entry, std::size_t end) {
    const std::string shown = "entry '" + entry.name + "' ";
    const std::size_t dataAt = entry.localAt + LocalHeader + entry.name.size();
    if (dataAt > end || bytes.four(entry.localAt) != 0x04034b50) {
        return refused(shown + "does not begin where the central directory says");
    }
    if (bytes.part(entry.localAt + 4, 22) != entry.sharedFields || bytes.two(entry.localAt + 26) != entry.name.size() ||
        bytes.two(entry.localAt + 28) != 0 ||
        bytes.part(entry.localAt + LocalHeader, entry.name.size()) != entry.name) {
        return refused(shown + "differs between its local header and the central directory");
    }
    if (entry.packed > end - dataAt) {
        return refused(shown + "is longer than the file");
    }
    const std::string_view packed = bytes.part(dataAt, entry.packed);
    std::optional<std::string> unpacked =
        entry.method == Stored ? std::string(packed) : inflateExactly(packed, entry.unpacked);
    if (!unpacked) {
        return refused(shown + "does not unpack to what its header says");
    }
    if (crc32(0, reinterpret_cast<const Bytef*>(unpacked->data()), static_cast<uInt>(unpacked->size())) != entry.crc) {
        return refused(shown + "has a wrong checksum");
    }
    return std::move(*unpacked);
}

} // namespace

Result<evidence::Files> readStrictZip(std::string_view text) {
    const Bytes bytes(text);
    const Result<Directory> directory = endRecord(bytes);
    if (!directory) {
        return failure(directory.error());
    }
    const Result<std::vector<Entry>> entries = centralDirectory(bytes, *directory);
    if (!entries) {
        return failure(entries.error());
    }
    evidence::Files files;
    std::size_t expectedAt = 0;
    for (const Entry& entry : *entries) {
        if (entry.localAt != expectedAt) {
            return refused("there are bytes before entry '" + entry.name +
                           "' that belong to nothing, or entries overlap");
        }
        Result<std::string> unpacked = content(bytes, entry, directory->at);
        if (!unpacked) {
            return failure(std::move(unpacked.error()));
        }
        expectedAt += LocalHeader + entry.name.size() + entry.packed;
        files.emplace(entry.name, std::move(*unpacked));
    }
    if (expectedAt != directory->at) {
        return refused("there are bytes before its central directory that belong to nothing");
    }
    return files;
}

} // namespace gatehouse::signing
