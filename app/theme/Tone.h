#pragma once

namespace gatehouse::theme {

/// What a colour says. Every place that uses one also says it in words.
enum class Tone { None, Neutral, Good, Warn, Bad, Info };

} // namespace gatehouse::theme
