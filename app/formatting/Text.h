#pragma once

#include "core/result/Error.h"
#include "core/time/Clock.h"

#include <QString>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::formatting {

/// core speaks UTF-8, Qt speaks QString; these two are the only bridge.
[[nodiscard]] QString toQt(std::string_view text);
[[nodiscard]] std::string toStd(const QString& text);

/// "12s", "4m", "3h", "2d": how long ago, short enough for a table. "in 3h" for the future.
[[nodiscard]] QString age(TimePoint then, TimePoint now);
/// "just now", "4 minutes ago": the same for sentences.
[[nodiscard]] QString ageInWords(TimePoint then, TimePoint now);
/// "about 40 seconds", "about 3 minutes": what is left of long work.
[[nodiscard]] QString duration(qint64 seconds);
/// "1 key", "3 keys": `many` holds %1 for the number.
[[nodiscard]] QString counted(qint64 count, const QString& one, const QString& many);
[[nodiscard]] QString percent(double ratio);
/// Local date and time of the user.
[[nodiscard]] QString dateTime(TimePoint time);
[[nodiscard]] std::optional<TimePoint> timeOf(std::string_view rfc3339);

/// What happened, in one sentence of the user's language, with the agent's own words behind it.
[[nodiscard]] QString sentence(const Error& error);
/// What to do about it; empty if there is nothing to say.
[[nodiscard]] QString mend(const Error& error);

} // namespace gatehouse::formatting
