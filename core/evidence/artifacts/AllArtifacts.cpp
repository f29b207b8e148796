#include "core/evidence/artifacts/AccessKeys.h"
#include "core/evidence/artifacts/Chain.h"
#include "core/evidence/artifacts/DenialMatrix.h"
#include "core/evidence/artifacts/DeniedRequestSample.h"
#include "core/evidence/artifacts/EndpointInventory.h"
#include "core/evidence/artifacts/GatewayConfiguration.h"
#include "core/evidence/artifacts/HtmlReport.h"
#include "core/evidence/artifacts/JunitReport.h"
#include "core/evidence/artifacts/OpenRoutes.h"
#include "core/evidence/artifacts/QuestionnaireAnswer.h"
#include "core/evidence/artifacts/ReadMe.h"
#include "core/evidence/artifacts/TenantAttribution.h"
#include "core/evidence/artifacts/Transcripts.h"

namespace gatehouse::evidence {

std::vector<std::unique_ptr<Artifact>> allArtifacts() {
    std::vector<std::unique_ptr<Artifact>> all;
    all.push_back(makeAccessKeys());
    all.push_back(makeChain());
    all.push_back(makeDenialMatrix());
    all.push_back(makeDeniedRequestSample());
    all.push_back(makeEndpointInventory());
    all.push_back(makeGatewayConfiguration());
    all.push_back(makeHtmlReport());
    all.push_back(makeJunitReport());
    all.push_back(makeOpenRoutes());
    all.push_back(makeQuestionnaireAnswer());
    all.push_back(makeReadMe());
    all.push_back(makeTenantAttribution());
    all.push_back(makeTranscripts());
    return all;
}

} // namespace gatehouse::evidence
