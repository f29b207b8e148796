#include "agent/commands/ObjectFiles.h"

#include "core/files/Files.h"
#include "core/yaml/Yaml.h"

#include <cstdio>

namespace gatehouse::commands {
namespace {

Result<std::string> readStdin(std::size_t limit) {
    std::string text;
    char chunk[65536];
    for (std::size_t count = 0; (count = std::fread(chunk, 1, sizeof chunk, stdin)) > 0;) {
        text.append(chunk, count);
        if (text.size() > limit) {
            return failure(ErrorKind::TooLarge, "stdin holds more than " + std::to_string(limit) + " bytes");
        }
    }
    return text;
}

Result<void> take(json::Value value, const std::string& where, std::vector<FileObject>& objects) {
    if (json::text(value, "kind").ends_with("List") && json::find(value, "items") != nullptr) {
        json::Value* items = value.get_object().if_contains("items");
        if (!items->is_array()) {
            return failure(ErrorKind::BadRequest, where + ": items is no list");
        }
        for (std::size_t i = 0; i < items->get_array().size(); ++i) {
            auto read = take(std::move(items->get_array()[i]), where + ", item " + std::to_string(i + 1), objects);
            if (!read) {
                return read;
            }
        }
        return {};
    }
    auto object = Object::from(std::move(value));
    if (!object) {
        return failure(because(where, std::move(object.error())));
    }
    const std::string name = object->kind() + " " + object->name();
    objects.push_back({std::move(*object), where + " (" + name + ")"});
    return {};
}

} // namespace

Result<std::vector<FileObject>> readObjectFiles(const std::vector<std::string>& paths) {
    const yaml::Limits limits;
    std::vector<FileObject> objects;
    for (const auto& path : paths) {
        const std::string name = path == "-" ? "stdin" : path;
        const auto text = path == "-" ? readStdin(limits.bytes) : files::read(path, limits.bytes);
        if (!text) {
            return failure(text.error());
        }
        auto documents = yaml::readAll(*text, limits);
        if (!documents) {
            return failure(because(name, std::move(documents.error())));
        }
        for (auto& document : *documents) {
            const std::string where = name + ", line " + std::to_string(document.line);
            if (auto taken = take(std::move(document.value), where, objects); !taken) {
                return failure(std::move(taken.error()));
            }
        }
    }
    if (objects.empty()) {
        return failure(ErrorKind::BadRequest, "there is no object in " + (paths.empty() ? "no file" : paths.front()),
                       "give YAML with apiVersion, kind and metadata.name");
    }
    return objects;
}

} // namespace gatehouse::commands
