#include "core/json/Json.h"
#include "tests/fuzz/Fuzz.h"

/// What is read can be written, reads back equal, and its canonical form is one form.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    const auto value = json::parse(fuzz::view(data, size), {.bytes = 1U << 16, .depth = 32});
    if (!value) {
        fuzz::require(!value.error().describe().empty(), "a refusal says why");
        return 0;
    }
    const std::string canonical = json::canonical(*value);
    const auto again = json::parse(canonical);
    fuzz::require(again.has_value(), "the canonical form is JSON");
    fuzz::require(*again == *value, "the canonical form means the same");
    fuzz::require(json::canonical(*again) == canonical, "there is one canonical form");
    const auto pretty = json::parse(json::pretty(*value));
    fuzz::require(pretty && *pretty == *value, "the indented form means the same");
    return 0;
}
