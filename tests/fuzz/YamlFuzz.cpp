#include "core/yaml/Yaml.h"
#include "tests/fuzz/Fuzz.h"

/// What is read can be written and reads back equal.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    const auto documents =
        yaml::readAll(fuzz::view(data, size), {.bytes = 1U << 16, .depth = 32, .nodes = 10'000, .documents = 100});
    if (!documents) {
        fuzz::require(!documents.error().describe().empty(), "a refusal says why");
        return 0;
    }
    for (const yaml::Document& document : *documents) {
        const auto again = yaml::readOne(yaml::write(document.value));
        fuzz::require(again.has_value(), "what is written is YAML");
        fuzz::require(*again == document.value, "what is written means the same");
    }
    return 0;
}
