#pragma once

#include "app/theme/Theme.h"

namespace gatehouse::theme {

/// The application's style sheet with the colours filled in.
[[nodiscard]] QString styleSheet(const Colors& colors, Scheme scheme);

} // namespace gatehouse::theme
