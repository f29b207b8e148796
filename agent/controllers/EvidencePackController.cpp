#include "agent/controllers/EvidencePackController.h"

#include "agent/controllers/StatusWriter.h"
#include "agent/queue/WorkOff.h"
#include "core/crypto/Crypto.h"
#include "core/exporters/Exporters.h"
#include "core/exporters/PreviousPack.h"
#include "core/files/Files.h"
#include "core/logging/Log.h"
#include "core/object_store/KnownKinds.h"
#include "core/time/Pause.h"

#include <thread>

namespace gatehouse::controllers {
namespace {

namespace fs = std::filesystem;

/// A run no older than this may become a pack; an older one would be stale the day it is signed.
constexpr auto OldestRun = std::chrono::hours(24);
constexpr std::uintmax_t LeastFree = 64U << 20;

bool isMade(const std::string& phase) {
    return phase == "Completed" || phase == "Failed";
}

json::Object failedStatus(const Error& error) {
    return {{"phase", "Failed"}, {"message", error.describe()}};
}

std::size_t countFindings(const evidence::EvidenceInputs& inputs) {
    std::size_t count = inputs.report.findings.size();
    for (const auto& endpoint : inputs.inventory.endpoints) {
        count += endpoint.findings.size();
    }
    return count;
}

} // namespace

EvidencePackController::EvidencePackController(ObjectStore& store, const assessment::Assessor& assessor,
                                               const ProbeRunController& runs, const signing::Signer& signer,
                                               std::filesystem::path packs, const Clock& clock)
    : m_store(store),
      m_assessor(assessor),
      m_runs(runs),
      m_signer(signer),
      m_packs(std::move(packs)),
      m_chain(m_packs / "chain-head.json"),
      m_clock(clock) {
    m_follower = std::make_unique<StoreFollower>(store, kinds::EvidencePack, [this](const Object& pack, bool) {
        m_queue.add(pack.nameSpace() + "/" + pack.name());
    });
    m_worker = std::jthread([this](std::stop_token stop) { work(stop); });
}

EvidencePackController::~EvidencePackController() {
    m_worker.request_stop();
    m_follower.reset();
}

void EvidencePackController::work(std::stop_token stop) {
    queue::workOff(m_queue, "an evidence pack could not be handled; trying again", stop, [&](const std::string& key) {
        const std::size_t slash = key.find('/');
        return handle(key.substr(0, slash), key.substr(slash + 1), stop);
    });
}

std::filesystem::path EvidencePackController::folderOf(const Object& pack) const {
    // The uid keeps a pack whose object was deleted from ever being overwritten by a namesake.
    return m_packs / (pack.nameSpace() + "-" + pack.name() + "-" + pack.uid().substr(0, 8));
}

Result<std::filesystem::path> EvidencePackController::pathOf(const std::string& nameSpace,
                                                             const std::string& name) const {
    const auto pack = m_store.get({kinds::EvidencePack, nameSpace, name});
    if (!pack) {
        return failure(pack.error());
    }
    if (pack->text("status.phase") != "Completed") {
        return failure(ErrorKind::NotFound, "evidence pack " + name + " is not complete: " +
                                                pack->text("status.message", "it is still being made"));
    }
    return folderOf(*pack);
}

Result<void> EvidencePackController::handle(const std::string& nameSpace, const std::string& name,
                                            std::stop_token stop) {
    const ObjectKey key{kinds::EvidencePack, nameSpace, name};
    const auto pack = m_store.get(key);
    if (!pack) {
        // Packs outlive their object on purpose: they are evidence.
        return pack.error().kind == ErrorKind::NotFound ? Result<void>() : failure(pack.error());
    }
    if (isMade(pack->text("status.phase")) || pack->isBeingDeleted()) {
        return {};
    }
    auto status = make(*pack, stop);
    if (stop.stop_requested()) {
        return {};
    }
    return writeStatus(m_store, key, status ? *status : failedStatus(status.error()));
}

Result<assessment::Assessment> EvidencePackController::assess(const Object& pack, std::stop_token stop) {
    if (const std::string run = pack.text("spec.probeRun"); !run.empty()) {
        const auto finished = m_runs.assessmentOf(pack.nameSpace(), run);
        if (finished == nullptr) {
            return failure(ErrorKind::NotFound,
                           "probe run " + run + " is not finished or was made before the agent's last start",
                           "leave spec.probeRun empty for a fresh run");
        }
        if (m_clock.now() - finished->report.finishedAt > OldestRun) {
            return failure(ErrorKind::Invalid, "probe run " + run + " is older than a day",
                           "leave spec.probeRun empty for a fresh run");
        }
        return *finished;
    }
    auto run = createRun(pack);
    if (!run) {
        return failure(std::move(run.error()));
    }
    return awaitRun(pack, run->name(), stop);
}

Result<Object> EvidencePackController::createRun(const Object& pack) {
    const json::Value owner{
        {"apiVersion", pack.apiVersion()}, {"kind", pack.kind()}, {"name", pack.name()}, {"uid", pack.uid()}};
    const json::Value run{{"apiVersion", kinds::ProbeRun.apiVersion()},
                          {"kind", kinds::ProbeRun.kind},
                          {"metadata",
                           {{"generateName", pack.name().substr(0, 200) + "-"},
                            {"namespace", pack.nameSpace()},
                            {"ownerReferences", json::Array{owner}}}},
                          {"spec", json::Object{}}};
    auto object = Object::from(run);
    return object ? m_store.create(*object) : object;
}

Result<assessment::Assessment> EvidencePackController::awaitRun(const Object& pack, const std::string& name,
                                                                std::stop_token stop) {
    const ObjectKey key{kinds::EvidencePack, pack.nameSpace(), pack.name()};
    std::string told;
    while (!stop.stop_requested()) {
        const auto run = m_store.get({kinds::ProbeRun, pack.nameSpace(), name});
        if (!run) {
            return failure(because("the probe run of the pack is gone", run.error()));
        }
        const std::string phase = run->text("status.phase");
        if (phase == "Completed") {
            const auto finished = m_runs.assessmentOf(pack.nameSpace(), name);
            return finished != nullptr ? Result<assessment::Assessment>(*finished)
                                       : failure(ErrorKind::Internal, "the probe run " + name + " has left no result");
        }
        if (phase == "Cancelled" || phase == "Failed") {
            return failure(ErrorKind::Cancelled,
                           "the probe run " + name + " ended as " + phase + ": " + run->text("status.message"),
                           "ask for a new pack");
        }
        const std::string now = std::to_string(json::number(run->value(), "status.done")) + " of " +
                                std::to_string(json::number(run->value(), "status.total")) + " checks done";
        if (now != told && phase == "Running") {
            told = now;
            // A status that cannot be written now is written with the next step.
            [[maybe_unused]] const auto written = writeStatus(m_store, key, {{"phase", "Probing"}, {"message", now}});
        }
        pauseFor(std::chrono::milliseconds(150), stop);
    }
    return failure(ErrorKind::Cancelled, "the agent stops");
}

Result<std::optional<evidence::ChainLink>> EvidencePackController::previous() const {
    auto head = m_chain.head();
    if (!head || *head) {
        return head;
    }
    // Packs that were made before the chain had a file of its own.
    const auto all = m_store.list(kinds::EvidencePack, {});
    if (!all) {
        return failure(because("the pack before this one cannot be looked up", all.error()));
    }
    const Object* newest = nullptr;
    for (const Object& other : all->items) {
        if (other.text("status.phase") == "Completed" &&
            (newest == nullptr || other.text("status.madeAt") > newest->text("status.madeAt"))) {
            newest = &other;
        }
    }
    if (newest == nullptr) {
        return std::nullopt;
    }
    auto link = exporters::linkTo(folderOf(*newest), {m_signer.publicKeyPem()});
    if (!link) {
        return failure(because("the pack before this one, " + newest->name() + ", cannot be followed", link.error()));
    }
    return std::move(*link);
}

Result<fs::path> EvidencePackController::writePack(const Object& pack, const signing::SignedBundle& sealed) const {
    const auto free = files::freeSpace(m_packs);
    if (free && *free < LeastFree) {
        return failure(ErrorKind::Storage,
                       "only " + std::to_string(*free >> 20U) + " MiB are free on the disk of " + m_packs.string(),
                       "free some space there; packs are never removed by the agent");
    }
    const fs::path folder = folderOf(pack);
    std::error_code code;
    if (fs::exists(fs::symlink_status(folder, code))) {
        // Of an attempt that a stop cut short. It is signed, so it is kept.
        fs::rename(folder, folder.string() + "-interrupted-" + crypto::randomUuid().substr(0, 8), code);
        if (code) {
            return failure(ErrorKind::Storage, "cannot move " + folder.string() + " aside: " + code.message());
        }
    }
    return exporters::writeFolder(sealed, folder);
}

Result<json::Object> EvidencePackController::make(const Object& pack, std::stop_token stop) {
    auto assessed = assess(pack, stop);
    if (!assessed) {
        return failure(std::move(assessed.error()));
    }
    const ObjectKey key{kinds::EvidencePack, pack.nameSpace(), pack.name()};
    [[maybe_unused]] const auto written =
        writeStatus(m_store, key, {{"phase", "Building"}, {"message", "the pack is being put together and signed"}});
    auto inputs = m_assessor.evidenceOf(std::move(*assessed), stop);
    if (!inputs) {
        return failure(std::move(inputs.error()));
    }
    auto before = previous();
    if (!before) {
        return failure(std::move(before.error()));
    }
    inputs->previous = *before;
    const auto judgement = evidence::judge(*inputs);
    auto bundle = evidence::assemble(*inputs);
    auto sealed = bundle ? signing::sign(std::move(*bundle), m_signer) : failure(std::move(bundle.error()));
    if (!sealed) {
        return failure(std::move(sealed.error()));
    }
    auto path = writePack(pack, *sealed);
    if (!path) {
        return failure(std::move(path.error()));
    }
    const auto verified = signing::verifyPack(*path, {m_signer.publicKeyPem()});
    if (!verified) {
        return failure(verified.error());
    }
    if (verified->valid) {
        const auto next = m_chain.advance({.runId = inputs->report.run.id,
                                           .madeAt = verified->madeAt,
                                           .manifestSha256 = crypto::sha256Hex(sealed->files.at("manifest.json")),
                                           .sequence = *before ? (*before)->sequence + 1 : 1});
        if (!next) {
            return failure(because("the pack is made, but the next one could not be chained to it", next.error()));
        }
    }
    json::Object status{{"phase", "Completed"},
                        {"path", path->string()},
                        {"runId", inputs->report.run.id},
                        {"result", evidence::word(judgement.outcome)},
                        {"coverage", inputs->report.coverage()},
                        {"findings", countFindings(*inputs)},
                        {"verified", verified->valid},
                        {"keyFingerprint", m_signer.keyFingerprint()},
                        {"madeAt", toRfc3339(inputs->madeAt)},
                        {"message", judgement.reasons.empty() ? "" : judgement.reasons.front()}};
    if (!verified->valid) {
        status["phase"] = "Failed";
        status["verifyProblem"] = verified->problem;
    }
    return status;
}

} // namespace gatehouse::controllers
