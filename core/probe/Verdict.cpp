#include "core/probe/Verdict.h"

#include <algorithm>
#include <array>

namespace gatehouse::probe {
namespace {

struct Match {
    const EngineFacts* by = nullptr;
    const Fingerprint* print = nullptr;

    explicit operator bool() const { return print != nullptr; }
};

using Prints = std::vector<Fingerprint> EngineFacts::*;

const Fingerprint* firstMatch(const std::vector<Fingerprint>& prints, const Answer& answer) {
    const auto found =
        std::find_if(prints.begin(), prints.end(), [&](const Fingerprint& each) { return each.matches(answer); });
    return found == prints.end() ? nullptr : &*found;
}

/// The endpoint's own engine first, then all others: an engine may be declared wrongly, or stand behind another one.
Match search(const Catalogue& catalogue, const EngineFacts& engine, Prints prints, const Answer& answer) {
    if (const Fingerprint* found = firstMatch(engine.*prints, answer)) {
        return {&engine, found};
    }
    for (const EngineFacts& each : catalogue.engines()) {
        if (const Fingerprint* found = firstMatch(each.*prints, answer)) {
            return {&each, found};
        }
    }
    return {};
}

/// Refusals: gateways before other engines, so that a body both use is not credited to an engine nobody declared.
Match searchDenial(const Catalogue& catalogue, const EngineFacts& engine, const Answer& answer) {
    for (const bool gateways : {true, false}) {
        if (!gateways) {
            if (const Fingerprint* found = firstMatch(engine.denials, answer)) {
                return {&engine, found};
            }
        }
        for (const EngineFacts& each : catalogue.engines()) {
            if ((each.role == Role::Gateway) == gateways) {
                if (const Fingerprint* found = firstMatch(each.denials, answer)) {
                    return {&each, found};
                }
            }
        }
    }
    return {};
}

bool isEngineStatus(int status) {
    return status >= 400 && status < 500 && status != 401 && status != 403 && status != 407 && status != 429;
}

Judgement settled(Verdict verdict, int status, std::string reason) {
    Judgement judgement;
    judgement.verdict = verdict;
    judgement.status = status;
    judgement.reason = std::move(reason);
    return judgement;
}

Judgement inconclusive(int status, const std::string& reason) {
    return settled(Verdict::Inconclusive, status, "answered " + std::to_string(status) + ": " + reason);
}

/// The answer is a list of models, whole, and this endpoint's model is not in it.
bool listsOthersOnly(const Answer& answer, const std::string& model) {
    const json::Value* list = answer.body() == nullptr ? nullptr : json::find(*answer.body(), "data");
    if (model.empty() || answer.response().bodyTruncated || list == nullptr || !list->is_array()) {
        return false;
    }
    return std::all_of(list->get_array().begin(), list->get_array().end(), [&](const json::Value& item) {
        const json::Value* id = json::find(item, "id");
        return id != nullptr && id->is_string() && std::string_view(id->get_string()) != model;
    });
}

Judgement judgeSuccess(const Question& question, const Answer& answer) {
    const int status = answer.response().status;
    const std::string code = std::to_string(status);
    if (question.method == "OPTIONS") {
        Judgement noted =
            settled(Verdict::Noted, status, "answered " + code + " to OPTIONS without anything only the engine has");
        noted.mustDeny = false;
        return noted;
    }
    if (question.otherCallersList && question.routeClass == "models" && listsOthersOnly(answer, question.model)) {
        Judgement noted =
            settled(Verdict::Noted, status, "answered " + code + " with a list of models that lacks this endpoint's");
        noted.mustDeny = false;
        return noted;
    }
    return settled(Verdict::Reached, status, "answered " + code + " without a valid key");
}

Judgement judgeRefusal(const Answer& answer, const Catalogue& catalogue, const EngineFacts& engine) {
    const int status = answer.response().status;
    if (answer.response().bodyTruncated) {
        return inconclusive(status, "the answer did not end within the limit");
    }
    const Match who = searchDenial(catalogue, engine, answer);
    if (status == 403 && !who) {
        return inconclusive(status, "nothing shows that authentication refused it");
    }
    Judgement denied = settled(Verdict::Denied, status, "answered " + std::to_string(status));
    if (who) {
        denied.deniedBy = who.by->role == Role::Gateway ? DeniedBy::Gateway : DeniedBy::Engine;
        denied.deniedByWhat = who.print->id;
        denied.reason += " by " + who.by->title;
    }
    return denied;
}

Judgement judgeOther(const Question& question, const Answer& answer, const Catalogue& catalogue,
                     const EngineFacts& engine) {
    const int status = answer.response().status;
    const std::string code = std::to_string(status);
    if (const Match who = searchDenial(catalogue, engine, answer)) {
        return inconclusive(status, who.by->title + " refused it, but not with 401 or 403 (" + who.print->id + ")");
    }
    if (!isEngineStatus(status)) {
        return inconclusive(status, status >= 500                   ? "an error is no proof of authentication"
                                    : status >= 300 && status < 400 ? "a redirect is no denial for a program"
                                    : status == 429                 ? "too many requests"
                                                                    : "that proves nothing");
    }
    if (status == 404) {
        if (const Match who = search(catalogue, engine, &EngineFacts::absent, answer)) {
            if (question.madeUpModel && question.knownRoute) {
                Judgement open = inconclusive(status, "the gateway has no route for the made-up model, which says "
                                                      "nothing about the endpoint's own");
                open.needsRealModel = true;
                return open;
            }
            return settled(Verdict::Absent, status, who.by->title + " has no such route");
        }
    }
    if (const Match who = search(catalogue, engine, &EngineFacts::answers, answer)) {
        return settled(Verdict::Reached, status,
                       "answered " + code + ", made by " + who.by->title + " itself (" + who.print->id + ")");
    }
    return inconclusive(status, "it cannot be told who made the answer");
}

} // namespace

bool isValid(const OpenRoute& entry, TimePoint now, std::string& why) {
    if (entry.reason.empty() || entry.owner.empty()) {
        why = "it names no reason or no owner";
    } else if (!entry.expires) {
        why = "it never expires";
    } else if (*entry.expires <= now) {
        why = "it expired on " + toIsoDate(*entry.expires);
    } else {
        return true;
    }
    return false;
}

Judgement judge(const Question& question, const HttpResponse* response, const std::string& failureText,
                const Catalogue& catalogue, const EngineFacts& engine, TimePoint now) {
    if (response == nullptr) {
        Judgement none;
        none.reason = failureText.empty() ? "no answer" : failureText;
        return none;
    }
    const Answer answer(*response);
    const int status = response->status;
    Judgement judgement;
    if (const Match content = search(catalogue, engine, &EngineFacts::content, answer)) {
        judgement =
            settled(Verdict::Reached, status,
                    "answered " + std::to_string(status) + " with the engine's output (" + content.print->id + ")");
    } else if (status >= 200 && status < 300) {
        judgement = judgeSuccess(question, answer);
    } else if (status == 401 || status == 403) {
        judgement = judgeRefusal(answer, catalogue, engine);
    } else {
        judgement = judgeOther(question, answer, catalogue, engine);
    }
    if (judgement.verdict == Verdict::Reached && question.openRoute != nullptr) {
        std::string why;
        if (isValid(*question.openRoute, now, why)) {
            judgement.verdict = Verdict::Public;
            judgement.reason += "; declared public by " + question.openRoute->owner + " until " +
                                toIsoDate(*question.openRoute->expires) + ": " + question.openRoute->reason;
        } else {
            judgement.reason += "; its openRoutes entry does not count: " + why;
        }
    }
    return judgement;
}

Judgement combine(std::span<const Judgement> judgements, std::size_t& decisive) {
    static constexpr std::array order{Verdict::Reached, Verdict::Inconclusive, Verdict::Denied,
                                      Verdict::Public,  Verdict::Absent,       Verdict::Noted};
    const auto rank = [](Verdict verdict) { return std::find(order.begin(), order.end(), verdict) - order.begin(); };
    decisive = 0;
    if (judgements.empty()) {
        return {};
    }
    for (std::size_t i = 1; i < judgements.size(); ++i) {
        if (rank(judgements[i].verdict) < rank(judgements[decisive].verdict)) {
            decisive = i;
        }
    }
    Judgement worst = judgements[decisive];
    const bool differs = std::any_of(judgements.begin(), judgements.end(),
                                     [&](const Judgement& each) { return each.verdict != worst.verdict; });
    if (differs) {
        worst.mustDeny = true;
        worst.reason += "; another connection was answered differently";
        if (worst.verdict != Verdict::Reached && worst.verdict != Verdict::Inconclusive) {
            worst.verdict = Verdict::Inconclusive;
        }
    }
    return worst;
}

void requireControl(CheckResult& check, std::span<const PositiveControl> controls) {
    if (check.verdict != Verdict::Denied) {
        return;
    }
    const bool near = std::any_of(controls.begin(), controls.end(), [&](const PositiveControl& control) {
        const auto apart = check.at < control.at ? control.at - check.at : check.at - control.at;
        return control.passed() && apart <= ControlReach;
    });
    if (!near) {
        check.verdict = Verdict::Inconclusive;
        check.reason += ", but no positive control passed within 60 s of it";
    }
}

Conclusion conclude(std::span<const CheckResult> checks, std::span<const PositiveControl> controls) {
    bool certain = true;
    std::size_t denials = 0;
    for (const CheckResult& check : checks) {
        if (check.verdict == Verdict::Reached) {
            return Conclusion::Reached;
        }
        if (check.mustDeny) {
            certain = certain && check.verdict != Verdict::Inconclusive && check.verdict != Verdict::Noted;
            denials += check.verdict == Verdict::Denied ? 1 : 0;
        }
    }
    const bool controlled =
        std::any_of(controls.begin(), controls.end(), [](const PositiveControl& control) { return control.passed(); });
    return certain && controlled && denials > 0 ? Conclusion::Denies : Conclusion::Inconclusive;
}

} // namespace gatehouse::probe
