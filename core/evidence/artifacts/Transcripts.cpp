#include "core/evidence/artifacts/Transcripts.h"

#include "core/evidence/Escape.h"
#include "core/evidence/Facts.h"
#include "core/evidence/artifacts/Documents.h"

namespace gatehouse::evidence {
namespace {

class TranscriptsArtifact final : public Artifact {
public:
    [[nodiscard]] std::string name() const override { return "transcripts"; }

    [[nodiscard]] Files make(const EvidenceInputs& inputs) const override {
        Files files;
        for (const auto& [id, transcript] : inputs.report.transcripts) {
            const RunStamp& run = inputs.report.run;
            files[transcriptPath(id)] = "# run:         " + visible(run.id) + ", " + visible(run.toolName) + " " +
                                        visible(run.toolVersion) + "\n" + visibleLines(transcript.toText());
        }
        return files;
    }
};

} // namespace

std::unique_ptr<Artifact> makeTranscripts() {
    return std::make_unique<TranscriptsArtifact>();
}

} // namespace gatehouse::evidence
