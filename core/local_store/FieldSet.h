#pragma once

#include "core/json/Json.h"

#include <map>
#include <string>
#include <vector>

namespace gatehouse::local_store {

/// A set of paths in an object, in the form of Kubernetes' fieldsV1: "f:name" is a member, `k:{"type":"Ready"}` an item
/// of a list keyed by type, `v:"x"` an item of a list that is a set. A list of any other place is one leaf.
struct FieldSet {
    bool here = false; ///< the path to this node is in the set
    std::map<std::string, FieldSet> children;

    [[nodiscard]] bool empty() const { return !here && children.empty(); }

    bool operator==(const FieldSet&) const = default;

    void add(const FieldSet& other);
    void subtract(const FieldSet& other);
    [[nodiscard]] FieldSet intersected(const FieldSet& other) const;
    /// ".spec.model.name", as in Kubernetes' conflict messages.
    [[nodiscard]] std::vector<std::string> paths() const;

    [[nodiscard]] json::Object toJson() const;
    /// What cannot be read is left out.
    [[nodiscard]] static FieldSet fromJson(const json::Value& value);
};

/// The leaves of an object that a manager can own: labels, annotations, finalizers, ownerReferences, generateName and
/// everything outside metadata.
[[nodiscard]] FieldSet leavesOf(const json::Object& object);
/// The leaves of `after` that are not in `before` or differ there.
[[nodiscard]] FieldSet changedLeaves(const json::Object& before, const json::Object& after);
/// Lays `applied` over `target`: members are merged, keyed lists by their key, other lists replaced.
void mergeApplied(json::Object& target, const json::Object& applied);
/// Takes the paths out of `target`, and what becomes empty by that.
void removeFields(json::Object& target, const FieldSet& fields);

} // namespace gatehouse::local_store
