#pragma once

#include "core/json/Json.h"
#include "core/result/Result.h"

#include <memory>
#include <string>
#include <vector>

namespace gatehouse::api {

/// A structural schema of a CustomResourceDefinition (openAPIV3Schema), ready to be used.
///
/// Understood: type, properties, additionalProperties, items, required, enum, nullable, minimum, maximum (and
/// exclusive…), multipleOf, pattern (ECMAScript), minLength, maxLength (in code points), minItems, maxItems,
/// uniqueItems, minProperties, maxProperties, format (int32, int64, date-time), default, x-kubernetes-int-or-string,
/// x-kubernetes-preserve-unknown-fields, x-kubernetes-list-type (map and set) with x-kubernetes-list-map-keys. Anything
/// else fails `from`, except description, title, example, x-kubernetes-map-type and the anyOf that goes with
/// int-or-string. A value; cheap to copy; thread-safe.
class Schema {
public:
    /// Fails with the path of the first thing it does not understand: a schema that is only half enforced is none.
    [[nodiscard]] static Result<Schema> from(const json::Value& openApiV3Schema);
    Schema();

    /// Everything wrong with `value`, at most 50 errors, each with the JSON path in `field`. Members that the schema
    /// does not know are not its concern here (`unknownFields`). apiVersion, kind and metadata are skipped at the top.
    [[nodiscard]] std::vector<Error> check(const json::Value& value) const;
    /// Paths of members the schema does not know, at most 50.
    [[nodiscard]] std::vector<std::string> unknownFields(const json::Value& value) const;
    /// Removes what `unknownFields` names.
    void dropUnknown(json::Value& value) const;
    /// Drops members that are null where the schema allows no null, then fills in defaults, parents first, only inside
    /// what is present: the API server's rules.
    void applyDefaults(json::Value& value) const;

    [[nodiscard]] const json::Value& source() const;

    struct Node; ///< private to Schema.cpp

private:
    std::shared_ptr<const Node> m_root;
    std::shared_ptr<const json::Value> m_source;
};

} // namespace gatehouse::api
