#pragma once

#include "core/probe/Catalogue.h"
#include "core/probe/Prober.h"

#include <optional>
#include <span>
#include <string>

namespace gatehouse::probe {

/// What was asked, as far as the verdict depends on it.
struct Question {
    std::string method = "POST";
    std::string path;
    std::string routeClass = "inference";
    std::string model;        ///< the endpoint's own, empty if not known
    bool madeUpModel = false; ///< the request named a model that does not exist
    bool knownRoute = false;  ///< the positive control passed on this very route
    bool otherCallersList =
        false; ///< a model list of what the caller may use is a fair answer, if this model is not in it
    const OpenRoute* openRoute = nullptr; ///< the entry that names this route, valid or not
};

/// The verdict on one answer, before the positive control is asked for.
struct Judgement {
    Verdict verdict = Verdict::Inconclusive;
    std::optional<int> status;
    DeniedBy deniedBy = DeniedBy::Unknown;
    std::string deniedByWhat;
    std::string reason;
    bool mustDeny = true;
    bool needsRealModel = false; ///< says nothing because the model was made up; ask again with the endpoint's own
};

/// Rules of contracts.md §5, §9.6, §9.7. `answer` is null when none came; `failureText` says why.
[[nodiscard]] Judgement judge(const Question& question, const HttpResponse* answer, const std::string& failureText,
                              const Catalogue& catalogue, const EngineFacts& engine, TimePoint now);

/// Several answers to the same check: REACHED by one is REACHED, otherwise the least certain counts. The index of the
/// answer that decided is put into `decisive`.
[[nodiscard]] Judgement combine(std::span<const Judgement> judgements, std::size_t& decisive);

/// A denial stands only with a positive control that passed at most this long before or after it.
inline constexpr std::chrono::seconds ControlReach{60};

/// Turns DENIED into INCONCLUSIVE unless a control near `at` passed. Leaves all other verdicts.
void requireControl(CheckResult& check, std::span<const PositiveControl> controls);

/// True from the entry's route, reason, owner and a time before its expiry; `why` says what is wrong with it otherwise.
[[nodiscard]] bool isValid(const OpenRoute& entry, TimePoint now, std::string& why);

/// contracts.md §5, last paragraph.
[[nodiscard]] Conclusion conclude(std::span<const CheckResult> checks, std::span<const PositiveControl> controls);

} // namespace gatehouse::probe
