#include "core/api/GatewayDuration.h"

namespace gatehouse::api {

std::optional<std::chrono::milliseconds> parseGatewayDuration(std::string_view text) {
    std::int64_t total = 0;
    int parts = 0;
    while (!text.empty() && parts < 4) {
        std::size_t digits = 0;
        std::int64_t count = 0;
        while (digits < text.size() && digits < 6 && text[digits] >= '0' && text[digits] <= '9') {
            count = count * 10 + (text[digits] - '0');
            ++digits;
        }
        if (digits == 0 || digits > 5) {
            return std::nullopt;
        }
        text.remove_prefix(digits);
        const bool milliseconds = text.starts_with("ms");
        const std::int64_t unit = milliseconds            ? 1
                                  : text.starts_with('s') ? 1'000
                                  : text.starts_with('m') ? 60'000
                                  : text.starts_with('h') ? 3'600'000
                                                          : 0;
        if (unit == 0) {
            return std::nullopt;
        }
        text.remove_prefix(milliseconds ? 2 : 1);
        total += count * unit;
        ++parts;
    }
    return parts > 0 && text.empty() ? std::optional(std::chrono::milliseconds(total)) : std::nullopt;
}

} // namespace gatehouse::api
