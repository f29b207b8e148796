#include "core/local_store/ManagedFields.h"

#include <algorithm>
#include <vector>

namespace gatehouse::local_store {
namespace {

struct Entry {
    std::string manager;
    std::string operation; ///< "Apply" or "Update"
    std::string apiVersion;
    std::string time;
    std::string subresource;
    FieldSet fields;

    [[nodiscard]] bool isOf(const Manager& who, std::string_view what) const {
        return manager == who.name && operation == what && subresource == who.subresource;
    }
};

std::vector<Entry> entriesOf(const Object& object) {
    std::vector<Entry> entries;
    const json::Value* list = object.at("metadata.managedFields");
    if (list == nullptr || !list->is_array()) {
        return entries;
    }
    for (const json::Value& item : list->get_array()) {
        const json::Value* fields = json::find(item, "fieldsV1");
        entries.push_back({json::text(item, "manager"), json::text(item, "operation"), json::text(item, "apiVersion"),
                           json::text(item, "time"), json::text(item, "subresource"),
                           fields == nullptr ? FieldSet() : FieldSet::fromJson(*fields)});
    }
    return entries;
}

void setEntries(Object& object, std::vector<Entry> entries) {
    std::erase_if(entries, [](const Entry& entry) { return entry.fields.empty(); });
    if (entries.empty()) {
        object.metadata().erase("managedFields");
        return;
    }
    json::Array list;
    for (const Entry& entry : entries) {
        json::Object item{{"manager", entry.manager},       {"operation", entry.operation},
                          {"apiVersion", entry.apiVersion}, {"time", entry.time},
                          {"fieldsType", "FieldsV1"},       {"fieldsV1", entry.fields.toJson()}};
        if (!entry.subresource.empty()) {
            item["subresource"] = entry.subresource;
        }
        list.push_back(std::move(item));
    }
    object.metadata()["managedFields"] = std::move(list);
}

Entry& entryFor(std::vector<Entry>& entries, const Manager& manager, const char* operation) {
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const Entry& entry) { return entry.isOf(manager, operation); });
    if (found != entries.end()) {
        return *found;
    }
    entries.push_back({.manager = manager.name, .operation = operation, .subresource = manager.subresource});
    return entries.back();
}

void setFields(Entry& entry, FieldSet fields, const Object& object, const Manager& manager) {
    if (entry.fields != fields || entry.apiVersion != object.apiVersion()) {
        entry.fields = std::move(fields);
        entry.apiVersion = object.apiVersion();
        entry.time = manager.now;
    }
}

json::Object withoutNulls(const json::Object& object) {
    json::Object clean;
    for (const auto& member : object) {
        if (member.value().is_object()) {
            clean[member.key()] = withoutNulls(member.value().get_object());
        } else if (!member.value().is_null()) {
            clean[member.key()] = member.value();
        }
    }
    return clean;
}

/// The members of metadata that a client may set, with the rest of the applied object.
json::Object ownable(const Object& applied) {
    json::Object content = withoutNulls(applied.content());
    json::Object metadata;
    for (const char* name : {"labels", "annotations", "finalizers", "ownerReferences"}) {
        if (const json::Value* found = json::find(content["metadata"], name)) {
            metadata[name] = *found;
        }
    }
    content["metadata"] = std::move(metadata);
    return content;
}

Error conflictOf(const std::vector<std::pair<std::string, FieldSet>>& conflicts) {
    std::string text;
    std::size_t count = 0;
    for (const auto& [manager, fields] : conflicts) {
        for (const std::string& path : fields.paths()) {
            ++count;
            text += (text.empty() ? "" : ", ") + path + " belongs to \"" + manager + "\"";
        }
    }
    return makeError(ErrorKind::Conflict,
                     "apply failed with " + std::to_string(count) + (count == 1 ? " conflict: " : " conflicts: ") +
                         text,
                     "leave these fields out, or apply with force to take them over");
}

json::Object withoutTimes(const Object& object) {
    json::Object content = object.content();
    if (json::Value* metadata = content.if_contains("metadata"); metadata != nullptr && metadata->is_object()) {
        json::Value* list = metadata->get_object().if_contains("managedFields");
        if (list != nullptr && list->is_array()) {
            for (json::Value& item : list->get_array()) {
                if (item.is_object()) {
                    item.get_object().erase("time");
                }
            }
        }
    }
    return content;
}

} // namespace

void trackUpdate(const Object& before, Object& after, const Manager& manager) {
    const FieldSet changed = changedLeaves(before.content(), after.content());
    FieldSet removed = leavesOf(before.content());
    removed.subtract(leavesOf(after.content()));
    std::vector<Entry> entries = entriesOf(before);
    for (Entry& entry : entries) {
        FieldSet fields = entry.fields;
        fields.subtract(removed);
        if (!entry.isOf(manager, "Update")) {
            fields.subtract(changed);
        }
        entry.fields = std::move(fields);
    }
    if (!changed.empty()) {
        Entry& own = entryFor(entries, manager, "Update");
        FieldSet fields = own.fields;
        fields.add(changed);
        setFields(own, std::move(fields), after, manager);
        own.time = manager.now;
    }
    setEntries(after, std::move(entries));
}

Result<Object> applyFields(const Object& live, const Object& applied, const Manager& manager, bool force) {
    const json::Object wanted = ownable(applied);
    const FieldSet wantedFields = leavesOf(wanted);
    const FieldSet changed = changedLeaves(live.content(), wanted);
    std::vector<Entry> entries = entriesOf(live);
    std::vector<std::pair<std::string, FieldSet>> conflicts;
    FieldSet keptByOthers;
    for (Entry& entry : entries) {
        if (entry.isOf(manager, "Apply")) {
            continue;
        }
        if (FieldSet taken = entry.fields.intersected(changed); !taken.empty()) {
            entry.fields.subtract(taken);
            conflicts.emplace_back(entry.manager, std::move(taken));
        }
        keptByOthers.add(entry.fields);
    }
    if (!conflicts.empty() && !force) {
        return failure(conflictOf(conflicts));
    }
    Object merged = live;
    mergeApplied(merged.content(), wanted);
    Entry& own = entryFor(entries, manager, "Apply");
    FieldSet leftOut = own.fields;
    leftOut.subtract(wantedFields);
    leftOut.subtract(keptByOthers);
    removeFields(merged.content(), leftOut);
    setFields(own, wantedFields, applied, manager);
    FieldSet gone = leavesOf(live.content());
    gone.subtract(leavesOf(merged.content()));
    for (Entry& entry : entries) {
        entry.fields.subtract(gone);
    }
    setEntries(merged, std::move(entries));
    return merged;
}

bool sameContent(const Object& a, const Object& b) {
    return withoutTimes(a) == withoutTimes(b);
}

} // namespace gatehouse::local_store
