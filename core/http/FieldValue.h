#pragma once

#include <string_view>

namespace gatehouse::http {

/// A header field's value, or a part of it, without the blanks and tabs around it (RFC 9110's optional white space).
[[nodiscard]] std::string_view trimmed(std::string_view text);

} // namespace gatehouse::http
