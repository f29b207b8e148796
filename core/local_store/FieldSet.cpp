#include "core/local_store/FieldSet.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

namespace gatehouse::local_store {
namespace {

enum class ListKind { Atomic, Keyed, Set };

constexpr std::array<std::string_view, 5> OwnedMetadata{"labels", "annotations", "finalizers", "ownerReferences",
                                                        "generateName"};

/// How a list is owned, by its place: the schema knowledge of Kubernetes that our kinds need.
struct ListRule {
    ListKind kind = ListKind::Atomic;
    const char* key = "";
};

ListRule ruleOf(std::string_view parent, std::string_view name, const json::Array& list) {
    ListRule rule;
    if (parent == "metadata" && name == "finalizers") {
        rule.kind = ListKind::Set;
    } else if (parent == "metadata" && name == "ownerReferences") {
        rule = {ListKind::Keyed, "uid"};
    } else if (name == "conditions") {
        rule = {ListKind::Keyed, "type"};
    }
    std::set<std::string> seen;
    for (const json::Value& item : list) {
        const json::Value* key = rule.kind == ListKind::Keyed ? json::find(item, rule.key) : &item;
        if (rule.kind != ListKind::Atomic &&
            (key == nullptr || !key->is_string() || !seen.insert(std::string(key->get_string())).second)) {
            return {};
        }
    }
    return rule;
}

std::string itemName(const ListRule& rule, const json::Value& item) {
    if (rule.kind == ListKind::Set) {
        return "v:" + json::compact(item);
    }
    return "k:" + json::compact(json::Object{{rule.key, *json::find(item, rule.key)}});
}

const json::Value* itemNamed(const ListRule& rule, const json::Value* list, const std::string& name) {
    if (list != nullptr && list->is_array()) {
        for (const json::Value& item : list->get_array()) {
            const bool keyed = rule.kind == ListKind::Set ? item.is_string() : json::find(item, rule.key) != nullptr;
            if (keyed && itemName(rule, item) == name) {
                return &item;
            }
        }
    }
    return nullptr;
}

/// Adds the leaves of `value` that differ from `before`; with no `before` all of them.
void collect(const json::Value& value, const json::Value* before, std::string_view parent, std::string_view name,
             FieldSet& into) {
    if (const json::Object* object = value.if_object(); object != nullptr && !object->empty()) {
        for (const auto& member : *object) {
            const json::Value* old = before == nullptr ? nullptr : json::find(*before, member.key());
            FieldSet child;
            collect(member.value(), old, name, member.key(), child);
            if (!child.empty()) {
                into.children["f:" + std::string(member.key())] = std::move(child);
            }
        }
        return;
    }
    if (const json::Array* list = value.if_array(); list != nullptr && !list->empty()) {
        const ListRule rule = ruleOf(parent, name, *list);
        if (rule.kind != ListKind::Atomic) {
            for (const json::Value& item : *list) {
                const std::string path = itemName(rule, item);
                const json::Value* old = itemNamed(rule, before, path);
                FieldSet child;
                child.here = old == nullptr;
                if (rule.kind == ListKind::Keyed) {
                    collect(item, old, name, {}, child);
                }
                if (!child.empty()) {
                    into.children[path] = std::move(child);
                }
            }
            return;
        }
    }
    into.here = before == nullptr || *before != value;
}

FieldSet collectObject(const json::Object& object, const json::Object* before) {
    FieldSet all;
    for (const auto& member : object) {
        const std::string name(member.key());
        if (name == "apiVersion" || name == "kind") {
            continue;
        }
        const json::Value* old = before == nullptr ? nullptr : before->if_contains(name);
        FieldSet child;
        if (name != "metadata") {
            collect(member.value(), old, {}, name, child);
        } else if (member.value().is_object()) {
            json::Object owned;
            for (const std::string_view field : OwnedMetadata) {
                if (const json::Value* found = member.value().get_object().if_contains(field)) {
                    owned[field] = *found;
                }
            }
            if (!owned.empty()) {
                collect(owned, old, {}, name, child);
            }
        }
        if (!child.empty()) {
            all.children["f:" + name] = std::move(child);
        }
    }
    return all;
}

void mergeValue(json::Value& target, const json::Value& applied, std::string_view parent, std::string_view name);

void mergeList(json::Value& target, const json::Array& applied, const ListRule& rule, std::string_view name) {
    json::Array& list = target.get_array();
    for (const json::Value& item : applied) {
        const std::string path = itemName(rule, item);
        auto* found = const_cast<json::Value*>(itemNamed(rule, &target, path));
        if (found == nullptr) {
            list.push_back(item);
        } else if (rule.kind == ListKind::Keyed) {
            mergeValue(*found, item, name, {});
        }
    }
}

void mergeValue(json::Value& target, const json::Value& applied, std::string_view parent, std::string_view name) {
    if (applied.is_object() && target.is_object() && !applied.get_object().empty()) {
        for (const auto& member : applied.get_object()) {
            json::Object& object = target.get_object();
            if (json::Value* old = object.if_contains(member.key())) {
                mergeValue(*old, member.value(), name, member.key());
            } else {
                object[member.key()] = member.value();
            }
        }
        return;
    }
    if (applied.is_object() && target.is_object()) {
        return; // an empty map asks only that the map is there
    }
    if (applied.is_array() && target.is_array()) {
        const ListRule rule = ruleOf(parent, name, applied.get_array());
        if (rule.kind != ListKind::Atomic && ruleOf(parent, name, target.get_array()).kind != ListKind::Atomic) {
            mergeList(target, applied.get_array(), rule, name);
            return;
        }
    }
    target = applied;
}

void removeFrom(json::Value& value, const FieldSet& fields, std::string_view parent, std::string_view name) {
    if (json::Object* object = value.if_object()) {
        for (const auto& [path, child] : fields.children) {
            const std::string member = path.substr(2);
            json::Value* found = path.starts_with("f:") ? object->if_contains(member) : nullptr;
            if (found == nullptr) {
                continue;
            }
            const auto isEmpty = [](const json::Value& v) {
                return (v.is_object() && v.get_object().empty()) || (v.is_array() && v.get_array().empty());
            };
            const bool hadContent = !isEmpty(*found);
            if (!child.children.empty()) {
                removeFrom(*found, child, name, member);
            }
            const bool leaf = !found->is_object() || isEmpty(*found);
            if ((child.here && child.children.empty() && leaf) || (hadContent && isEmpty(*found))) {
                object->erase(member);
            }
        }
    } else if (json::Array* list = value.if_array()) {
        const ListRule rule = ruleOf(parent, name, *list);
        if (rule.kind == ListKind::Atomic) {
            return;
        }
        for (const auto& [path, child] : fields.children) {
            for (auto item = list->begin(); item != list->end(); ++item) {
                if (itemName(rule, *item) != path) {
                    continue;
                }
                if (child.here) {
                    list->erase(item);
                } else {
                    removeFrom(*item, child, name, {});
                }
                break;
            }
        }
    }
}

} // namespace

void FieldSet::add(const FieldSet& other) {
    here = here || other.here;
    for (const auto& [name, child] : other.children) {
        children[name].add(child);
    }
}

void FieldSet::subtract(const FieldSet& other) {
    here = here && !other.here;
    for (const auto& [name, child] : other.children) {
        const auto found = children.find(name);
        if (found != children.end()) {
            found->second.subtract(child);
            if (found->second.empty()) {
                children.erase(found);
            }
        }
    }
}

FieldSet FieldSet::intersected(const FieldSet& other) const {
    FieldSet both;
    both.here = here && other.here;
    for (const auto& [name, child] : children) {
        const auto found = other.children.find(name);
        if (found != other.children.end()) {
            FieldSet common = child.intersected(found->second);
            if (!common.empty()) {
                both.children[name] = std::move(common);
            }
        }
    }
    return both;
}

std::vector<std::string> FieldSet::paths() const {
    std::vector<std::string> all;
    if (here) {
        all.emplace_back();
    }
    for (const auto& [name, child] : children) {
        const std::string step = name.starts_with("f:") ? "." + name.substr(2) : "[" + name.substr(2) + "]";
        for (const std::string& rest : child.paths()) {
            all.push_back(step + rest);
        }
    }
    return all;
}

json::Object FieldSet::toJson() const {
    json::Object object;
    if (here && !children.empty()) {
        object["."] = json::Object();
    }
    for (const auto& [name, child] : children) {
        object[name] = child.toJson();
    }
    return object;
}

FieldSet FieldSet::fromJson(const json::Value& value) {
    FieldSet set;
    const json::Object* object = value.if_object();
    if (object == nullptr) {
        return set;
    }
    set.here = object->empty() || object->contains(".");
    for (const auto& member : *object) {
        if (member.key() != ".") {
            set.children[std::string(member.key())] = fromJson(member.value());
        }
    }
    return set;
}

FieldSet leavesOf(const json::Object& object) {
    return collectObject(object, nullptr);
}

FieldSet changedLeaves(const json::Object& before, const json::Object& after) {
    return collectObject(after, &before);
}

void mergeApplied(json::Object& target, const json::Object& applied) {
    json::Value value = std::move(target);
    mergeValue(value, applied, {}, {});
    target = std::move(value.get_object());
}

void removeFields(json::Object& target, const FieldSet& fields) {
    json::Value value = std::move(target);
    removeFrom(value, fields, {}, {});
    target = std::move(value.get_object());
}

} // namespace gatehouse::local_store
