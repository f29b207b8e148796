#include "core/signing/StrictZip.h"
#include "core/signing/PackRules.h"
#include "tests/support/RawZip.h"

#include <functional>
#include <gtest/gtest.h>

namespace gatehouse::signing {
namespace {

using test::deflated;
using test::RawZip;
using test::stored;

RawZip good() {
    RawZip zip;
    zip.entries = {stored("a.txt", "hello"), deflated("b/c.txt", std::string(3000, 'x')), stored("empty", "")};
    return zip;
}

std::string problemOf(const std::string& bytes) {
    const Result<evidence::Files> files = readStrictZip(bytes);
    if (files) {
        return {};
    }
    EXPECT_EQ(files.error().kind, ErrorKind::Integrity);
    return files.error().message;
}

TEST(StrictZip, ReadsAPlainZip) {
    const Result<evidence::Files> files = readStrictZip(good().bytes());
    ASSERT_TRUE(files) << files.error().describe();
    EXPECT_EQ(*files, (evidence::Files{{"a.txt", "hello"}, {"b/c.txt", std::string(3000, 'x')}, {"empty", ""}}));
}

struct Attack {
    const char* name;
    std::function<void(RawZip&)> make;
    const char* expected; ///< part of the sentence
};

TEST(StrictZip, RefusesEveryTrick) {
    const std::vector<Attack> attacks{
        {"archive comment", [](RawZip& z) { z.comment = "hi"; }, "end record"},
        {"trailing byte", [](RawZip& z) { z.trailing = "x"; }, "end record"},
        {"leading bytes", [](RawZip& z) { z.leading = "#!/bin/sh\n"; }, "central directory"},
        {"entry comment", [](RawZip& z) { z.entries[0].comment = "c"; }, "extra fields, a comment"},
        {"central extra", [](RawZip& z) { z.entries[0].centralExtra = "UT\x05\0abcde"; }, "extra fields"},
        {"local extra", [](RawZip& z) { z.entries[0].localExtra = "extra"; }, "differs between"},
        {"gap before an entry", [](RawZip& z) { z.entries[1].before = "gap"; }, "belong to nothing"},
        {"gap after data", [](RawZip& z) { z.entries[2].after = "gap"; }, "belong to nothing"},
        {"gap before directory", [](RawZip& z) { z.beforeDirectory = "gap"; }, "belong to nothing"},
        {"gap before end record", [](RawZip& z) { z.beforeEnd = "gap"; }, "central directory"},
        {"first entry not at 0", [](RawZip& z) { z.entries[0].before = "gap"; }, "belong to nothing"},
        {"doubled name", [](RawZip& z) { z.entries.push_back(stored("a.txt", "other")); }, "twice"},
        {"doubled but for case", [](RawZip& z) { z.entries.push_back(stored("A.TXT", "other")); }, "twice"},
        {"encrypted", [](RawZip& z) { z.entries[0].flags = 1; }, "encrypted"},
        {"strong encryption", [](RawZip& z) { z.entries[0].flags = 0x41; }, "encrypted"},
        {"data descriptor", [](RawZip& z) { z.entries[0].flags = 8; }, "streamed"},
        {"bzip2", [](RawZip& z) { z.entries[0].method = 12; }, "packed in a way"},
        {"zip64 needed", [](RawZip& z) { z.entries[0].needed = 45; }, "packed in a way"},
        {"other local name", [](RawZip& z) { z.entries[0].localName = "b.txt"; }, "differs between"},
        {"other local crc", [](RawZip& z) { z.entries[0].localCrc = 7; }, "differs between"},
        {"wrong crc", [](RawZip& z) { z.entries[0].crc = 7; }, "wrong checksum"},
        {"overlapping", [](RawZip& z) { z.entries[2].offsetChange = -40; }, "overlap"},
        {"offset beyond", [](RawZip& z) { z.entries[0].offsetChange = 1 << 20; }, "overlap"},
        {"too few counted", [](RawZip& z) { z.countChange = -1; }, "more than its entries"},
        {"too many counted", [](RawZip& z) { z.countChange = 1; }, "damaged"},
        {"stored size lie", [](RawZip& z) { z.entries[0].unpacked = 4; }, "contradictory sizes"},
        {"deflate size lie", [](RawZip& z) { z.entries[1].unpacked = 2999; }, "does not unpack"},
        {"deflate larger lie", [](RawZip& z) { z.entries[1].unpacked = 3001; }, "does not unpack"},
        {"bytes after the deflate stream",
         [](RawZip& z) {
             z.entries[1].data += "hidden";
             z.entries[1].packed += 6;
         },
         "does not unpack"},
        {"data longer than the file", [](RawZip& z) { z.entries[2].packed = z.entries[2].unpacked = 1 << 20; },
         "longer than"},
        {"declared too large", [](RawZip& z) { z.entries[1].unpacked = static_cast<std::uint32_t>(MaxFileBytes + 1); },
         "too large"},
        {"folder entry", [](RawZip& z) { z.entries.push_back(stored("d/", "")); }, "bad name"},
        {"folder attribute", [](RawZip& z) { z.entries[0].external |= 0x10; }, "no regular file"},
        {"symbolic link", [](RawZip& z) { z.entries[0].external = 0120777U << 16U; }, "no regular file"},
        {"device", [](RawZip& z) { z.entries[0].external = 0020644U << 16U; }, "no regular file"},
        {"parent path", [](RawZip& z) { z.entries[0].name = "../a"; }, "bad name"},
        {"absolute path", [](RawZip& z) { z.entries[0].name = "/a"; }, "bad name"},
        {"backslash path", [](RawZip& z) { z.entries[0].name = "a\\b"; }, "bad name"},
        {"drive path", [](RawZip& z) { z.entries[0].name = "c:a"; }, "bad name"},
        {"NUL in the name", [](RawZip& z) { z.entries[0].name = std::string("a\0b", 3); }, "bad name"},
        {"hidden file", [](RawZip& z) { z.entries[0].name = ".a"; }, "bad name"},
        {"empty name", [](RawZip& z) { z.entries[0].name = ""; }, "bad name"},
        {"very long name", [](RawZip& z) { z.entries[0].name = std::string(401, 'a'); }, "too long"},
        {"no entries", [](RawZip& z) { z.entries.clear(); }, "no entry"},
    };
    for (const Attack& attack : attacks) {
        RawZip zip = good();
        attack.make(zip);
        const std::string problem = problemOf(zip.bytes());
        EXPECT_NE(problem.find(attack.expected), std::string::npos) << attack.name << ": '" << problem << "'";
    }
}

/// 60 entries of 60 MiB of zeros each: 3.5 GiB out of 3.6 MB. Refused from the headers, before anything is unpacked.
TEST(StrictZip, RefusesABombUnseen) {
    RawZip zip;
    test::RawEntry bomb = deflated("x", std::string(1U << 20, '\0'));
    bomb.unpacked = 60U << 20;
    for (int i = 0; i < 60; ++i) {
        bomb.name = "x" + std::to_string(i);
        zip.entries.push_back(bomb);
    }
    EXPECT_NE(problemOf(zip.bytes()).find("would unpack to more than"), std::string::npos);
}

TEST(StrictZip, NoTruncationIsAccepted) {
    const std::string bytes = good().bytes();
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_NE(problemOf(bytes.substr(0, length)), "") << length;
    }
}

/// What a flipped byte may not do is give other files than before. (Times and the tool's version are no content.)
TEST(StrictZip, AFlippedByteNeverChangesAFile) {
    const std::string bytes = good().bytes();
    const evidence::Files files = *readStrictZip(bytes);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string changed = bytes;
            changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
            const Result<evidence::Files> read = readStrictZip(changed);
            if (read) {
                EXPECT_EQ(*read, files) << at;
            }
        }
    }
}

} // namespace
} // namespace gatehouse::signing
