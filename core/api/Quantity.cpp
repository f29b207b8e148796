#include "core/api/Quantity.h"

#include <algorithm>
#include <array>

namespace gatehouse::api {
namespace {

std::size_t digitsAt(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') {
        ++end;
    }
    return end - at;
}

/// Length of "12", "12.", "12.5" or ".5" at `at`; 0 if there is none.
std::size_t decimalAt(std::string_view text, std::size_t at) {
    const std::size_t whole = digitsAt(text, at);
    std::size_t length = whole;
    if (at + length < text.size() && text[at + length] == '.') {
        const std::size_t fraction = digitsAt(text, at + length + 1);
        if (whole + fraction == 0) {
            return 0;
        }
        length += 1 + fraction;
    }
    return length;
}

bool isSuffix(std::string_view suffix) {
    static constexpr std::array<std::string_view, 15> Units{"",  "n", "u",  "m",  "k",  "M",  "G", "T",
                                                            "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi"};
    if (std::find(Units.begin(), Units.end(), suffix) != Units.end() || suffix == "Ei") {
        return true;
    }
    if (!suffix.starts_with('e') && !suffix.starts_with('E')) {
        return false;
    }
    suffix.remove_prefix(1);
    if (suffix.starts_with('+') || suffix.starts_with('-')) {
        suffix.remove_prefix(1);
    }
    return !suffix.empty() && suffix.size() <= 3 && digitsAt(suffix, 0) == suffix.size();
}

} // namespace

std::optional<int> quantitySign(std::string_view text) {
    if (text.size() > 64) {
        return std::nullopt;
    }
    const bool negative = text.starts_with('-');
    const std::size_t start = negative || text.starts_with('+') ? 1 : 0;
    const std::size_t length = decimalAt(text, start);
    if (length == 0 || !isSuffix(text.substr(start + length))) {
        return std::nullopt;
    }
    const std::string_view number = text.substr(start, length);
    const bool zero = std::all_of(number.begin(), number.end(), [](char c) { return c == '0' || c == '.'; });
    return zero ? 0 : negative ? -1 : 1;
}

std::optional<int> signOf(const json::Value& quantity) {
    if (quantity.is_string()) {
        return quantitySign(std::string_view(quantity.get_string()));
    }
    if (quantity.is_int64()) {
        return quantity.get_int64() == 0 ? 0 : quantity.get_int64() < 0 ? -1 : 1;
    }
    return quantity.is_uint64() ? std::optional<int>(1) : std::nullopt;
}

} // namespace gatehouse::api
