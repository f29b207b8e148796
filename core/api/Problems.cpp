#include "core/api/Problems.h"

namespace gatehouse::api {

std::string inQuotes(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (result.size() > 80 && (static_cast<unsigned char>(c) & 0xC0) != 0x80) {
            return result + "...\"";
        }
        const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
        result += control ? '?' : c;
    }
    return result + "\"";
}

} // namespace gatehouse::api
