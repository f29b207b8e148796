#include "core/local_store/Patch.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace gatehouse::local_store {
namespace {

constexpr std::size_t OperationLimit = 10'000;
constexpr std::size_t CopyLimit = 3U << 20;
constexpr std::size_t PatchDepthLimit = 64;

using Path = std::vector<std::string>;

Result<Path> pointerOf(const json::Value* text) {
    if (text == nullptr || !text->is_string()) {
        return failure(ErrorKind::BadRequest, "the JSON patch has an operation without a path");
    }
    const std::string_view pointer = text->get_string();
    Path path;
    if (pointer.empty()) {
        return path;
    }
    if (pointer.front() != '/') {
        return failure(ErrorKind::BadRequest,
                       "the JSON patch path '" + std::string(pointer) + "' does not begin with '/'");
    }
    for (std::size_t start = 1; start <= pointer.size();) {
        const std::size_t end = std::min(pointer.find('/', start), pointer.size());
        std::string token;
        for (std::size_t i = start; i < end; ++i) {
            if (pointer[i] != '~') {
                token += pointer[i];
            } else if (i + 1 < end && (pointer[i + 1] == '0' || pointer[i + 1] == '1')) {
                token += pointer[++i] == '0' ? '~' : '/';
            } else {
                return failure(ErrorKind::BadRequest,
                               "the JSON patch path '" + std::string(pointer) + "' has a lone '~'");
            }
        }
        path.push_back(std::move(token));
        start = end + 1;
    }
    return path;
}

std::string shown(const Path& path) {
    std::string text;
    for (const std::string& token : path) {
        text += "/" + token;
    }
    return text;
}

Error missing(const Path& path) {
    return makeError(ErrorKind::Invalid, "the JSON patch does not fit: there is no '" + shown(path) + "'");
}

/// Index of `token` in an array of `size`; "-" is the end. No leading zeros (RFC 6901).
bool indexOf(const std::string& token, std::size_t size, std::size_t& index) {
    if (token == "-") {
        index = size;
        return true;
    }
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    return error == std::errc() && end == token.data() + token.size() && (token.size() == 1 || token[0] != '0');
}

json::Value* valueAt(json::Value& root, const Path& path, std::size_t length) {
    json::Value* current = &root;
    for (std::size_t i = 0; i < length; ++i) {
        if (json::Object* object = current->if_object()) {
            current = object->if_contains(path[i]);
        } else if (json::Array* array = current->if_array()) {
            std::size_t index = 0;
            current = indexOf(path[i], array->size(), index) && index < array->size() ? &(*array)[index] : nullptr;
        } else {
            current = nullptr;
        }
        if (current == nullptr) {
            return nullptr;
        }
    }
    return current;
}

std::size_t depthOf(const json::Value& value) {
    std::size_t deepest = 0;
    if (const json::Object* object = value.if_object()) {
        for (const auto& member : *object) {
            deepest = std::max(deepest, depthOf(member.value()));
        }
        return deepest + 1;
    }
    if (const json::Array* array = value.if_array()) {
        for (const json::Value& item : *array) {
            deepest = std::max(deepest, depthOf(item));
        }
        return deepest + 1;
    }
    return 0;
}

Error tooDeep() {
    return makeError(ErrorKind::TooLarge,
                     "the JSON patch nests deeper than " + std::to_string(PatchDepthLimit) + " levels");
}

Result<void> addAt(json::Value& root, const Path& path, json::Value value) {
    if (path.size() + depthOf(value) > PatchDepthLimit) {
        return failure(tooDeep());
    }
    if (path.empty()) {
        root = std::move(value);
        return {};
    }
    json::Value* parent = valueAt(root, path, path.size() - 1);
    if (parent != nullptr && parent->is_object()) {
        parent->get_object()[path.back()] = std::move(value);
        return {};
    }
    std::size_t index = 0;
    if (parent == nullptr || !parent->is_array() || !indexOf(path.back(), parent->get_array().size(), index) ||
        index > parent->get_array().size()) {
        return failure(missing(path));
    }
    json::Array& array = parent->get_array();
    array.insert(array.begin() + static_cast<std::ptrdiff_t>(index), std::move(value));
    return {};
}

Result<json::Value> takeAt(json::Value& root, const Path& path) {
    json::Value* target = valueAt(root, path, path.size());
    if (target == nullptr || path.empty()) {
        return failure(missing(path));
    }
    json::Value taken = std::move(*target);
    json::Value* parent = valueAt(root, path, path.size() - 1);
    if (json::Object* object = parent->if_object()) {
        object->erase(path.back());
    } else {
        std::size_t index = 0;
        indexOf(path.back(), parent->get_array().size(), index);
        parent->get_array().erase(parent->get_array().begin() + static_cast<std::ptrdiff_t>(index));
    }
    return taken;
}

struct Operation {
    std::string name;
    Path path;
    Path from;
    const json::Value* value = nullptr;
};

Result<Operation> operationOf(const json::Value& item) {
    Operation operation;
    operation.name = json::text(item, "op");
    auto path = pointerOf(json::find(item, "path"));
    if (!path) {
        return failure(path.error());
    }
    operation.path = std::move(*path);
    operation.value = json::find(item, "value");
    const bool needsValue = operation.name == "add" || operation.name == "replace" || operation.name == "test";
    const bool needsFrom = operation.name == "move" || operation.name == "copy";
    if (!needsValue && !needsFrom && operation.name != "remove") {
        return failure(ErrorKind::BadRequest, "the JSON patch has the unknown operation '" + operation.name + "'");
    }
    if (needsValue && operation.value == nullptr) {
        return failure(ErrorKind::BadRequest, "the JSON patch has '" + operation.name + "' without a value");
    }
    if (needsFrom) {
        auto from = pointerOf(json::find(item, "from"));
        if (!from) {
            return failure(from.error());
        }
        operation.from = std::move(*from);
    }
    return operation;
}

Result<void> perform(json::Value& root, const Operation& operation, std::size_t& copied) {
    if (operation.name == "add") {
        return addAt(root, operation.path, *operation.value);
    }
    if (operation.name == "remove") {
        auto taken = takeAt(root, operation.path);
        return taken ? Result<void>() : failure(taken.error());
    }
    if (operation.name == "replace") {
        json::Value* target = valueAt(root, operation.path, operation.path.size());
        if (target == nullptr) {
            return failure(missing(operation.path));
        }
        if (operation.path.size() + depthOf(*operation.value) > PatchDepthLimit) {
            return failure(tooDeep());
        }
        *target = *operation.value;
        return {};
    }
    if (operation.name == "test") {
        const json::Value* target = valueAt(root, operation.path, operation.path.size());
        if (target == nullptr || *target != *operation.value) {
            return failure(ErrorKind::Invalid,
                           "the JSON patch does not fit: the test of '" + shown(operation.path) + "' failed");
        }
        return {};
    }
    if (operation.name == "copy") {
        const json::Value* source = valueAt(root, operation.from, operation.from.size());
        if (source == nullptr) {
            return failure(missing(operation.from));
        }
        copied += json::compact(*source).size();
        if (copied > CopyLimit) {
            return failure(ErrorKind::TooLarge,
                           "the JSON patch copies more than " + std::to_string(CopyLimit) + " bytes");
        }
        return addAt(root, operation.path, *source);
    }
    const bool intoItself = operation.path.size() > operation.from.size() &&
                            std::equal(operation.from.begin(), operation.from.end(), operation.path.begin());
    if (intoItself) {
        return failure(ErrorKind::Invalid, "the JSON patch moves '" + shown(operation.from) + "' into itself");
    }
    auto taken = takeAt(root, operation.from);
    return taken ? addAt(root, operation.path, std::move(*taken)) : failure(taken.error());
}

} // namespace

void mergePatch(json::Value& target, const json::Value& patch) {
    const json::Object* members = patch.if_object();
    if (members == nullptr) {
        target = patch;
        return;
    }
    if (!target.is_object()) {
        target.emplace_object();
    }
    json::Object& object = target.get_object();
    for (const auto& member : *members) {
        if (member.value().is_null()) {
            object.erase(member.key());
        } else {
            mergePatch(object[member.key()], member.value());
        }
    }
}

Result<json::Value> jsonPatch(json::Value target, const json::Value& patch) {
    const json::Array* operations = patch.if_array();
    if (operations == nullptr) {
        return failure(ErrorKind::BadRequest, "a JSON patch is a list of operations");
    }
    if (operations->size() > OperationLimit) {
        return failure(ErrorKind::TooLarge,
                       "the JSON patch has more than " + std::to_string(OperationLimit) + " operations");
    }
    std::size_t copied = 0;
    for (const json::Value& item : *operations) {
        const auto operation = operationOf(item);
        if (!operation) {
            return failure(operation.error());
        }
        if (auto done = perform(target, *operation, copied); !done) {
            return failure(done.error());
        }
    }
    return target;
}

} // namespace gatehouse::local_store
