#pragma once

#include "core/object_store/Object.h"

#include <QString>
#include <QStringList>

namespace gatehouse::pages {

/// The object as a person edits it: without status and without what the server keeps (managedFields, uid,
/// resourceVersion, generation, creationTimestamp).
[[nodiscard]] QString yamlForEditing(const Object& object);

/// Reads an edited text. With `base`, kind and name must be the same and base's resourceVersion is put back, so that a
/// change made by somebody else in between is a Conflict and not lost.
[[nodiscard]] Result<Object> objectFromYaml(const QString& yaml, const Object* base);

/// 1-based line of a field path ("spec.model.name", "spec.serving.vllmArgs[1]") in a YAML text: the deepest part of the
/// path that is there; 0 if not even the first is.
[[nodiscard]] int lineOfField(const QString& yaml, const QString& path);

/// Lines of both texts with "  ", "+ " or "- " before each; equal stretches longer than twice `context` are cut to "
/// …". Empty if the texts are equal.
[[nodiscard]] QStringList lineDiff(const QString& before, const QString& after, int context = 3);

/// A commented text to start a new model from.
[[nodiscard]] QString modelTemplate(const QString& kind);

} // namespace gatehouse::pages
