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
        return {{"junit.xml", probe::toJunit(inputs.report)}};
    }
};

} // namespace

std::unique_ptr<Artifact> makeJunitReport() {
    return std::make_unique<JunitReportArtifact>();
}

} // namespace gatehouse::evidence
