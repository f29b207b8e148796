#pragma once

#include "app/theme/Tone.h"
#include "core/json/Json.h"
#include "core/time/Clock.h"

#include <QList>
#include <QString>
#include <QVariant>
#include <memory>
#include <optional>

namespace gatehouse::item_models {

/// What one table cell says. A cell with a tone is drawn as a badge; one with a time shows its age and keeps it fresh.
struct Cell {
    QString text;
    theme::Tone tone = theme::Tone::None;
    std::optional<TimePoint> time = {};
    QVariant sortBy = {}; ///< a number, where the text sorts wrongly
    QString toolTip = {};
    bool mono = false;
    bool muted = false;
    QString second = {}; ///< a second, smaller line

    bool operator==(const Cell&) const = default;
};

/// One row: a value, made by a pure function out of what the agent sent.
struct Row {
    QString id; ///< unique in the table, stable over time: selection follows it
    QList<Cell> cells;
    std::shared_ptr<const json::Value> source; ///< what it was made of
};

struct Column {
    QString title;
    int width = 120;
    bool stretch = false;
    bool rightAligned = false;
};

} // namespace gatehouse::item_models
