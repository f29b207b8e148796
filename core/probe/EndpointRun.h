#pragma once

#include "core/probe/Catalogue.h"
#include "core/probe/Exchange.h"
#include "core/probe/RunBoard.h"
#include "core/probe/Verdict.h"
#include "core/probe/checks/Check.h"

#include <set>

namespace gatehouse::probe {

/// What all endpoints of a run share; outlives them.
struct RunContext {
    const Catalogue& catalogue;
    const ProbeOptions& options;
    const Redactor& redactor;
    const Clock& clock;
    RunBoard& board;
};

/// Probes one endpoint, in one thread, one request after the other.
class EndpointRun {
public:
    /// `slug`: the endpoint's part of transcript ids, unique in the run.
    EndpointRun(const RunContext& context, const ProbeTarget& target, std::size_t index, std::string slug);

    /// An estimate for progress before anything is known; run() corrects it.
    [[nodiscard]] std::size_t plannedChecks() const;
    void run(const std::stop_token& stop);

private:
    struct Planned {
        const Check* check;
        Route route;
        std::size_t variant;
        std::string variantName;
    };

    [[nodiscard]] Result<void> prepare();
    void identify(const std::stop_token& stop);
    void settleEngine(const EngineFacts& engine, const std::string& version, const char* how);
    [[nodiscard]] std::vector<Planned> plan() const;
    [[nodiscard]] bool isWanted(const Check& check) const;
    void control(const std::stop_token& stop);
    [[nodiscard]] PositiveControl tryControl(const Route& route, const std::stop_token& stop);
    void refreshControl(const std::stop_token& stop);
    void perform(const Planned& planned, const std::stop_token& stop);
    [[nodiscard]] Judgement ask(const Planned& planned, bool ownModel, const std::stop_token& stop,
                                std::vector<std::string>& transcripts, TimePoint& at, bool& cancelled);
    void recordUnasked(const Planned& planned, const std::string& why);
    [[nodiscard]] ExchangeFacts send(const ProbeRequest& request, const std::string& what, const std::stop_token& stop);
    [[nodiscard]] ProbeRequest requestFor(const Route& route, const Variant& variant, bool ownModel) const;
    [[nodiscard]] RequestHeader ownCredential() const;
    void pace(const std::stop_token& stop);
    void finish();

    RunContext m_context;
    const ProbeTarget& m_target;
    std::size_t m_index;
    std::string m_slug;
    std::string m_madeUpModel;
    std::string m_tlsNote;
    ExchangePlace m_place;
    const EngineFacts* m_engine = nullptr;
    EndpointReport m_report;
    std::string m_controlRoute;
    std::map<std::string, int> m_transcriptCount;
    std::chrono::steady_clock::time_point m_nextSlot;
    std::chrono::steady_clock::time_point m_lastControl;
    std::size_t m_silent = 0; ///< exchanges in a row that brought no answer
    std::string m_lastFailure;
    bool m_echoed = false;
};

/// Lower case, [a-z0-9._-] only, never empty, at most 80 characters; other characters become '-'.
[[nodiscard]] std::string slugOf(std::string_view text);

} // namespace gatehouse::probe
