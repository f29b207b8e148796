#include "core/signing/StrictZip.h"
#include "tests/fuzz/Fuzz.h"

/// What is accepted has one reading: any byte more is refused.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    const std::string_view bytes = fuzz::view(data, size);
    const auto files = signing::readStrictZip(bytes);
    if (!files) {
        fuzz::require(!files.error().describe().empty(), "a refusal says why");
        return 0;
    }
    const std::string text(bytes);
    fuzz::require(!signing::readStrictZip(text + '\0').has_value(), "nothing may follow");
    fuzz::require(!signing::readStrictZip('\0' + text).has_value(), "nothing may come before");
    return 0;
}
