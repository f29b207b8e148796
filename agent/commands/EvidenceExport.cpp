#include "agent/commands/EvidenceExport.h"

#include "agent/commands/ProgressLine.h"
#include "agent/commands/RemotePack.h"
#include "agent/commands/TrustedKeys.h"
#include "core/crypto/Crypto.h"
#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/exporters/Exporters.h"
#include "core/exporters/PreviousPack.h"
#include "core/files/Files.h"
#include "core/inventory/DumpReader.h"
#include "core/probe/Prober.h"
#include "core/process/StopSignals.h"
#include "core/yaml/Yaml.h"

#include <cstdio>
#include <set>
#include <unistd.h>

namespace gatehouse::commands {
namespace {

namespace fs = std::filesystem;

std::string hostName() {
    char name[256] = {};
    return ::gethostname(name, sizeof name - 1) == 0 && name[0] != '\0' ? std::string(name) : std::string("this host");
}

Result<std::vector<probe::ProbeTarget>> targetsFrom(const std::string& file) {
    if (file.empty()) {
        return std::vector<probe::ProbeTarget>();
    }
    const Result<std::string> text = files::read(file, 8U << 20);
    const Result<json::Value> document = text ? yaml::readOne(*text) : failure(text.error());
    if (!document) {
        return failure(because("the endpoint list " + file + " cannot be read", document.error()));
    }
    auto targets = probe::readEndpointList(*document, fs::absolute(file).parent_path().string());
    return targets ? std::move(targets) : failure(because(file, targets.error()));
}

Result<std::unique_ptr<signing::Signer>> signerOf(const EvidenceExportOptions& options) {
    if (!options.signingKey.empty()) {
        return signing::openOrCreateFileSigner(options.signingKey);
    }
    const Result<fs::path> folder = configurationFolder();
    return folder ? signing::openOrCreateFileSigner(*folder / "signing-key.pem") : failure(folder.error());
}

/// The pack before this one, verified with our own key or one that is trusted.
Result<std::optional<evidence::ChainLink>> linkToPrevious(const std::string& pack, const signing::Signer& signer,
                                                          const CommonOptions& common) {
    if (pack.empty()) {
        return std::nullopt;
    }
    Result<std::vector<std::string>> keys = trustedKeys({}, common);
    if (!keys) {
        return failure(std::move(keys.error()));
    }
    keys->push_back(signer.publicKeyPem());
    Result<evidence::ChainLink> link = exporters::linkTo(pack, *keys);
    return link ? Result<std::optional<evidence::ChainLink>>(std::move(*link)) : failure(std::move(link.error()));
}

/// Open routes that the run met, with what the endpoint list says of each.
std::vector<evidence::OpenRouteFact> openRoutes(const probe::ProbeReport& report,
                                                const std::vector<probe::ProbeTarget>& targets) {
    std::vector<evidence::OpenRouteFact> facts;
    std::set<std::pair<std::string, std::string>> seen;
    for (const probe::EndpointReport& endpoint : report.endpoints) {
        for (const probe::CheckResult& check : endpoint.checks) {
            const bool open = check.verdict == probe::Verdict::Public || check.verdict == probe::Verdict::Reached;
            if (!open || !seen.emplace(endpoint.name, check.route).second) {
                continue;
            }
            evidence::OpenRouteFact fact{.endpoint = endpoint.name, .verdict = check.verdict, .route = check.route};
            for (const probe::ProbeTarget& target : targets) {
                for (const probe::OpenRoute& declared : target.openRoutes) {
                    if (target.name == endpoint.name && declared.route == check.route) {
                        fact.reason = declared.reason;
                        fact.owner = declared.owner;
                        fact.approver = declared.approver;
                        fact.expires = declared.expires ? toIsoDate(*declared.expires) : "";
                    }
                }
            }
            facts.push_back(std::move(fact));
        }
    }
    return facts;
}

Result<evidence::EvidenceInputs> gather(const EvidenceExportOptions& options, std::stop_token stop) {
    const Result<std::vector<probe::ProbeTarget>> targets = targetsFrom(options.endpoints);
    if (!targets) {
        return failure(targets.error());
    }
    const Result<inventory::Snapshot> snapshot = inventory::readDumps(options.dumps);
    if (!snapshot) {
        return failure(snapshot.error());
    }
    const SystemClock clock;
    RunStamp run;
    run.id = crypto::randomUuid();
    run.startedAt = clock.now();
    evidence::EvidenceInputs inputs;
    inputs.installation = options.installation.empty() ? hostName() : options.installation;
    inputs.inventory = inventory::collect(*snapshot, inventory::allSources(), run);
    {
        ProgressLine line(clock);
        probe::ProbeOptions probing;
        probing.ratePerEndpoint = options.rate;
        inputs.report = probe::run(
            *targets, probing, clock, run, [&line](const probe::Progress& progress) { line.show(progress); }, stop);
    }
    if (inputs.report.cancelled) {
        return failure(ErrorKind::Cancelled, "the probe was interrupted; no pack was written");
    }
    inputs.openRoutes = openRoutes(inputs.report, *targets);
    evidence::addProbedEndpoints(inputs.inventory, inputs.report);
    inputs.madeAt = clock.now();
    return inputs;
}

Result<fs::path> write(const signing::SignedBundle& bundle, const fs::path& out) {
    return out.extension() == ".zip" ? exporters::writeZip(bundle, out) : exporters::writeFolder(bundle, out);
}

/// Findings come first: what is open is worse than what was not seen.
ExitCode exitCodeOf(const evidence::EvidenceInputs& inputs, double leastCoverage) {
    const evidence::Judgement judgement = evidence::judge(inputs);
    if (judgement.outcome == evidence::Judgement::Outcome::Failed || !inputs.report.findings.empty()) {
        return ExitCode::Findings;
    }
    bool covered = !inputs.report.endpoints.empty() && inputs.report.coverage() >= leastCoverage;
    for (const probe::EndpointReport& endpoint : inputs.report.endpoints) {
        covered = covered && endpoint.conclusion == probe::Conclusion::Denies;
    }
    return !covered ? ExitCode::Coverage : judgement.stale ? ExitCode::Stale : ExitCode::Holds;
}

void tell(const evidence::EvidenceInputs& inputs, const fs::path& pack, const signing::Signer& signer) {
    const evidence::Judgement judgement = evidence::judge(inputs);
    std::printf("%s\n", pack.c_str());
    std::fprintf(stderr, "%s, run %s, coverage %s, signed with %s\n", evidence::word(judgement.outcome),
                 inputs.report.run.id.c_str(), evidence::percent(inputs.report.coverage()).c_str(),
                 signer.keyFingerprint().c_str());
    for (const std::string& reason : judgement.reasons) {
        std::fprintf(stderr, "- %s\n", evidence::visible(reason).c_str());
    }
}

Result<ExitCode> exportHere(const EvidenceExportOptions& options, const CommonOptions& common) {
    if (options.endpoints.empty() && options.dumps.empty()) {
        std::fprintf(stderr, "gatehouse-agent: nothing to look at: give --endpoints FILE, -f DUMP, or a running agent "
                             "with --data or --server\n");
        return ExitCode::Usage;
    }
    const process::StopSignals signals;
    // Everything that can fail is tried before the endpoints are bothered.
    const Result<void> free = targetIsFree(options.out);
    if (!free) {
        return failure(free.error());
    }
    const Result<std::unique_ptr<signing::Signer>> signer = signerOf(options);
    if (!signer) {
        return failure(signer.error());
    }
    const auto previous = linkToPrevious(options.previous, **signer, common);
    if (!previous) {
        return failure(previous.error());
    }
    Result<evidence::EvidenceInputs> inputs = gather(options, signals.token());
    if (!inputs) {
        return failure(std::move(inputs.error()));
    }
    inputs->previous = *previous;
    Result<evidence::EvidenceBundle> bundle = evidence::assemble(*inputs);
    const auto signedBundle = bundle ? signing::sign(std::move(*bundle), **signer) : failure(bundle.error());
    const Result<fs::path> pack = signedBundle ? write(*signedBundle, options.out) : failure(signedBundle.error());
    if (!pack) {
        return failure(pack.error());
    }
    tell(*inputs, *pack, **signer);
    return exitCodeOf(*inputs, options.leastCoverage);
}

} // namespace

Result<ExitCode> exportEvidence(const EvidenceExportOptions& options, const CommonOptions& common) {
    if (common.server.empty() && common.dataDir.empty()) {
        return exportHere(options, common);
    }
    if (!options.endpoints.empty() || !options.dumps.empty() || !options.signingKey.empty() ||
        !options.previous.empty()) {
        std::fprintf(stderr, "gatehouse-agent: a running agent looks at its own endpoints and signs with its own key; "
                             "leave out --endpoints, -f, --signing-key and --previous\n");
        return ExitCode::Usage;
    }
    return exportFromAgent(options.out, options.leastCoverage, common);
}

} // namespace gatehouse::commands
