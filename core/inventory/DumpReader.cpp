#include "core/inventory/DumpReader.h"

#include "core/files/Files.h"
#include "core/yaml/Yaml.h"

#include <algorithm>
#include <map>

namespace gatehouse::inventory {
namespace {

constexpr std::size_t MostBytes = 64U << 20;

/// What is already in the snapshot, by apiVersion, kind, namespace and name.
using Known = std::map<std::string, std::size_t>;

std::string keyOf(const Object& object) {
    return object.apiVersion() + "|" + object.kind() + "|" + object.nameSpace() + "|" + object.name();
}

class Collector {
public:
    Collector(std::string name, Snapshot& snapshot) : m_name(std::move(name)), m_snapshot(snapshot) {
        for (std::size_t i = 0; i < snapshot.objects.size(); ++i) {
            m_known.emplace(keyOf(snapshot.objects[i]), i);
        }
    }

    void take(json::Value value) {
        const std::string kind = json::text(value, "kind");
        json::Value* items = value.is_object() ? value.get_object().if_contains("items") : nullptr;
        if (kind.ends_with("List") && items != nullptr && items->is_array()) {
            for (json::Value& item : items->get_array()) {
                // Items of a typed list carry neither kind nor apiVersion.
                if (item.is_object() && !item.get_object().contains("kind") && kind.size() > 4) {
                    item.get_object()["kind"] = kind.substr(0, kind.size() - 4);
                    item.get_object()["apiVersion"] = json::text(value, "apiVersion");
                }
                takeObject(std::move(item));
            }
        } else {
            takeObject(std::move(value));
        }
    }

private:
    void takeObject(json::Value value) {
        Result<Object> object = Object::from(std::move(value));
        if (!object) {
            m_snapshot.notInspected.push_back({m_name, "an entry is no object: " + object.error().message});
            return;
        }
        if (object->kind() == "Secret") {
            object->content().erase("data");
            object->content().erase("stringData");
            object->metadata().erase("annotations"); // kubectl keeps a copy of the values there
        }
        const auto [place, isNew] = m_known.emplace(keyOf(*object), m_snapshot.objects.size());
        if (isNew) {
            m_snapshot.objects.push_back(std::move(*object));
        } else if (json::canonical(m_snapshot.objects[place->second].value()) != json::canonical(object->value())) {
            m_snapshot.notInspected.push_back(
                {object->kind() + " " + object->nameSpace() + "/" + object->name(),
                 "it stands twice in the input, in different states; the first was used, not that of " + m_name});
        }
    }

    std::string m_name;
    Snapshot& m_snapshot;
    Known m_known;
};

bool looksLikeJson(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

} // namespace

Result<void> readDump(std::string_view text, const std::string& name, Snapshot& snapshot) {
    Collector collector(name, snapshot);
    if (looksLikeJson(text)) {
        Result<json::Value> value = json::parse(text, {MostBytes, 100});
        if (!value) {
            return failure(because("the dump " + name + " cannot be read", value.error()));
        }
        if (value->is_array()) {
            for (json::Value& item : value->get_array()) {
                collector.take(std::move(item));
            }
        } else {
            collector.take(std::move(*value));
        }
        return {};
    }
    Result<std::vector<yaml::Document>> documents = yaml::readAll(text, {MostBytes, 100, 10'000'000, 200'000});
    if (!documents) {
        return failure(because("the dump " + name + " cannot be read", documents.error()));
    }
    if (documents->empty()) {
        return failure(ErrorKind::Invalid, "the dump " + name + " holds no object",
                       "give the output of kubectl get … -o yaml or -o json");
    }
    for (yaml::Document& document : *documents) {
        collector.take(std::move(document.value));
    }
    return {};
}

Result<Snapshot> readDumps(const std::vector<std::string>& files) {
    Snapshot snapshot;
    for (const std::string& file : files) {
        const Result<std::string> text = files::read(file, MostBytes);
        if (!text) {
            return failure(text.error());
        }
        if (Result<void> read = readDump(*text, file, snapshot); !read) {
            return failure(read.error());
        }
    }
    return snapshot;
}

} // namespace gatehouse::inventory
