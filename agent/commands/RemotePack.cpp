#include "agent/commands/RemotePack.h"

#include "agent/commands/TrustedKeys.h"
#include "core/evidence/Escape.h"
#include "core/evidence/PackDiff.h"
#include "core/exporters/Exporters.h"
#include "core/files/Files.h"
#include "core/http/ApiClient.h"
#include "core/object_store/KnownKinds.h"
#include "core/process/StopSignals.h"
#include "core/session/AgentConnection.h"
#include "core/signing/StrictZip.h"
#include "core/time/Pause.h"

#include <cstdio>

namespace gatehouse::commands {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A probe of a large installation at the default rate takes minutes, not hours.
constexpr std::chrono::minutes Patience{60};
constexpr const char* PackNamespace = "default";

Result<session::AgentConnection> connectionTo(const CommonOptions& common) {
    return common.server.empty() ? session::readConnection(common.dataDir)
                                 : session::readConnection(common.server, common.tokenFile, common.caFile);
}

Object newPack() {
    return Object(json::Object{{"apiVersion", kinds::EvidencePack.apiVersion()},
                               {"kind", kinds::EvidencePack.kind},
                               {"metadata", {{"generateName", "pack-"}, {"namespace", PackNamespace}}},
                               {"spec", {{"reason", "evidence export"}}}});
}

/// Follows the pack's status until it is made, saying every few seconds how far it is.
Result<Object> waitFor(http::ApiClient& client, const std::string& name, std::stop_token stop) {
    const ObjectKey key{kinds::EvidencePack, PackNamespace, name};
    const auto deadline = std::chrono::steady_clock::now() + Patience;
    std::string toldPhase;
    std::chrono::steady_clock::time_point toldAt;
    while (std::chrono::steady_clock::now() < deadline) {
        Result<Object> pack = client.get(key);
        if (!pack) {
            return pack;
        }
        const std::string phase = pack->text("status.phase");
        if (phase == "Completed") {
            return pack;
        }
        if (phase == "Failed") {
            return failure(ErrorKind::Internal,
                           "the agent could not make the pack: " + evidence::visible(pack->text("status.message")) +
                               evidence::visible(pack->text("status.verifyProblem")));
        }
        const auto now = std::chrono::steady_clock::now();
        if (!phase.empty() && (phase != toldPhase || now - toldAt > 5s)) {
            std::fprintf(stderr, "%s: %s\n", evidence::visible(phase).c_str(),
                         evidence::visible(pack->text("status.message")).c_str());
            toldPhase = phase;
            toldAt = now;
        }
        if (stop.stop_requested()) {
            return failure(ErrorKind::Cancelled, "interrupted; the agent goes on making pack " + name);
        }
        pauseFor(400ms, stop);
    }
    return failure(ErrorKind::Timeout, "the pack " + name + " was not made within an hour", "see its status");
}

Result<fs::path> keep(const std::string& archive, const evidence::Files& files, const fs::path& out) {
    if (out.extension() == ".zip") {
        const Result<void> written = files::writeAtomically(out, archive);
        return written ? Result<fs::path>(out) : failure(because("the pack was not written", written.error()));
    }
    return exporters::writeFolder({{}, files}, out);
}

Result<ExitCode> judge(const Object& pack, const evidence::Files& files, double leastCoverage) {
    const Result<probe::ProbeReport> report = evidence::reportOf(files);
    if (!report) {
        return failure(because("the agent's pack cannot be read", report.error()));
    }
    if (pack.text("status.result") == "FAILED" || !report->findings.empty()) {
        return ExitCode::Findings;
    }
    bool covered = !report->endpoints.empty() && report->coverage() >= leastCoverage;
    for (const probe::EndpointReport& endpoint : report->endpoints) {
        covered = covered && endpoint.conclusion == probe::Conclusion::Denies;
    }
    return covered ? ExitCode::Holds : ExitCode::Coverage;
}

Result<void> verifyWritten(const fs::path& pack, const CommonOptions& common) {
    const Result<std::vector<std::string>> keys = trustedKeys({}, common);
    if (!keys) {
        return failure(keys.error());
    }
    if (keys->empty()) {
        std::fprintf(stderr, "not verified: no trusted key is at hand; verify it with --key\n");
        return {};
    }
    const Result<signing::VerifyResult> verified = signing::verifyPack(pack, *keys);
    if (!verified) {
        return failure(verified.error());
    }
    if (!verified->valid) {
        return failure(ErrorKind::Integrity, "the pack that came from the agent does not verify: " + verified->problem);
    }
    return {};
}

} // namespace

Result<void> targetIsFree(const fs::path& out) {
    std::error_code code;
    const fs::file_status status = fs::symlink_status(out, code);
    const bool emptyFolder = fs::is_directory(status) && fs::is_empty(out, code) && out.extension() != ".zip";
    if (fs::exists(status) && !emptyFolder) {
        return failure(ErrorKind::AlreadyExists, out.string() + " exists already and is not an empty folder",
                       "choose another name; packs are never overwritten");
    }
    return {};
}

Result<ExitCode> exportFromAgent(const fs::path& out, double leastCoverage, const CommonOptions& common) {
    const process::StopSignals signals;
    Result<session::AgentConnection> connection = connectionTo(common);
    const Result<void> free = targetIsFree(out);
    if (!connection || !free) {
        return failure(connection ? free.error() : connection.error());
    }
    http::ClientOptions options;
    options.baseUrl = connection->server;
    options.caPem = connection->caPem;
    options.token = std::move(connection->token);
    options.maxBodyBytes = 600U << 20;
    http::ApiClient client(std::move(options));
    client.setStop(signals.token());
    const Result<Object> created = client.create(newPack());
    if (!created) {
        return failure(because("the agent did not take the order for a pack", created.error()));
    }
    const Result<Object> pack = waitFor(client, created->name(), signals.token());
    if (!pack) {
        return failure(pack.error());
    }
    const Result<std::string> archive = client.bytes(
        std::string("namespaces/") + PackNamespace + "/evidencepacks/" + created->name() + "/archive", signals.token());
    const Result<evidence::Files> files = archive ? signing::readStrictZip(*archive) : failure(archive.error());
    const Result<fs::path> written = files ? keep(*archive, *files, out) : failure(files.error());
    if (!written) {
        return failure(written.error());
    }
    if (Result<void> verified = verifyWritten(*written, common); !verified) {
        return failure(std::move(verified.error()));
    }
    std::printf("%s\n", written->c_str());
    std::fprintf(stderr, "%s, run %s\n", evidence::visible(pack->text("status.result")).c_str(),
                 evidence::visible(pack->text("status.runId")).c_str());
    return judge(*pack, *files, leastCoverage);
}

} // namespace gatehouse::commands
