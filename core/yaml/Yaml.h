#pragma once

#include "core/json/Json.h"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::yaml {

/// Bounds for text a stranger may have written. Aliases are refused altogether: no Kubernetes manifest needs them, and
/// they are how a small file becomes a huge one.
struct Limits {
    std::size_t bytes = 4U << 20;
    std::size_t depth = 64;
    std::size_t nodes = 500'000;
    std::size_t documents = 20'000;
};

/// One document of a stream and the line it starts on (1-based), for error messages.
struct Document {
    json::Value value;
    std::size_t line = 1;
};

/// Reads a multi-document YAML stream the way Kubernetes does: plain scalars are typed by the YAML 1.2 JSON schema plus
/// true/false/yes-free booleans (`yes`, `no`, `on`, `off` stay strings), member names are strings, duplicate names,
/// aliases, tags other than the core ones and invalid UTF-8 are refused. Empty documents are skipped.
[[nodiscard]] Result<std::vector<Document>> readAll(std::string_view text, Limits limits = {});

/// Reads exactly one document.
[[nodiscard]] Result<json::Value> readOne(std::string_view text, Limits limits = {});

/// Block style, two spaces, members in the order they stand; strings are quoted only where they would be read back as
/// something else. Reading the result gives the same value.
[[nodiscard]] std::string write(const json::Value& value);

} // namespace gatehouse::yaml
