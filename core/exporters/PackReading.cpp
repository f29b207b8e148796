#include "core/exporters/Exporters.h"
#include "core/signing/PackReader.h"

namespace gatehouse::exporters {

Result<evidence::Files> readPack(const std::filesystem::path& pack) {
    return signing::readPackFiles(pack);
}

} // namespace gatehouse::exporters
