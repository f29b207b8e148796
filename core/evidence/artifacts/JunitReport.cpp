#include "core/evidence/artifacts/JunitReport.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/artifacts/Documents.h"
#include "core/probe/ReportFormats.h"

namespace gatehouse::evidence {
namespace {

class JunitReportArtifact final : public Artifact {
public:
    [[nodiscard]] std::string name() const override { return "junit"; }

    [[nodiscard]] Files make(const EvidenceInputs& inputs) const override {
        // XML has no place for control characters and bytes that are no UTF-8; the markup itself passes unchanged.
        return {{"junit.xml", visibleLines(probe::toJunit(inputs.report))}};
    }
};

} // namespace

std::unique_ptr<Artifact> makeJunitReport() {
    return std::make_unique<JunitReportArtifact>();
}

} // namespace gatehouse::evidence
