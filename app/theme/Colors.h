#pragma once

#include "app/theme/Theme.h"

namespace gatehouse::theme {

[[nodiscard]] Colors lightColors();
[[nodiscard]] Colors darkColors();

} // namespace gatehouse::theme
