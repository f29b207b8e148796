#include "core/api/Problems.h"
#include "core/api/Validation.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>

namespace gatehouse::api {
namespace {

bool isModel(const Object& object) {
    return (object.kind() == kinds::LLMModel.kind && object.apiVersion() == kinds::LLMModel.apiVersion()) ||
           (object.kind() == kinds::PassthroughModel.kind &&
            object.apiVersion() == kinds::PassthroughModel.apiVersion());
}

std::string namespaceOf(const Object& object) {
    return object.nameSpace().empty() ? "default" : object.nameSpace();
}

std::string described(const Object& object) {
    return object.kind() + " " + namespaceOf(object) + "/" + object.name();
}

bool catchesAll(const Object& object) {
    const json::Value* flag = object.at("spec.models.catchAll");
    return flag != nullptr && flag->is_bool() && flag->get_bool();
}

std::string fieldOfId(const Object& object, std::size_t index) {
    return object.kind() == kinds::LLMModel.kind ? "spec.model.name"
                                                 : "spec.models.declared[" + std::to_string(index) + "]";
}

} // namespace

std::vector<std::string> modelIdsOf(const Object& object) {
    if (!isModel(object)) {
        return {};
    }
    if (object.kind() == kinds::LLMModel.kind) {
        const std::string id = object.text("spec.model.name");
        return id.empty() ? std::vector<std::string>{} : std::vector<std::string>{id};
    }
    std::vector<std::string> ids;
    const json::Value* declared = object.at("spec.models.declared");
    if (declared != nullptr && declared->is_array()) {
        for (const json::Value& id : declared->get_array()) {
            ids.emplace_back(id.is_string() ? std::string_view(id.get_string()) : std::string_view());
        }
    }
    return ids;
}

std::vector<Error> validateAgainst(const Object& object, std::span<const Object> others) {
    Problems problems;
    if (!isModel(object)) {
        return {};
    }
    const std::vector<std::string> ids = modelIdsOf(object);
    for (const Object& other : others) {
        const bool sameName = other.name() == object.name() && namespaceOf(other) == namespaceOf(object);
        if (!isModel(other) || other.isBeingDeleted() || (sameName && other.kind() == object.kind())) {
            continue;
        }
        if (sameName) {
            problems.add("metadata.name",
                         inQuotes(object.name()) + " is already used by " +
                             (other.kind() == kinds::LLMModel.kind ? "an " : "a ") + other.kind() +
                             ", and the two would share the Secret " + inQuotes(object.name() + "-api-keys"),
                         "choose another name");
        }
        const std::vector<std::string> taken = modelIdsOf(other);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (std::find(taken.begin(), taken.end(), ids[i]) != taken.end()) {
                problems.add(fieldOfId(object, i), inQuotes(ids[i]) + " is already the model id of " + described(other),
                             "give one of the two another id, or delete one");
            }
        }
        if (catchesAll(object) && catchesAll(other)) {
            problems.add("spec.models.catchAll", "is already claimed by " + described(other),
                         "only one model may catch all ids");
        }
    }
    return problems.take();
}

std::vector<Error> validateNamespace(const Object& object, const std::string& operatorNamespace,
                                     const Object* namespaceObject) {
    Problems problems;
    const std::string nameSpace = namespaceOf(object);
    if (!operatorNamespace.empty() && nameSpace != operatorNamespace) {
        problems.add("metadata.namespace",
                     "is " + inQuotes(nameSpace) + ", but " + object.kind() +
                         "s must be created in the operator's namespace " + inQuotes(operatorNamespace) +
                         ", because key Secret and policy must share a namespace",
                     "create it in " + operatorNamespace);
    } else if (namespaceObject == nullptr) {
        problems.add("metadata.namespace", inQuotes(nameSpace) + " could not be read", "try again");
    } else if (namespaceObject->label("nebari.dev/managed") != "true") {
        problems.add("metadata.namespace", inQuotes(nameSpace) + " lacks the label nebari.dev/managed=true",
                     "kubectl label namespace " + nameSpace + " nebari.dev/managed=true");
    }
    return problems.take();
}

} // namespace gatehouse::api
