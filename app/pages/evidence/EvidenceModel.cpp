#include "app/pages/evidence/EvidenceModel.h"

#include "app/formatting/Text.h"

#include <QCoreApplication>

namespace gatehouse::pages {
namespace {

/// The context of this file's texts.
class EvidenceModelText {
    Q_DECLARE_TR_FUNCTIONS(EvidenceModelText)
};

double coverageOf(const json::Value& pack) {
    const json::Value* coverage = json::at(pack, "status.coverage");
    if (coverage != nullptr && coverage->is_object()) {
        coverage = json::find(*coverage, "ratio");
    }
    return coverage == nullptr     ? -1.0
           : coverage->is_double() ? coverage->get_double()
           : coverage->is_number() ? coverage->to_number<double>()
                                   : -1.0;
}

} // namespace

bool packIsBeingMade(const Object& pack) {
    const std::string phase = pack.text("status.phase", "Pending");
    return phase != "Completed" && phase != "Failed";
}

PackWord packState(const Object& pack) {
    const std::string phase = pack.text("status.phase", "Pending");
    if (phase == "Failed") {
        return {EvidenceModelText::tr("Not made"), theme::Tone::Bad};
    }
    if (phase != "Completed") {
        return {phase == "Probing"    ? EvidenceModelText::tr("Probing")
                : phase == "Building" ? EvidenceModelText::tr("Building")
                                      : EvidenceModelText::tr("Pending"),
                theme::Tone::Info};
    }
    const std::string result = pack.text("status.result");
    if (result == "PASSED") {
        return {EvidenceModelText::tr("Passed"), theme::Tone::Good};
    }
    if (result == "WARNED") {
        return {EvidenceModelText::tr("Warned"), theme::Tone::Warn};
    }
    return {result == "FAILED" ? EvidenceModelText::tr("Failed") : EvidenceModelText::tr("Unknown"),
            result == "FAILED" ? theme::Tone::Bad : theme::Tone::Neutral};
}

QList<item_models::Column> packColumns() {
    return {{EvidenceModelText::tr("Pack"), 210, true},
            {EvidenceModelText::tr("Result"), 110},
            {EvidenceModelText::tr("Coverage"), 100, false, true},
            {EvidenceModelText::tr("Findings"), 90, false, true},
            {EvidenceModelText::tr("Signature"), 130},
            {EvidenceModelText::tr("Made"), 80}};
}

item_models::Row packRow(const Object& pack) {
    item_models::Row row;
    row.id = formatting::toQt(pack.nameSpace() + "/" + pack.name());
    const json::Value value = pack.value();
    row.source = std::make_shared<const json::Value>(value);
    item_models::Cell name{formatting::toQt(pack.name())};
    name.second = formatting::toQt(pack.text("spec.reason", pack.text("status.runId")));
    const PackWord state = packState(pack);
    const bool done = pack.text("status.phase") == "Completed";
    const double ratio = coverageOf(value);
    item_models::Cell coverage{done && ratio >= 0 ? formatting::percent(ratio) : QStringLiteral("–")};
    coverage.sortBy = ratio;
    const std::int64_t found = json::number(value, "status.findings");
    item_models::Cell findings{done ? QString::number(found) : QStringLiteral("–")};
    findings.sortBy = static_cast<qint64>(found);
    item_models::Cell signature{QStringLiteral("–")};
    if (done) {
        const json::Value* verified = json::at(value, "status.verified");
        const bool good = verified != nullptr && verified->is_bool() && verified->get_bool();
        const bool bad = !json::text(value, "status.verifyProblem").empty();
        signature = {good  ? EvidenceModelText::tr("Verified")
                     : bad ? EvidenceModelText::tr("Not valid")
                           : EvidenceModelText::tr("Not checked"),
                     good  ? theme::Tone::Good
                     : bad ? theme::Tone::Bad
                           : theme::Tone::Neutral};
    }
    item_models::Cell made;
    made.time = formatting::timeOf(pack.text("status.madeAt", pack.text("metadata.creationTimestamp")));
    made.muted = true;
    row.cells = {name, {state.text, state.tone}, coverage, findings, signature, made};
    return row;
}

PackWord verificationInWords(const signing::VerifyResult& result) {
    if (result.valid) {
        return {EvidenceModelText::tr("Valid: all %1 files are byte for byte what was signed.").arg(result.files),
                theme::Tone::Good};
    }
    return {EvidenceModelText::tr("Not valid: %1").arg(formatting::toQt(result.problem)), theme::Tone::Bad};
}

signing::VerifyResult verificationOf(const json::Value& answer) {
    signing::VerifyResult result;
    result.valid = json::flag(answer, "valid");
    result.problem = json::text(answer, "problem");
    result.runId = json::text(answer, "runId");
    result.madeAt = json::text(answer, "madeAt");
    result.keyFingerprint = json::text(answer, "keyFingerprint");
    result.result = json::text(answer, "result");
    result.files = static_cast<std::size_t>(std::max<std::int64_t>(0, json::number(answer, "files")));
    return result;
}

} // namespace gatehouse::pages
