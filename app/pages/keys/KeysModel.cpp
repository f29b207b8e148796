#include "app/pages/keys/KeysModel.h"

#include "app/formatting/Text.h"

#include <QCoreApplication>

namespace gatehouse::pages {
namespace {

QString keyText(const char* text) {
    return QCoreApplication::translate("KeysModel", text);
}

item_models::Cell stateCell(const Object& key, TimePoint now) {
    const std::string state = key.text("status.state");
    const auto expires = formatting::timeOf(key.text("spec.expiresAt"));
    item_models::Cell cell;
    if (state == "Expired") {
        cell = {keyText("Expired"), theme::Tone::Bad};
    } else if (state == "Retiring") {
        cell = {keyText("Retiring"), theme::Tone::Warn};
        cell.toolTip = keyText("Replaced by %1; still works until it expires.")
                           .arg(formatting::toQt(key.text("status.replacedBy")));
    } else if (expires && *expires - now < std::chrono::hours(24 * 7)) {
        cell = {keyText("Expires soon"), theme::Tone::Warn};
    } else {
        cell = {state.empty() ? keyText("Unknown") : keyText("Active"),
                state.empty() ? theme::Tone::Neutral : theme::Tone::Good};
    }
    return cell;
}

item_models::Cell timeCell(std::string_view time, const char* otherwise) {
    item_models::Cell cell;
    cell.time = formatting::timeOf(time);
    if (!cell.time) {
        cell.text = keyText(otherwise);
    }
    cell.sortBy = cell.time ? static_cast<qint64>(-cell.time->time_since_epoch().count()) : qint64{0};
    cell.muted = true;
    return cell;
}

} // namespace

QList<item_models::Column> keyColumns() {
    return {
        {keyText("Client id"), 230, true}, {keyText("Model"), 150, true}, {keyText("Owner"), 130, true},
        {keyText("Tenant"), 100},          {keyText("State"), 128},       {keyText("Last used"), 96},
        {keyText("Expires"), 92},          {keyText("Age"), 64},
    };
}

item_models::Row keyRow(const Object& key, TimePoint now) {
    item_models::Row row;
    row.id = formatting::toQt(key.nameSpace() + "/" + key.name());
    row.source = std::make_shared<const json::Value>(key.value());
    const QString modelId = formatting::toQt(key.text("status.modelId"));
    const QString model = formatting::toQt(key.text("spec.model"));
    item_models::Cell id{formatting::toQt(key.name())};
    id.mono = true;
    id.toolTip = id.text;
    id.second = formatting::toQt(key.text("spec.description"));
    item_models::Cell modelCell{model};
    modelCell.second = modelId == model ? QString() : modelId;
    row.cells = {id,
                 modelCell,
                 {formatting::toQt(key.text("spec.owner"))},
                 {formatting::toQt(key.text("spec.tenant"))},
                 stateCell(key, now),
                 timeCell(key.text("status.lastUsedAt"), "Never"),
                 timeCell(key.text("spec.expiresAt"), "Never"),
                 timeCell(key.text("metadata.creationTimestamp"), "Unknown")};
    return row;
}

} // namespace gatehouse::pages
