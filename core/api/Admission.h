#pragma once

#include "core/object_store/Object.h"

#include <span>
#include <string>
#include <vector>

namespace gatehouse::api {

/// What became of an object at the door: completed with the schema's defaults, and everything that is wrong with it.
struct Review {
    Object object;                     ///< with defaults; usable only if `errors` is empty
    std::vector<Error> errors;         ///< each with `field` set where one is known; the first is the most telling
    std::vector<std::string> warnings; ///< accepted, but a person should know

    [[nodiscard]] bool accepted() const { return errors.empty(); }
};

/// Unknown members: refused (BadRequest, as `fieldValidation=Strict` does) or dropped in silence.
enum class Unknown { Refuse, Drop };

/// Metadata rules, structural schema (types, required, ranges, patterns), defaults, then the rules of meaning
/// (Validation.h). `others` are the objects already there: rules across objects (one model id in two models, one name
/// in two kinds) look at them; the object itself, by kind, namespace and name, is skipped among them. `status` is
/// checked against the schema too, but nothing in it is required.
///
/// Kinds without a schema of ours (Secret, ConfigMap, Namespace) have their metadata and, for the first two, their data
/// checked; a Secret's stringData is folded into data. An object that is being deleted is only checked for its schema,
/// so that a rule of today cannot keep its finalizer from being removed. Pure and thread-safe.
[[nodiscard]] Review review(Object object, Unknown unknown, std::span<const Object> others = {});

/// The same as one Result: the object with defaults, or one Error. When several things are wrong its message is that of
/// the first plus how many more there are.
[[nodiscard]] Result<Object> admit(Object object, bool strict = true, std::span<const Object> others = {});

/// One Error out of several, as `admit` makes it; `errors` must not be empty.
[[nodiscard]] Error combine(const std::vector<Error>& errors);

} // namespace gatehouse::api
