#pragma once

#include "app/theme/Tone.h"
#include "app/widgets/Charts.h"
#include "core/json/Json.h"
#include "core/object_store/Object.h"
#include "core/time/Clock.h"

#include <QList>
#include <QString>
#include <map>
#include <memory>
#include <optional>

namespace gatehouse::pages {

/// A finding of the inventory or of the last probe.
struct OpenFinding {
    QString severity;
    theme::Tone tone = theme::Tone::Neutral;
    QString id;
    QString where;
    QString reason;
};

/// What the overview says: everything worked out of what the agent sent, nothing of its own.
struct OverviewData {
    QString gatewayState;
    theme::Tone gatewayTone = theme::Tone::Neutral;
    QString gatewayDetail;
    QString gatewayUrl;
    QString gatewayCa;
    QString keyFingerprint;
    QString agentVersion;
    QString envoyVersion;
    std::optional<TimePoint> startedAt;
    int modelsReady = 0;
    int models = 0;
    QStringList modelsNotReady;
    int keys = 0;
    int keysExpiring = 0; ///< within seven days, or expired
    QString packName;
    QString packResult;
    theme::Tone packTone = theme::Tone::Neutral;
    std::optional<TimePoint> packMadeAt;
    double packCoverage = -1;    ///< below 0: no pack
    QList<OpenFinding> findings; ///< of the inventory; one more that stands for all of the last probe's
    int inventoryFindings = 0;
    int probeFindings = 0; ///< of the last probe; what it found may be what the inventory says too
    int endpoints = 0;
    QList<widgets::Slice> verdicts; ///< of the newest finished probe
    QList<widgets::Moment> coverage;
    QStringList notes; ///< "chat: bundled stand-in, not a model"
};

using Objects = std::map<std::string, std::shared_ptr<const Object>>;

/// Pure. `installation` and `inventory` may be null (not answered yet).
[[nodiscard]] OverviewData overviewOf(const json::Value* installation, const json::Value* inventory,
                                      const Objects& models, const Objects& passthroughModels, const Objects& keys,
                                      const Objects& runs, const Objects& packs, TimePoint now);

} // namespace gatehouse::pages
