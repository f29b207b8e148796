#include "agent/envoy/AccessLogRotation.h"

#include <string>

namespace gatehouse::envoy {

Result<bool> rotate(const std::filesystem::path& file, std::uintmax_t limit, unsigned keep) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error || size <= limit) {
        return false;
    }
    const auto numbered = [&file](unsigned number) {
        return std::filesystem::path(file.string() + "." + std::to_string(number));
    };
    for (unsigned number = keep; number > 1; --number) {
        std::filesystem::rename(numbered(number - 1), numbered(number), error); // a missing one is nothing to move
    }
    std::filesystem::rename(file, numbered(1), error);
    if (error) {
        return failure(ErrorKind::Storage, "cannot rename " + file.string() + ": " + error.message());
    }
    return true;
}

} // namespace gatehouse::envoy
