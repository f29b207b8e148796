#pragma once

#include "core/json/Json.h"

namespace gatehouse::local_store {

/// RFC 7386: members of `patch` replace those of `target`, null removes.
void mergePatch(json::Value& target, const json::Value& patch);

/// RFC 6902, all or nothing. BadRequest when the patch is no patch, Invalid when it does not fit the target (a path
/// that is not there, a failed test), TooLarge beyond 10,000 operations, 3 MiB of copies or 64 levels.
[[nodiscard]] Result<json::Value> jsonPatch(json::Value target, const json::Value& patch);

} // namespace gatehouse::local_store
