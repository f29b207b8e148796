#pragma once

#include "core/result/Result.h"

#include <string>
#include <string_view>

namespace gatehouse::authorizer {

/// The model id that a request's JSON body asks for. The whole body is read, strictly, in constant memory.
///
/// What two programs might read differently is refused (BadRequest), because the model server behind us reads the body
/// again with a parser we do not know: anything but one UTF-8 JSON object and nothing after it; a top-level member name
/// that stands there twice, however it is spelt; a name that differs from `model` only in case (Go programs, Ollama
/// among them, do not tell them apart); names with NUL; a `model` that is no string; `models` and `fallbacks`, which
/// some providers take as further models to try.
[[nodiscard]] Result<std::string> readModel(std::string_view body);

} // namespace gatehouse::authorizer
