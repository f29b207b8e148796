#pragma once

#include "agent/commands/Command.h"

namespace gatehouse::commands {

struct EvidenceExportOptions {
    std::string out; ///< a folder, or a name that ends in ".zip"
    std::string endpoints;
    std::vector<std::string> dumps;
    std::string signingKey; ///< empty: signing-key.pem in the configuration folder, made on first use
    std::string previous;
    std::string installation;
    double leastCoverage = 1.0;
    double rate = 20;
};

/// Probes and collects here, without an agent; or, when one is chosen with --server or --data, has that agent make the
/// pack and fetches it.
[[nodiscard]] Result<ExitCode> exportEvidence(const EvidenceExportOptions& options, const CommonOptions& common);

} // namespace gatehouse::commands
