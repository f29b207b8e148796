#include "core/evidence/Escape.h"

#include <gtest/gtest.h>

namespace gatehouse::evidence {
namespace {

TEST(Escape, BytesThatAreNoUtf8BecomeReplacementCharacters) {
    EXPECT_EQ(validUtf8("a\xff"
                        "b"),
              "a\xEF\xBF\xBD"
              "b");
    EXPECT_EQ(validUtf8("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");                 // overlong '/'
    EXPECT_EQ(validUtf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"); // a surrogate
    EXPECT_EQ(validUtf8("\xF4\x90\x80\x80").size(), 12U);                         // above U+10FFFF
    EXPECT_EQ(validUtf8("gr\xC3\xBC\xC3\x9F \xF0\x9F\x94\x91"), "gr\xC3\xBC\xC3\x9F \xF0\x9F\x94\x91");
    EXPECT_EQ(validUtf8("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD"); // cut off
    EXPECT_EQ(json::compact(validJson(json::Value(json::Object{{"k\xff", json::Array{"v\xfe"}}}))),
              "{\"k\xEF\xBF\xBD\":[\"v\xEF\xBF\xBD\"]}");
}

TEST(Escape, WhatCannotBeSeenIsSpelt) {
    EXPECT_EQ(visible("a\nb"), "a\\u{000A}b");
    EXPECT_EQ(visible("\x1b[31m"), "\\u{001B}[31m");
    EXPECT_EQ(visible("\xE2\x80\xAE"
                      "exe.txt"),
              "\\u{202E}exe.txt");
    EXPECT_EQ(visible("\xE2\x80\x8B"), "\\u{200B}");
    EXPECT_EQ(visible(std::string_view("\0", 1)), "\\u{0000}");
    EXPECT_EQ(visible("\xC2\x85"), "\\u{0085}");
    EXPECT_EQ(visibleLines("a\r\n\tb\rc"), "a\n\tb\\u{000D}c");
}

TEST(Escape, MarkdownTextStartsNoMarkup) {
    EXPECT_EQ(markdown("a|b"), "a&#124;b");
    EXPECT_EQ(markdown("[x](y)"), "\\[x\\](y)");
    EXPECT_EQ(markdown("<b>"), "\\<b\\>");
    EXPECT_EQ(markdown("https://evil.example"), "https\\://evil.example");
    EXPECT_EQ(markdown("WWW.evil.example"), "WWW\\.evil.example");
    EXPECT_EQ(markdown("a\\|b"), "a\\\\&#124;b");
    EXPECT_EQ(markdown("line\n# head"), "line\\\\u{000A}\\# head");
    EXPECT_EQ(markdown("llama-3.1 (8b)"), "llama-3.1 (8b)");
}

TEST(Escape, MarkdownCodeCannotBeLeft) {
    EXPECT_EQ(markdownCode("org/a"), "`org/a`");
    EXPECT_EQ(markdownCode(""), "–");
    EXPECT_EQ(markdownCode("a`b"), "<code>a&#96;b</code>");
    EXPECT_EQ(markdownCode("a|b"), "<code>a&#124;b</code>");
    EXPECT_EQ(markdownCode("|</code><script>"), "<code>&#124;&#60;&#47;code&#62;&#60;script&#62;</code>");
}

TEST(Escape, HtmlAndXml) {
    EXPECT_EQ(html("<a href=\"x\" id='y'>&amp;"), "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;");
    EXPECT_EQ(xml("]]>'\x01"), "]]&gt;&apos;\\u{0001}");
}

TEST(Escape, CsvCellsAreNoFormulas) {
    EXPECT_EQ(csvCell("plain"), "plain");
    EXPECT_EQ(csvCell("a,b"), "\"a,b\"");
    EXPECT_EQ(csvCell("say \"x\""), "\"say \"\"x\"\"\"");
    for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)", "  =1",
                                "\xEF\xBC\x9D"
                                "1"}) {
        const std::string cell = csvCell(formula);
        EXPECT_TRUE(cell.starts_with("\"'")) << formula << " gave " << cell;
    }
    EXPECT_EQ(csvCell("=HYPERLINK(\"u\",\"x\")"), "\"'=HYPERLINK(\"\"u\"\",\"\"x\"\")\"");
    EXPECT_EQ(csvCell("a\nb").find('\n'), std::string::npos);
}

} // namespace
} // namespace gatehouse::evidence
