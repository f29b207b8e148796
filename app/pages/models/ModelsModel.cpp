#include "app/pages/models/ModelsModel.h"

#include "app/formatting/Text.h"

#include <QCoreApplication>
#include <QStringList>

namespace gatehouse::pages {
namespace {

/// The context of this file's texts.
class ModelsModelText {
    Q_DECLARE_TR_FUNCTIONS(ModelsModelText)
};

} // namespace

PhaseWord phaseOf(const Object& model) {
    const std::string phase = model.text("status.phase");
    if (model.isBeingDeleted()) {
        return {ModelsModelText::tr("Deleting"), theme::Tone::Warn};
    }
    if (phase == "Ready") {
        return {ModelsModelText::tr("Ready"), theme::Tone::Good};
    }
    if (phase == "Error") {
        return {ModelsModelText::tr("Error"), theme::Tone::Bad};
    }
    if (phase == "Degraded") {
        return {ModelsModelText::tr("Degraded"), theme::Tone::Warn};
    }
    if (phase.empty() || phase == "Pending") {
        return {ModelsModelText::tr("Pending"), theme::Tone::Neutral};
    }
    return {formatting::toQt(phase), theme::Tone::Info};
}

QString modelIds(const Object& model) {
    if (model.kind() != "PassthroughModel") {
        return formatting::toQt(model.text("spec.model.name"));
    }
    QStringList ids;
    if (const json::Value* declared = model.at("spec.models.declared"); declared != nullptr && declared->is_array()) {
        for (const json::Value& id : declared->get_array()) {
            if (id.is_string()) {
                ids.append(formatting::toQt(id.get_string()));
            }
        }
    }
    if (const json::Value* all = model.at("spec.models.catchAll");
        all != nullptr && all->is_bool() && all->get_bool()) {
        ids.append(ModelsModelText::tr("any model of %1").arg(formatting::toQt(model.text("spec.provider.hostname"))));
    }
    return ids.join(QStringLiteral(", "));
}

QString noteOf(const Object& model) {
    return formatting::toQt(model.annotation("gatehouse.dev/note"));
}

QList<item_models::Column> modelColumns() {
    return {{ModelsModelText::tr("Model"), 230, true}, {ModelsModelText::tr("Kind"), 110},
            {ModelsModelText::tr("Phase"), 120},       {ModelsModelText::tr("Endpoint"), 200, true},
            {ModelsModelText::tr("Note"), 210, true},  {ModelsModelText::tr("Age"), 70}};
}

item_models::Row modelRow(const Object& model) {
    item_models::Row row;
    row.id = formatting::toQt(model.kind() + "/" + model.nameSpace() + "/" + model.name());
    row.source = std::make_shared<const json::Value>(model.value());
    item_models::Cell name{formatting::toQt(model.name())};
    name.second = modelIds(model);
    const PhaseWord phase = phaseOf(model);
    item_models::Cell endpoint{formatting::toQt(model.text("status.endpoints.external"))};
    endpoint.mono = true;
    endpoint.muted = true;
    item_models::Cell note{noteOf(model)};
    note.tone = note.text.isEmpty() ? theme::Tone::None : theme::Tone::Warn;
    note.toolTip = note.text;
    item_models::Cell age;
    age.time = formatting::timeOf(model.text("metadata.creationTimestamp"));
    age.muted = true;
    row.cells = {
        name,
        {model.kind() == "PassthroughModel" ? ModelsModelText::tr("Passthrough") : ModelsModelText::tr("Served here")},
        {phase.text, phase.tone},
        endpoint,
        note,
        age};
    return row;
}

} // namespace gatehouse::pages
