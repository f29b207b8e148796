#pragma once

#include "core/result/Error.h"

#include <tl/expected.hpp>
#include <utility>

namespace gatehouse {

/// Value or Error. Exceptions stay inside the .cpp that calls a throwing library.
template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

inline tl::unexpected<Error> failure(ErrorKind kind, std::string message, std::string hint = {}) {
    return tl::unexpected<Error>(makeError(kind, std::move(message), std::move(hint)));
}

} // namespace gatehouse
