#pragma once

#include "app/item_models/Row.h"
#include "core/object_store/Object.h"

namespace gatehouse::pages {

[[nodiscard]] QList<item_models::Column> modelColumns();
/// One LLMModel or PassthroughModel as a table row. Pure. The row id is "Kind/namespace/name".
[[nodiscard]] item_models::Row modelRow(const Object& model);

/// The phase as a word and a tone; a model without a status is "Pending".
struct PhaseWord {
    QString text;
    theme::Tone tone;
};

[[nodiscard]] PhaseWord phaseOf(const Object& model);
/// The public model ids: one for an LLMModel, the declared ones of a PassthroughModel.
[[nodiscard]] QString modelIds(const Object& model);
/// Annotation gatehouse.dev/note.
[[nodiscard]] QString noteOf(const Object& model);

} // namespace gatehouse::pages
