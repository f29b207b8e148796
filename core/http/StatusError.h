#pragma once

#include "core/json/Json.h"
#include "core/result/Result.h"

#include <string>
#include <string_view>

namespace gatehouse::http {

/// The Error that an answer of the admin API other than 2xx stands for. `body` is a Kubernetes Status: its reason (or,
/// without one, `httpStatus`) gives the kind, its message the sentence, its first cause the field, details.hint the
/// hint. Of a body that is no Status, the error says `what` and the number.
[[nodiscard]] Error errorFromStatus(int httpStatus, std::string_view body, const std::string& what);
/// The same of a Status that is read already, for example in a watch event; `what` stands in for a missing message.
[[nodiscard]] Error errorOfStatus(int httpStatus, const json::Value& status, const std::string& what);

} // namespace gatehouse::http
