#include "core/evidence/artifacts/HtmlParts.h"

#include "core/evidence/Escape.h"

#include <algorithm>
#include <cstdio>

namespace gatehouse::evidence {
namespace {

constexpr std::string_view Style = R"css(
:root { --ink: #1c2530; --soft: #5a6876; --line: #dde3e9; --paper: #ffffff; --wash: #f5f7f9; --accent: #2f5d8a;
  --good: #2e7d4f; --quiet: #7fae95; --info: #4a78b5; --warn: #b7791f; --bad: #b3352f; --none: #97a3ae; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1080px; padding: 40px 32px 64px; background: var(--paper); color: var(--ink);
  font: 14px/1.5 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", Helvetica, Arial, sans-serif; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; font-weight: 650; }
h2 { font-size: 17px; margin: 40px 0 10px; padding-bottom: 6px; border-bottom: 1px solid var(--line); font-weight: 650; }
p { margin: 8px 0; max-width: 80ch; }
.meta, .none, small { color: var(--soft); }
.meta { font-size: 13px; overflow-wrap: anywhere; }
.verdict { display: table; width: 100%; border: 1px solid var(--line); border-left-width: 6px; border-radius: 6px;
  padding: 14px 18px; margin: 22px 0 0; background: var(--wash); }
.verdict.good { border-left-color: var(--good); } .verdict.warn { border-left-color: var(--warn); }
.verdict.bad { border-left-color: var(--bad); }
.verdict ul { margin: 8px 0 0; padding-left: 20px; }
.verdict li { overflow-wrap: anywhere; }
.tiles { display: table; width: calc(100% + 24px); border-spacing: 12px 0; margin: 18px -12px 0; table-layout: fixed; }
.tile { display: table-cell; border: 1px solid var(--line); border-radius: 6px; padding: 12px 16px; vertical-align: top; }
.tile b { display: block; font-size: 24px; line-height: 1.2; font-weight: 650; }
.tile.good b { color: var(--good); } .tile.warn b { color: var(--warn); } .tile.bad b { color: var(--bad); }
.tile span { color: var(--soft); font-size: 12.5px; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th { text-align: left; color: var(--soft); font-weight: 600; font-size: 12px; border-bottom: 1px solid var(--line);
  padding: 6px 10px 6px 0; white-space: nowrap; }
td { border-bottom: 1px solid var(--line); padding: 7px 10px 7px 0; vertical-align: top; overflow-wrap: break-word; }
td code { overflow-wrap: anywhere; } td code.id { overflow-wrap: normal; }
code { font: 12px/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
a { color: var(--accent); }
.badge { display: inline-block; border-radius: 4px; padding: 1px 7px; font-size: 11.5px; font-weight: 650; color: #fff;
  background: var(--none); white-space: nowrap; }
.badge.good { background: var(--good); } .badge.quiet { background: var(--quiet); } .badge.info { background: var(--info); }
.badge.warn { background: var(--warn); } .badge.bad { background: var(--bad); }
.legend span { display: inline-block; margin-right: 16px; font-size: 12px; color: var(--soft); }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; }
svg { display: block; }
pre { background: var(--wash); border: 1px solid var(--line); border-radius: 6px; padding: 12px 14px; white-space: pre-wrap;
  overflow-wrap: anywhere; font: 12px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
footer { margin-top: 48px; padding-top: 12px; border-top: 1px solid var(--line); color: var(--soft); font-size: 12px; }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 11px; }
  h2 { break-after: avoid; margin-top: 22px; } tr, .verdict, .tiles { break-inside: avoid; }
  thead { display: table-header-group; } .table { overflow: visible; } a { color: inherit; text-decoration: none; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
)css";

struct Slice {
    const char* word;
    const char* color;
    std::size_t VerdictCounts::*count;
};

constexpr Slice Slices[] = {{"denied", "#2e7d4f", &VerdictCounts::denied},
                            {"absent", "#7fae95", &VerdictCounts::absent},
                            {"public", "#4a78b5", &VerdictCounts::open},
                            {"inconclusive", "#b7791f", &VerdictCounts::inconclusive},
                            {"reached", "#b3352f", &VerdictCounts::reached}};

const char* toneOf(std::string_view word) {
    static constexpr std::pair<std::string_view, const char*> tones[] = {
        {"DENIED", "good"},  {"PASSED", "good"},       {"denies", "good"},       {"yes", "good"},
        {"ABSENT", "quiet"}, {"PUBLIC", "info"},       {"info", "info"},         {"low", "info"},
        {"WARNED", "warn"},  {"INCONCLUSIVE", "warn"}, {"inconclusive", "warn"}, {"medium", "warn"},
        {"partial", "warn"}, {"unknown", "warn"},      {"not probed", "warn"},   {"FAILED", "bad"},
        {"REACHED", "bad"},  {"reached", "bad"},       {"high", "bad"},          {"critical", "bad"},
        {"no", "bad"}};
    for (const auto& [name, tone] : tones) {
        if (name == word) {
            return tone;
        }
    }
    return "";
}

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

} // namespace

std::string htmlHead(std::string_view title) {
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
           "base-uri 'none'; form-action 'none'\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
           html(title) + "</title>\n<style>" + std::string(Style) + "</style>\n</head>\n<body>\n";
}

std::string htmlBadge(std::string_view word) {
    return std::string("<span class=\"badge ") + toneOf(word) + "\">" + html(word) + "</span>";
}

std::string htmlTile(std::string_view value, std::string_view label, std::string_view tone) {
    return "<div class=\"tile " + html(tone) + "\"><b>" + html(value) + "</b><span>" + html(label) + "</span></div>\n";
}

std::string htmlVerdictBar(const VerdictCounts& counts) {
    const std::size_t total = counts.planned();
    if (total == 0) {
        return "<small>no check</small>";
    }
    constexpr double Width = 220.0;
    std::string bars;
    std::vector<std::string> words;
    double at = 0;
    for (const Slice& slice : Slices) {
        const std::size_t count = counts.*slice.count;
        if (count == 0) {
            continue;
        }
        const double width = Width * static_cast<double>(count) / static_cast<double>(total);
        bars += "<rect x=\"" + number(at) + "\" y=\"0\" width=\"" + number(width) + "\" height=\"14\" fill=\"" +
                slice.color + "\"/>";
        at += width;
        words.push_back(std::to_string(count) + " " + slice.word);
    }
    const std::string text = joined(words);
    return "<svg role=\"img\" width=\"220\" height=\"14\" viewBox=\"0 0 220 14\"><title>" + html(text) + "</title>" +
           bars + "</svg><small>" + html(text) + "</small>";
}

std::string htmlRing(double ratio, std::string_view label) {
    constexpr double Radius = 30.0;
    constexpr double Around = 2 * 3.14159265358979 * Radius;
    const double filled = Around * std::min(std::max(ratio, 0.0), 1.0);
    const char* color = ratio >= 1.0 ? "#2e7d4f" : "#b7791f";
    return "<svg role=\"img\" width=\"76\" height=\"76\" viewBox=\"0 0 76 76\"><title>" + html(label) +
           "</title><circle cx=\"38\" cy=\"38\" r=\"30\" fill=\"none\" stroke=\"#dde3e9\" stroke-width=\"9\"/>"
           "<circle cx=\"38\" cy=\"38\" r=\"30\" fill=\"none\" stroke=\"" +
           color + "\" stroke-width=\"9\" stroke-dasharray=\"" + number(filled) + " " + number(Around) +
           "\" transform=\"rotate(-90 38 38)\"/><text x=\"38\" y=\"43\" text-anchor=\"middle\" font-size=\"13\" "
           "font-family=\"sans-serif\" fill=\"#1c2530\">" +
           html(percent(ratio)) + "</text></svg>";
}

std::string htmlLegend() {
    std::string out = "<p class=\"legend\">";
    for (const Slice& slice : Slices) {
        out += std::string("<span><i style=\"background:") + slice.color + "\"></i>" + slice.word + "</span>";
    }
    return out + "</p>\n";
}

} // namespace gatehouse::evidence
