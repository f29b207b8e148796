#include "app/pages/overview/OverviewModel.h"

#include "app/formatting/Text.h"
#include "app/pages/endpoints/EndpointsModel.h"
#include "app/pages/evidence/EvidenceModel.h"
#include "app/pages/models/ModelsModel.h"

#include <QCoreApplication>
#include <algorithm>

namespace gatehouse::pages {
namespace {

/// The context of this file's texts.
class OverviewModelText {
    Q_DECLARE_TR_FUNCTIONS(OverviewModelText)
};

double ratioOf(const json::Value* coverage) {
    if (coverage != nullptr && coverage->is_object()) {
        coverage = json::find(*coverage, "ratio");
    }
    return coverage != nullptr && coverage->is_number() ? coverage->to_number<double>() : -1.0;
}

void readInstallation(OverviewData& data, const json::Value* installation) {
    if (installation == nullptr) {
        data.gatewayState = OverviewModelText::tr("Unknown");
        return;
    }
    const std::string state = json::text(*installation, "gateway.state");
    data.gatewayState = state == "Running"    ? OverviewModelText::tr("Running")
                        : state == "Starting" ? OverviewModelText::tr("Starting")
                        : state == "Failed"   ? OverviewModelText::tr("Failed")
                                              : OverviewModelText::tr("Unknown");
    data.gatewayTone = state == "Running"  ? theme::Tone::Good
                       : state == "Failed" ? theme::Tone::Bad
                                           : theme::Tone::Warn;
    data.gatewayDetail = formatting::toQt(json::text(*installation, "gateway.message"));
    data.gatewayUrl = formatting::toQt(json::text(*installation, "gateway.url"));
    data.gatewayCa = formatting::toQt(json::text(*installation, "gateway.caFile"));
    data.envoyVersion = formatting::toQt(json::text(*installation, "gateway.envoyVersion"));
    data.keyFingerprint = formatting::toQt(json::text(*installation, "keyFingerprint"));
    data.agentVersion = formatting::toQt(json::text(*installation, "agentVersion"));
    data.startedAt = formatting::timeOf(json::text(*installation, "startedAt"));
}

void readModels(OverviewData& data, const Objects& models) {
    for (const auto& [key, model] : models) {
        ++data.models;
        const PhaseWord phase = phaseOf(*model);
        if (phase.tone == theme::Tone::Good) {
            ++data.modelsReady;
        } else {
            data.modelsNotReady.append(QStringLiteral("%1: %2").arg(formatting::toQt(model->name()), phase.text));
        }
        if (const QString note = noteOf(*model); !note.isEmpty()) {
            data.notes.append(QStringLiteral("%1: %2").arg(formatting::toQt(model->name()), note));
        }
    }
}

void readFindings(OverviewData& data, const json::Value* inventory) {
    const json::Value* endpoints = inventory == nullptr ? nullptr : json::find(*inventory, "endpoints");
    if (endpoints == nullptr || !endpoints->is_array()) {
        return;
    }
    data.endpoints = static_cast<int>(endpoints->get_array().size());
    for (const json::Value& endpoint : endpoints->get_array()) {
        const json::Value* findings = json::find(endpoint, "findings");
        if (findings == nullptr || !findings->is_array()) {
            continue;
        }
        for (const json::Value& finding : findings->get_array()) {
            const std::string severity = json::text(finding, "severity");
            const QString id = formatting::toQt(json::text(finding, "id"));
            const QString reason = formatting::toQt(json::text(finding, "reason"));
            // One cause that several endpoints report in the same words is one problem.
            const auto known = std::find_if(data.findings.begin(), data.findings.end(), [&](const OpenFinding& one) {
                return one.id == id && one.reason == reason;
            });
            if (known != data.findings.end()) {
                if (const QString where = sourceNameOf(endpoint);
                    !known->where.split(QStringLiteral(", ")).contains(where)) {
                    known->where += QStringLiteral(", ") + where;
                }
                continue;
            }
            data.findings.append(
                {formatting::toQt(severity), severityTone(severity), id, sourceNameOf(endpoint), reason});
        }
    }
    data.inventoryFindings = static_cast<int>(data.findings.size());
    std::stable_sort(data.findings.begin(), data.findings.end(), [](const OpenFinding& a, const OpenFinding& b) {
        return static_cast<int>(a.tone == theme::Tone::Bad) > static_cast<int>(b.tone == theme::Tone::Bad);
    });
}

QList<std::shared_ptr<const Object>> byAge(const Objects& objects) {
    QList<std::shared_ptr<const Object>> list;
    for (const auto& [key, object] : objects) {
        list.append(object);
    }
    std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
        return a->text("metadata.creationTimestamp") < b->text("metadata.creationTimestamp");
    });
    return list;
}

void readRuns(OverviewData& data, const Objects& runs) {
    const Object* newest = nullptr;
    const auto ordered = byAge(runs);
    for (const auto& run : ordered) {
        if (run->text("status.phase") != "Completed") {
            continue;
        }
        newest = run.get();
        const auto when = formatting::timeOf(run->text("status.finishedAt"));
        const double ratio = ratioOf(run->at("status.coverage"));
        if (when && ratio >= 0) {
            data.coverage.append(
                {std::chrono::duration_cast<std::chrono::seconds>(when->time_since_epoch()).count(), ratio});
        }
    }
    const std::int64_t found = newest == nullptr ? 0 : json::number(newest->value(), "status.findings");
    if (found > 0) {
        data.probeFindings = static_cast<int>(found);
        const bool reached = json::number(newest->value(), "status.verdicts.REACHED") > 0;
        data.findings.prepend({reached ? OverviewModelText::tr("reached") : OverviewModelText::tr("open"),
                               reached ? theme::Tone::Bad : theme::Tone::Warn,
                               OverviewModelText::tr("see Denials on the Endpoints page"),
                               OverviewModelText::tr("Last probe"),
                               formatting::counted(found, OverviewModelText::tr("The last probe has 1 finding."),
                                                   OverviewModelText::tr("The last probe has %1 findings."))});
    }
    for (const auto verdict : {probe::Verdict::Denied, probe::Verdict::Absent, probe::Verdict::Public,
                               probe::Verdict::Inconclusive, probe::Verdict::Reached}) {
        const Word word = verdictWord(verdict);
        const int count = newest == nullptr
                              ? 0
                              : static_cast<int>(json::number(newest->value(),
                                                              std::string("status.verdicts.") + probe::word(verdict)));
        data.verdicts.append({word.text, count, word.tone});
    }
}

void readPacks(OverviewData& data, const Objects& packs) {
    for (const auto& pack : byAge(packs)) {
        if (pack->text("status.phase") != "Completed") {
            continue;
        }
        const PackWord word = packState(*pack);
        data.packName = formatting::toQt(pack->name());
        data.packResult = word.text;
        data.packTone = word.tone;
        data.packMadeAt = formatting::timeOf(pack->text("status.madeAt"));
        data.packCoverage = ratioOf(pack->at("status.coverage"));
        // A pack made of an existing run shows that run's coverage again.
        if (pack->text("spec.probeRun").empty() && data.packMadeAt && data.packCoverage >= 0) {
            data.coverage.append(
                {std::chrono::duration_cast<std::chrono::seconds>(data.packMadeAt->time_since_epoch()).count(),
                 data.packCoverage});
        }
    }
}

} // namespace

OverviewData overviewOf(const json::Value* installation, const json::Value* inventory, const Objects& models,
                        const Objects& passthroughModels, const Objects& keys, const Objects& runs,
                        const Objects& packs, TimePoint now) {
    OverviewData data;
    readInstallation(data, installation);
    readModels(data, models);
    readModels(data, passthroughModels);
    data.keys = static_cast<int>(keys.size());
    for (const auto& [name, key] : keys) {
        const auto expires = formatting::timeOf(key->text("spec.expiresAt"));
        data.keysExpiring += expires && *expires - now < std::chrono::hours(24 * 7) ? 1 : 0;
    }
    readFindings(data, inventory);
    readRuns(data, runs);
    readPacks(data, packs);
    std::stable_sort(
        data.coverage.begin(), data.coverage.end(),
        [](const widgets::Moment& a, const widgets::Moment& b) { return a.secondsSinceEpoch < b.secondsSinceEpoch; });
    return data;
}

} // namespace gatehouse::pages
