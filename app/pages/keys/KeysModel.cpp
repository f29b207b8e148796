#include "app/pages/keys/KeysModel.h"

#include "app/formatting/Text.h"

#include <QCoreApplication>

namespace gatehouse::pages {
namespace {

/// The context of this file's texts.
class KeysModelText {
    Q_DECLARE_TR_FUNCTIONS(KeysModelText)
};

item_models::Cell stateCell(const Object& key, TimePoint now) {
    const std::string state = key.text("status.state");
    const auto expires = formatting::timeOf(key.text("spec.expiresAt"));
    item_models::Cell cell;
    if (state == "Expired") {
        cell = {KeysModelText::tr("Expired"), theme::Tone::Bad};
    } else if (state == "Retiring") {
        cell = {KeysModelText::tr("Retiring"), theme::Tone::Warn};
        cell.toolTip = KeysModelText::tr("Replaced by %1; still works until it expires.")
                           .arg(formatting::toQt(key.text("status.replacedBy")));
    } else if (expires && *expires - now < std::chrono::hours(24 * 7)) {
        cell = {KeysModelText::tr("Expires soon"), theme::Tone::Warn};
    } else {
        cell = {state.empty() ? KeysModelText::tr("Unknown") : KeysModelText::tr("Active"),
                state.empty() ? theme::Tone::Neutral : theme::Tone::Good};
    }
    return cell;
}

item_models::Cell timeCell(std::string_view time, const QString& otherwise) {
    item_models::Cell cell;
    cell.time = formatting::timeOf(time);
    if (!cell.time) {
        cell.text = otherwise;
    }
    cell.sortBy = cell.time ? static_cast<qint64>(-cell.time->time_since_epoch().count()) : qint64{0};
    cell.muted = true;
    return cell;
}

} // namespace

QList<item_models::Column> keyColumns() {
    return {
        {KeysModelText::tr("Client id"), 230, true}, {KeysModelText::tr("Model"), 150, true},
        {KeysModelText::tr("Owner"), 130, true},     {KeysModelText::tr("Tenant"), 100},
        {KeysModelText::tr("State"), 128},           {KeysModelText::tr("Last used"), 96},
        {KeysModelText::tr("Expires"), 92},          {KeysModelText::tr("Age"), 64},
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
                 timeCell(key.text("status.lastUsedAt"), KeysModelText::tr("Never")),
                 timeCell(key.text("spec.expiresAt"), KeysModelText::tr("Never")),
                 timeCell(key.text("metadata.creationTimestamp"), KeysModelText::tr("Unknown"))};
    return row;
}

} // namespace gatehouse::pages
