#include "agent/admin_api/Resources.h"

#include "agent/admin_api/Answers.h"
#include "agent/admin_api/Rules.h"
#include "core/api/Admission.h"
#include "core/api/CustomResources.h"
#include "core/crypto/Crypto.h"

#include <charconv>
#include <set>

namespace gatehouse::admin_api {
namespace {

constexpr std::size_t MaxPage = 5000;

tl::unexpected<Error> unsupported(const http_server::Request& request, const ResourcePath& path) {
    return failure(ErrorKind::Unsupported,
                   request.method.substr(0, 20) + " is not possible on " + path.kind->type.resourceName());
}

/// What `fieldValidation` says; Strict when it says nothing.
enum class Validation { Strict, Warn, Ignore };

Result<Validation> validationOf(const Route& route) {
    const std::string word = route.parameter("fieldValidation");
    if (word.empty() || word == "Strict") {
        return Validation::Strict;
    }
    if (word == "Warn" || word == "Ignore") {
        return word == "Warn" ? Validation::Warn : Validation::Ignore;
    }
    return failure(ErrorKind::BadRequest, "fieldValidation must be Strict, Warn or Ignore");
}

/// With Warn and Ignore, unknown members are dropped here; with Strict the store's admission refuses them.
Result<void> handleUnknown(const ResourceType& type, Validation validation, json::Value& value,
                           std::vector<std::string>& warnings) {
    const api::Schema* schema = api::schemaOf(type);
    if (schema == nullptr) {
        return {};
    }
    const auto unknown = schema->unknownFields(value);
    if (unknown.empty()) {
        return {};
    }
    if (validation == Validation::Strict) {
        std::string all;
        for (const auto& field : unknown) {
            all += (all.empty() ? "unknown field \"" : ", unknown field \"") + field + "\"";
        }
        Error error =
            makeError(ErrorKind::BadRequest, "strict decoding error: " + all, "correct the name or remove the field");
        error.field = unknown.front();
        return failure(std::move(error));
    }
    if (validation == Validation::Warn) {
        for (const auto& field : unknown) {
            warnings.push_back("unknown field \"" + field + "\" was dropped");
        }
    }
    schema->dropUnknown(value);
    return {};
}

std::string quotedForWarning(const std::string& text) {
    std::string out;
    for (const char c : text.substr(0, 800)) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out;
}

Result<DeleteOptions> deleteOptions(const http_server::Request& request, const Route& route, bool dryRun) {
    DeleteOptions options;
    options.dryRun = dryRun;
    std::string policy = route.parameter("propagationPolicy");
    if (!request.body.empty()) {
        const auto body = readBody(request);
        if (!body) {
            return failure(body.error());
        }
        options.preconditions.uid = json::text(*body, "preconditions.uid");
        options.preconditions.resourceVersion = json::text(*body, "preconditions.resourceVersion");
        const std::string inBody = json::text(*body, "propagationPolicy");
        policy = inBody.empty() ? policy : inBody;
        const json::Value* dry = json::find(*body, "dryRun");
        options.dryRun = options.dryRun || (dry != nullptr && dry->is_array() && !dry->get_array().empty());
        if (json::flag(*body, "orphanDependents")) {
            policy = "Orphan";
        }
    }
    if (!policy.empty() && policy != "Background" && policy != "Foreground" && policy != "Orphan") {
        return failure(ErrorKind::BadRequest, "propagationPolicy must be Background, Foreground or Orphan");
    }
    options.orphanDependents = policy == "Orphan";
    return options;
}

} // namespace

RowObject rowObject(const Route& route) {
    const std::string word = route.parameter("includeObject");
    return word == "None" ? RowObject::None : word == "Object" ? RowObject::Whole : RowObject::Metadata;
}

Result<ListOptions> listOptions(const Route& route, const ResourcePath& path) {
    ListOptions options;
    options.nameSpace = path.nameSpace;
    options.labelSelector = route.parameter("labelSelector");
    options.fieldSelector = route.parameter("fieldSelector");
    options.continueToken = route.parameter("continue");
    const std::string limit = route.parameter("limit");
    if (!limit.empty()) {
        const char* end = limit.data() + limit.size();
        const auto [last, error] = std::from_chars(limit.data(), end, options.limit);
        if (error != std::errc() || last != end) {
            return failure(ErrorKind::BadRequest, "limit must be a whole number");
        }
        options.limit = std::min(options.limit, MaxPage);
    }
    return options;
}

Result<WriteOptions> writeOptions(const http_server::Request& request, const Route& route) {
    WriteOptions options;
    const std::string dryRun = route.parameter("dryRun");
    if (!dryRun.empty() && dryRun != "All") {
        return failure(ErrorKind::BadRequest, "dryRun must be All or left out");
    }
    options.dryRun = !dryRun.empty();
    options.fieldManager = route.parameter("fieldManager");
    if (options.fieldManager.size() > 128) {
        return failure(ErrorKind::BadRequest, "fieldManager is longer than 128 bytes");
    }
    if (options.fieldManager.empty()) {
        const std::string_view agent = request.headers.value("User-Agent");
        options.fieldManager = std::string(agent.substr(0, std::min<std::size_t>(agent.find_first_of("/ "), 128)));
    }
    if (options.fieldManager.empty()) {
        options.fieldManager = "unknown";
    }
    return options;
}

http_server::Response Resources::listAnswer(const ResourceType& type, const ObjectList& list, Form form,
                                            const Route& route, TimePoint now) {
    json::Object metadata{{"resourceVersion", list.resourceVersion}};
    if (!list.continueToken.empty()) {
        metadata["continue"] = list.continueToken;
    }
    // Whatever the form, nothing below sees more than the caller may.
    std::vector<Object> visible;
    visible.reserve(list.items.size());
    for (const Object& object : list.items) {
        visible.push_back(redacted(object));
    }
    if (form == Form::Table) {
        json::Object table = toTable(type, visible, now, rowObject(route));
        table["metadata"] = std::move(metadata);
        return jsonAnswer(std::move(table));
    }
    json::Array items;
    items.reserve(visible.size());
    for (const Object& object : visible) {
        items.push_back(object.value());
    }
    return jsonAnswer(json::Object{{"kind", type.kind + "List"},
                                   {"apiVersion", type.apiVersion()},
                                   {"metadata", std::move(metadata)},
                                   {"items", std::move(items)}});
}

http_server::Response Resources::objectAnswer(const ResourceType& type, const Object& object, Form form,
                                              const Route& route, TimePoint now, int status) {
    const Object visible = redacted(object);
    if (form == Form::Table) {
        json::Object table = toTable(type, {&visible, 1}, now, rowObject(route));
        table["metadata"] = json::Object{{"resourceVersion", visible.resourceVersion()}};
        return jsonAnswer(std::move(table), status);
    }
    return jsonAnswer(visible.value(), status);
}

Result<http_server::Response> Resources::handle(const http_server::Request& request, const Route& route,
                                                const ResourcePath& path) {
    auto form = chooseForm(request.headers.value("Accept"));
    auto options = writeOptions(request, route);
    if (!form || !options) {
        return failure(form ? options.error() : form.error());
    }
    const Call call{request, route, path, *form, {path.kind->type, path.nameSpace, path.name}, std::move(*options)};
    if (request.method == "GET" || request.method == "HEAD") {
        return path.kind->type == kinds::Namespace ? namespaces(call) : read(call);
    }
    if (auto allowed = mayWrite(call.key.type, call.key.name); !allowed) {
        return failure(std::move(allowed.error()));
    }
    const bool onObject = !path.name.empty();
    const bool onStatus = path.subresource == "status" && path.kind->hasStatus;
    if (!path.subresource.empty() && !onStatus) {
        return failure(ErrorKind::NotFound, path.kind->type.resourceName() + " has no subresource " + path.subresource);
    }
    // What the agent says of its own work is not for others to say: a pack that is "Completed" is taken at its word.
    if (onStatus) {
        return failure(ErrorKind::Forbidden,
                       "the status of " + path.kind->type.resourceName() + " is written by the agent alone",
                       "change the object's spec; the status follows");
    }
    if (request.method == "POST" && !onObject) {
        return create(call);
    }
    if (request.method == "PUT" && onObject) {
        return update(call);
    }
    if (request.method == "PATCH" && onObject) {
        return patch(call);
    }
    if (request.method == "DELETE" && !onStatus) {
        return onObject ? remove(call) : removeCollection(call);
    }
    return unsupported(request, path);
}

Result<http_server::Response> Resources::read(const Call& call) {
    if (!call.path.subresource.empty() && (call.path.subresource != "status" || !call.path.kind->hasStatus)) {
        return failure(ErrorKind::NotFound,
                       call.key.type.resourceName() + " has no subresource " + call.path.subresource);
    }
    if (!call.key.name.empty()) {
        auto object = m_store.get(call.key);
        if (!object) {
            return failure(std::move(object.error()));
        }
        return objectAnswer(call.key.type, *object, call.form, call.route, m_clock.now());
    }
    const auto options = listOptions(call.route, call.path);
    if (!options) {
        return failure(options.error());
    }
    const auto list = m_store.list(call.key.type, *options);
    if (!list) {
        return failure(list.error());
    }
    return listAnswer(call.key.type, *list, call.form, call.route, m_clock.now());
}

/// The body as an object of the kind, namespace and (where there is one) name that the path says.
Result<Object> Resources::bodyObject(const Call& call, std::vector<std::string>& warnings) const {
    auto value = readBody(call.request);
    const auto validation = validationOf(call.route);
    if (!value || !validation) {
        return failure(value ? validation.error() : value.error());
    }
    if (call.path.subresource.empty()) {
        if (auto known = handleUnknown(call.key.type, *validation, *value, warnings); !known) {
            return failure(std::move(known.error()));
        }
    }
    auto object = Object::from(std::move(*value));
    if (!object) {
        return object;
    }
    const ResourceType& type = call.key.type;
    if (object->apiVersion() != type.apiVersion() || object->kind() != type.kind) {
        return failure(ErrorKind::BadRequest, "the body is a " + object->kind() + " of " + object->apiVersion() +
                                                  ", the path is for a " + type.kind + " of " + type.apiVersion());
    }
    if (object->nameSpace().empty() && type.namespaced) {
        object->metadata()["namespace"] = call.key.nameSpace;
    }
    if (object->nameSpace() != call.key.nameSpace) {
        return failure(ErrorKind::BadRequest,
                       "metadata.namespace is " + object->nameSpace() + ", the path says " + call.key.nameSpace);
    }
    if (!call.key.name.empty() && object->name() != call.key.name) {
        return failure(ErrorKind::BadRequest,
                       "metadata.name is " + object->name() + ", the path says " + call.key.name);
    }
    if (auto allowed = mayWrite(type, object->name()); !allowed) {
        return failure(std::move(allowed.error()));
    }
    // A generated name could end in what is reserved.
    if (auto allowed = mayWrite(type, object->text("metadata.generateName")); !allowed) {
        return failure(std::move(allowed.error()));
    }
    if (auto whole = isWhole(*object); !whole) {
        return failure(std::move(whole.error()));
    }
    return object;
}

http_server::Response Resources::written(const Call& call, const Object& object, int status,
                                         const std::vector<std::string>& warnings) const {
    auto response = objectAnswer(call.key.type, object, call.form, call.route, m_clock.now(), status);
    auto all = warnings;
    if (api::schemaOf(call.key.type) != nullptr) {
        const auto review = api::review(object, api::Unknown::Drop);
        all.insert(all.end(), review.warnings.begin(), review.warnings.end());
    }
    for (const auto& warning : all) {
        response.headers.add("Warning", "299 - \"" + quotedForWarning(warning) + "\"");
    }
    return response;
}

Result<http_server::Response> Resources::create(const Call& call) {
    if (call.key.type.namespaced && call.key.nameSpace.empty()) {
        return failure(ErrorKind::BadRequest,
                       "an object is created in a namespace: POST to …/namespaces/<name>/" + call.key.type.plural);
    }
    std::vector<std::string> warnings;
    const auto object = bodyObject(call, warnings);
    if (!object) {
        return failure(object.error());
    }
    const auto created = m_store.create(*object, call.options);
    if (!created) {
        return failure(created.error());
    }
    return written(call, *created, 201, warnings);
}

Result<http_server::Response> Resources::update(const Call& call) {
    std::vector<std::string> warnings;
    const auto object = bodyObject(call, warnings);
    if (!object) {
        return failure(object.error());
    }
    const auto updated = call.path.subresource.empty() ? m_store.update(*object, call.options)
                                                       : m_store.updateStatus(*object, call.options);
    if (!updated) {
        return failure(updated.error());
    }
    return written(call, *updated, 200, warnings);
}

Result<http_server::Response> Resources::patch(const Call& call) {
    const std::string type = mediaType(call.request.headers.value("Content-Type"));
    if (type == "application/apply-patch+yaml") {
        return apply(call);
    }
    const bool strategic = type == "application/strategic-merge-patch+json" && call.key.type.group.empty();
    if (type != "application/merge-patch+json" && type != "application/json-patch+json" && !strategic) {
        return failure(withStatus(415, ErrorKind::Unsupported,
                                  "a patch of type " + type.substr(0, 100) + " is not read here",
                                  "send application/merge-patch+json, application/json-patch+json or "
                                  "application/apply-patch+yaml"));
    }
    auto value = readBody(call.request);
    const auto validation = validationOf(call.route);
    if (!value || !validation) {
        return failure(value ? validation.error() : value.error());
    }
    // For the maps of the core kinds a strategic patch is a merge patch, unless it gives directives.
    if (strategic && json::compact(*value).find("\"$") != std::string::npos) {
        return failure(withStatus(415, ErrorKind::Unsupported, "directives of strategic patches are not read here",
                                  "use `kubectl apply --server-side`"));
    }
    const bool jsonPatch = type == "application/json-patch+json";
    if (auto allowed = jsonPatch ? mayPatch(call.key.type, *value) : Result<void>(); !allowed) {
        return failure(std::move(allowed.error()));
    }
    std::vector<std::string> warnings;
    if (!jsonPatch && call.path.subresource.empty()) {
        if (auto known = handleUnknown(call.key.type, *validation, *value, warnings); !known) {
            return failure(std::move(known.error()));
        }
        if (const json::Value* mark = json::at(*value, "metadata.annotations");
            mark != nullptr && json::find(*mark, RedactedAnnotation) != nullptr && call.key.type == kinds::Secret) {
            return failure(ErrorKind::Invalid,
                           std::string("the annotation ") + RedactedAnnotation + " is the server's own");
        }
    }
    const auto patched = m_store.patch(call.key, jsonPatch ? PatchType::Json : PatchType::Merge, *value,
                                       call.path.subresource, call.options);
    if (!patched) {
        return failure(patched.error());
    }
    return written(call, *patched, 200, warnings);
}

Result<http_server::Response> Resources::apply(const Call& call) {
    if (call.route.parameter("fieldManager").empty()) {
        return failure(ErrorKind::BadRequest, "server-side apply needs the parameter fieldManager");
    }
    if (!call.path.subresource.empty()) {
        return failure(ErrorKind::Unsupported, "the status cannot be applied; patch it");
    }
    std::vector<std::string> warnings;
    const auto object = bodyObject(call, warnings);
    if (!object) {
        return failure(object.error());
    }
    ApplyOptions options;
    static_cast<WriteOptions&>(options) = call.options;
    options.force = call.route.flag("force");
    const bool existed = m_store.get(call.key).has_value();
    const auto applied = m_store.apply(*object, options);
    if (!applied) {
        return failure(applied.error());
    }
    return written(call, *applied, existed ? 200 : 201, warnings);
}

Result<http_server::Response> Resources::remove(const Call& call) {
    const auto options = deleteOptions(call.request, call.route, call.options.dryRun);
    if (!options) {
        return failure(options.error());
    }
    const auto removed = m_store.remove(call.key, *options);
    if (!removed) {
        return failure(removed.error());
    }
    if (removed->isBeingDeleted() && !removed->finalizers().empty()) {
        return objectAnswer(call.key.type, *removed, call.form, call.route, m_clock.now());
    }
    return jsonAnswer(successStatus(call.key, removed->uid()));
}

Result<http_server::Response> Resources::removeCollection(const Call& call) {
    const auto options = deleteOptions(call.request, call.route, call.options.dryRun);
    const auto selection = listOptions(call.route, call.path);
    if (!options || !selection) {
        return failure(options ? selection.error() : options.error());
    }
    auto list = m_store.list(call.key.type, *selection);
    if (!list) {
        return failure(std::move(list.error()));
    }
    for (const Object& object : list->items) {
        if (auto allowed = mayWrite(call.key.type, object.name()); !allowed) {
            return failure(std::move(allowed.error()));
        }
    }
    for (const Object& object : list->items) {
        DeleteOptions own = *options;
        own.preconditions = {object.uid(), {}};
        const auto removed = m_store.remove({call.key.type, object.nameSpace(), object.name()}, own);
        if (!removed && removed.error().kind != ErrorKind::NotFound) {
            return failure(removed.error());
        }
    }
    return listAnswer(call.key.type, *list, call.form, call.route, m_clock.now());
}

Result<http_server::Response> Resources::namespaces(const Call& call) {
    std::set<std::string> names{"default"};
    for (const auto& kind : knownKinds()) {
        if (kind.isVirtual || !kind.type.namespaced) {
            continue;
        }
        const auto list = m_store.list(kind.type, {});
        if (!list) {
            return failure(list.error());
        }
        for (const Object& object : list->items) {
            names.insert(object.nameSpace());
        }
    }
    ObjectList all;
    for (const auto& name : names) {
        all.items.emplace_back(
            json::Object{{"apiVersion", "v1"},
                         {"kind", "Namespace"},
                         {"metadata", json::Object{{"name", name}, {"uid", crypto::stableUuid("namespace/" + name)}}},
                         {"status", json::Object{{"phase", "Active"}}}});
    }
    if (call.key.name.empty()) {
        return listAnswer(call.key.type, all, call.form, call.route, m_clock.now());
    }
    for (const Object& object : all.items) {
        if (object.name() == call.key.name) {
            return objectAnswer(call.key.type, object, call.form, call.route, m_clock.now());
        }
    }
    return failure(ErrorKind::NotFound, "nothing is in the namespace " + call.key.name);
}

} // namespace gatehouse::admin_api
