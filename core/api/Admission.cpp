#include "core/api/Admission.h"

#include "core/api/CustomResources.h"
#include "core/api/Metadata.h"
#include "core/api/Validation.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>
#include <array>

namespace gatehouse::api {
namespace {

void append(std::vector<Error>& to, std::vector<Error> from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

Error unknownField(const std::string& path) {
    Error error =
        makeError(ErrorKind::BadRequest, "unknown field " + inQuotes(path), "check the spelling and the indentation");
    error.field = path;
    return error;
}

/// Members of the top level that every object of ours may have.
std::vector<std::string> unknownTopMembers(const Object& object) {
    static constexpr std::array<std::string_view, 9> Core{"apiVersion", "kind",       "metadata",  "data", "type",
                                                          "stringData", "binaryData", "immutable", "spec"};
    std::vector<std::string> unknown;
    for (const auto& member : object.content()) {
        if (std::find(Core.begin(), Core.end(), std::string_view(member.key())) == Core.end() &&
            member.key() != "status") {
            unknown.emplace_back(member.key());
        }
    }
    return unknown;
}

void handleUnknown(Review& review, const Schema* schema, Unknown unknown) {
    Object& object = review.object;
    if (unknown == Unknown::Drop) {
        dropUnknownMetadata(object);
        if (schema != nullptr) {
            json::Value content = std::move(object.content());
            schema->dropUnknown(content);
            object.content() = std::move(content.as_object());
        }
        return;
    }
    std::vector<std::string> paths =
        schema != nullptr ? schema->unknownFields(object.content()) : unknownTopMembers(object);
    for (std::string& path : unknownMetadata(object)) {
        paths.push_back(std::move(path));
    }
    for (const std::string& path : paths) {
        review.errors.push_back(unknownField(path));
    }
}

template <typename Model>
void checkMeaning(Review& review) {
    const Result<Model> model = Model::from(review.object);
    if (!model) {
        review.errors.push_back(model.error());
        return;
    }
    append(review.errors, validate(*model));
    review.warnings = warningsFor(*model);
}

void checkMeaning(Review& review, const ResourceType& type, std::span<const Object> others) {
    if (type.kind == kinds::LLMModel.kind) {
        checkMeaning<LLMModel>(review);
    } else if (type.kind == kinds::PassthroughModel.kind) {
        checkMeaning<PassthroughModel>(review);
    }
    append(review.errors, validateAgainst(review.object, others));
}

void applySchema(Review& review, const Schema& schema) {
    json::Value content = std::move(review.object.content());
    schema.applyDefaults(content);
    append(review.errors, schema.check(content));
    review.object.content() = std::move(content.as_object());
}

} // namespace

Review review(Object object, Unknown unknown, std::span<const Object> others) {
    Review review;
    const GroupVersion gv = groupVersionOf(object.apiVersion());
    const KnownKind* kind = findKind(object.apiVersion(), object.kind());
    review.object = std::move(object);
    if (kind == nullptr) {
        Error error =
            makeError(ErrorKind::BadRequest,
                      "no kind " + inQuotes(review.object.kind()) + " in " + inQuotes(gv.group + "/" + gv.version),
                      "check apiVersion and kind");
        error.field = "kind";
        review.errors.push_back(std::move(error));
        return review;
    }
    const Schema* schema = schemaOf(kind->type);
    handleUnknown(review, schema, unknown);
    Problems problems;
    checkMetadata(review.object, problems);
    if (schema != nullptr) {
        applySchema(review, *schema);
    } else if (kind->type.kind == kinds::Secret.kind || kind->type.kind == kinds::ConfigMap.kind) {
        checkAndFoldData(review.object, problems);
    }
    append(review.errors, problems.take());
    if (review.errors.empty() && !review.object.isBeingDeleted()) {
        checkMeaning(review, kind->type, others);
    }
    return review;
}

Error combine(const std::vector<Error>& errors) {
    Error first = errors.front();
    if (errors.size() > 1) {
        first.message += " (and " + std::to_string(errors.size() - 1) + " more)";
    }
    return first;
}

Result<Object> admit(Object object, bool strict, std::span<const Object> others) {
    Review reviewed = review(std::move(object), strict ? Unknown::Refuse : Unknown::Drop, others);
    if (!reviewed.accepted()) {
        return failure(combine(reviewed.errors));
    }
    return std::move(reviewed.object);
}

} // namespace gatehouse::api
