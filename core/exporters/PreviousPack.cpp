#include "core/exporters/PreviousPack.h"

#include "core/crypto/Crypto.h"
#include "core/exporters/Exporters.h"
#include "core/signing/Signing.h"

namespace gatehouse::exporters {

Result<evidence::ChainLink> linkTo(const std::filesystem::path& pack,
                                   const std::vector<std::string>& trustedPublicKeysPem) {
    const auto verified = signing::verifyPack(pack, trustedPublicKeysPem);
    if (!verified) {
        return failure(verified.error());
    }
    if (!verified->valid) {
        return failure(ErrorKind::Integrity,
                       "the previous pack " + pack.string() + " does not verify: " + verified->problem,
                       "start a new chain by leaving the previous pack out, and keep the damaged one for the assessor");
    }
    const auto files = readPack(pack);
    if (!files) {
        return failure(files.error());
    }
    const auto manifest = files->find("manifest.json");
    const auto chain = files->find("chain.json");
    if (manifest == files->end()) {
        return failure(ErrorKind::Integrity, "the previous pack " + pack.string() + " has no manifest.json");
    }
    evidence::ChainLink link{
        .runId = verified->runId, .madeAt = verified->madeAt, .manifestSha256 = crypto::sha256Hex(manifest->second)};
    if (chain != files->end()) {
        const auto document = json::parse(chain->second);
        link.sequence = document ? static_cast<std::uint64_t>(json::number(*document, "sequence", 1)) : 1;
    }
    return link;
}

} // namespace gatehouse::exporters
