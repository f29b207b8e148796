#include "core/probe/EndpointRun.h"

#include "core/crypto/Crypto.h"
#include "core/probe/Findings.h"
#include "core/time/Pause.h"

#include <algorithm>

namespace gatehouse::probe {
namespace {

constexpr std::size_t SilenceLimit = 10;
constexpr std::size_t KeptAnswerBytes = 16U << 10;
constexpr std::chrono::seconds ControlRenewal{25};

bool isPlain(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

bool canBeSent(const Credential& credential) {
    return isToken(credential.header) && isPlain(credential.prefix) && isPlain(credential.value.reveal()) &&
           !credential.value.empty();
}

/// A 2xx that says in its body that it failed is no success.
bool saysError(const HttpResponse& response) {
    const Answer answer(response);
    const json::Value* error = answer.body() == nullptr ? nullptr : json::find(*answer.body(), "error");
    return error != nullptr && !error->is_null();
}

const OpenRoute* openRouteFor(const ProbeTarget& target, const std::string& route) {
    const auto found = std::find_if(target.openRoutes.begin(), target.openRoutes.end(),
                                    [&](const OpenRoute& each) { return each.route == route; });
    return found == target.openRoutes.end() ? nullptr : &*found;
}

} // namespace

std::string slugOf(std::string_view text) {
    std::string out;
    for (char c : text.substr(0, 80)) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        const bool afterPlain = !out.empty() && out.back() != '-' && out.back() != '.';
        if (plain) {
            out += c;
        } else if (afterPlain) {
            out += c == '.' ? '.' : '-';
        }
    }
    while (!out.empty() && (out.back() == '-' || out.back() == '.')) {
        out.pop_back();
    }
    return out.empty() ? "root" : out;
}

EndpointRun::EndpointRun(const RunContext& context, const ProbeTarget& target, std::size_t index, std::string slug)
    : m_context(context),
      m_target(target),
      m_index(index),
      m_slug(std::move(slug)),
      m_madeUpModel("gatehouse-probe/" + crypto::hex(crypto::randomBytes(6))),
      m_nextSlot(context.clock.steady()) {
    const EngineFacts* declared = context.catalogue.engine(target.engine);
    m_engine = declared != nullptr ? declared : context.catalogue.engine("openai-generic");
    m_report.name = target.name;
    m_report.id = target.id;
    m_report.url = target.url;
    m_report.engineName = declared != nullptr ? declared->name : "unknown";
    m_report.engineHow = declared != nullptr ? "declared" : "unknown";
    m_report.note = target.note;
    if (target.tls.insecure) {
        m_report.note += std::string(m_report.note.empty() ? "" : "; ") + "the TLS certificate was not verified";
    }
    if (!target.foreignCredential) {
        m_report.note += std::string(m_report.note.empty() ? "" : "; ") +
                         "no key of another model was given, so that check was not made";
    }
    m_context.board.update(m_index, m_report);
}

std::size_t EndpointRun::plannedChecks() const {
    return plan().size();
}

bool EndpointRun::isWanted(const Check& check) const {
    const std::vector<std::string>& wanted = m_context.options.checks;
    return (wanted.empty() || std::find(wanted.begin(), wanted.end(), check.id()) != wanted.end()) &&
           (!check.destructive() || m_context.options.destructive);
}

std::vector<EndpointRun::Planned> EndpointRun::plan() const {
    std::vector<Planned> list;
    if (m_engine == nullptr) {
        return list;
    }
    for (Route& route : m_context.catalogue.routesOf(*m_engine, m_report.engineVersion)) {
        if (route.mutating && !m_context.options.destructive) {
            if (route.safeMethod.empty()) {
                continue;
            }
            route.method = route.safeMethod;
            route.body.reset();
            route.rawBody.clear();
        } else if (route.mutating) {
            route.rawBody = "{\"gatehouse-probe\": ";
            route.body.reset();
        }
        for (const auto& check : allChecks()) {
            if (!isWanted(*check)) {
                continue;
            }
            const std::vector<Variant> variants = check->variants(m_target, route);
            for (std::size_t i = 0; i < variants.size(); ++i) {
                list.push_back({check.get(), route, i, variants[i].name});
            }
        }
    }
    return list;
}

Result<void> EndpointRun::prepare() {
    if (m_engine == nullptr) {
        return failure(ErrorKind::Invalid, "the probe catalogue has no entry 'openai-generic'");
    }
    if (!isPlain(m_target.model) || (m_target.credential && !canBeSent(*m_target.credential)) ||
        (m_target.foreignCredential && !canBeSent(*m_target.foreignCredential))) {
        return failure(ErrorKind::Invalid, "the model id or a credential is empty or holds control characters");
    }
    Result<BaseUrl> url = BaseUrl::parse(m_target.url);
    if (!url) {
        return failure(url.error());
    }
    if (url->tls) {
        Result<TlsSettings> tls = TlsSettings::make(m_target.tls, *url);
        if (!tls) {
            return failure(tls.error());
        }
        m_place.tls = std::move(*tls);
    }
    Result<std::vector<SocketAddress>> addresses = resolve(*url);
    if (!addresses) {
        return failure(addresses.error());
    }
    m_place.url = std::move(*url);
    m_place.addresses = std::move(*addresses);
    m_place.connectTimeout = m_context.options.connectTimeout;
    m_place.exchangeTimeout = m_context.options.exchangeTimeout;
    m_place.maxAnswerBytes = m_context.options.maxAnswerBytes;
    return {};
}

void EndpointRun::run(const std::stop_token& stop) {
    const std::size_t estimate = plan().size();
    const Result<void> prepared = prepare();
    if (prepared && !stop.stop_requested()) {
        identify(stop);
        control(stop);
    }
    m_context.board.update(m_index, m_report);
    const std::vector<Planned> planned = plan();
    m_context.board.plan(static_cast<std::ptrdiff_t>(planned.size()) - static_cast<std::ptrdiff_t>(estimate));
    for (const Planned& each : planned) {
        if (!prepared) {
            recordUnasked(each, "not asked: " + prepared.error().describe());
        } else if (stop.stop_requested()) {
            recordUnasked(each, "not asked: the run was cancelled");
        } else if (m_silent >= SilenceLimit) {
            recordUnasked(each, "not asked: the last " + std::to_string(SilenceLimit) +
                                    " requests brought no answer (" + m_lastFailure + ")");
        } else {
            refreshControl(stop);
            perform(each, stop);
        }
        m_context.board.step(m_target.name, each.check->id());
    }
    if (prepared && !stop.stop_requested() && m_silent < SilenceLimit && !planned.empty()) {
        control(stop);
    }
    finish();
}

void EndpointRun::recordUnasked(const Planned& planned, const std::string& why) {
    CheckResult result;
    result.id = planned.check->id();
    result.variant = planned.variantName;
    result.route = planned.route.name();
    result.routeClass = planned.route.routeClass;
    result.reason = why;
    m_report.checks.push_back(result);
    m_context.board.add(m_index, std::move(result));
}

void EndpointRun::pace(const std::stop_token& stop) {
    const double rate = std::clamp(m_context.options.ratePerEndpoint, 0.01, 10'000.0);
    while (!stop.stop_requested()) {
        const auto left = m_nextSlot - m_context.clock.steady();
        if (left.count() <= 0) {
            break;
        }
        pauseFor(std::min<std::chrono::nanoseconds>(left, std::chrono::milliseconds(50)), stop);
    }
    const auto step = std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / rate));
    m_nextSlot = std::max(m_nextSlot, m_context.clock.steady() - step) + step;
}

ExchangeFacts EndpointRun::send(const ProbeRequest& request, const std::string& what, const std::stop_token& stop) {
    pace(stop);
    std::string id = m_slug + "/" + what + "/" + slugOf(request.method + " " + request.path);
    id += "-" + std::to_string(++m_transcriptCount[id]);
    ExchangeFacts facts = exchange(m_place, request, m_context.redactor, std::move(id), m_context.clock, stop);
    m_echoed = m_echoed || facts.echoedSecret;
    m_silent = facts.response || facts.cancelled ? 0 : m_silent + 1;
    if (!facts.response) {
        m_lastFailure = facts.transcript.failure;
    }
    Transcript kept = facts.transcript;
    if (kept.received.size() > KeptAnswerBytes) {
        kept.received.resize(KeptAnswerBytes);
        kept.receivedTruncated = true;
    }
    m_context.board.keep(std::move(kept));
    return facts;
}

RequestHeader EndpointRun::ownCredential() const {
    return {m_target.credential->header, m_target.credential->prefix, m_target.credential->value.clone(),
            "credential of this endpoint"};
}

ProbeRequest EndpointRun::requestFor(const Route& route, const Variant& variant, bool ownModel) const {
    ProbeRequest request;
    request.method = route.method;
    request.path = route.path;
    for (const RequestHeader& header : variant.headers) {
        request.headers.push_back({header.name, header.value, header.secret.clone(), header.secretName});
    }
    request.body = route.bodyFor(ownModel && !m_target.model.empty() ? m_target.model : m_madeUpModel);
    if (!request.body.empty()) {
        request.contentType = "application/json";
    }
    return request;
}

Judgement EndpointRun::ask(const Planned& planned, bool ownModel, const std::stop_token& stop,
                           std::vector<std::string>& transcripts, TimePoint& at, bool& cancelled) {
    const std::string route = planned.route.name();
    Question question;
    question.method = planned.route.method;
    question.path = planned.route.path;
    question.routeClass = planned.route.routeClass;
    question.model = m_target.model;
    question.madeUpModel = planned.route.namesModel() && !(ownModel && !m_target.model.empty());
    question.knownRoute = route == m_controlRoute;
    question.otherCallersList = planned.check->otherCallersList();
    question.openRoute = openRouteFor(m_target, route);
    std::vector<Judgement> judgements;
    std::vector<std::string> ids;
    std::vector<TimePoint> times;
    for (std::size_t i = 0; i < std::max<std::size_t>(1, m_context.options.connectionsPerCheck); ++i) {
        std::vector<Variant> variants = planned.check->variants(m_target, planned.route);
        const ExchangeFacts facts =
            send(requestFor(planned.route, variants.at(planned.variant), ownModel), planned.check->id(), stop);
        cancelled = cancelled || facts.cancelled;
        ids.push_back(facts.transcript.id);
        times.push_back(facts.transcript.at);
        judgements.push_back(judge(question, facts.response ? &*facts.response : nullptr, facts.transcript.failure,
                                   m_context.catalogue, *m_engine, m_context.clock.now()));
    }
    std::size_t decisive = 0;
    Judgement judgement = combine(judgements, decisive);
    at = times[decisive];
    std::swap(ids.front(), ids[decisive]);
    transcripts.insert(transcripts.begin(), ids.begin(), ids.end());
    return judgement;
}

void EndpointRun::perform(const Planned& planned, const std::stop_token& stop) {
    bool cancelled = false;
    CheckResult result;
    result.id = planned.check->id();
    result.variant = planned.variantName;
    result.route = planned.route.name();
    result.routeClass = planned.route.routeClass;
    const bool ownModel = planned.check->variants(m_target, planned.route).at(planned.variant).ownModel;
    Judgement judgement = ask(planned, ownModel, stop, result.transcripts, result.at, cancelled);
    if (judgement.needsRealModel && !m_target.model.empty() && !cancelled) {
        judgement = ask(planned, true, stop, result.transcripts, result.at, cancelled);
    }
    if (cancelled && judgement.verdict != Verdict::Reached) {
        return recordUnasked(planned, "not finished: the run was cancelled");
    }
    result.verdict = judgement.verdict;
    result.status = judgement.status;
    result.deniedBy = judgement.deniedBy;
    result.deniedByWhat = judgement.deniedByWhat;
    result.reason = judgement.reason;
    result.mustDeny = judgement.mustDeny;
    result.transcript = result.transcripts.front();
    m_report.checks.push_back(result);
    requireControl(result, m_report.positiveControls);
    m_context.board.add(m_index, std::move(result));
}

PositiveControl EndpointRun::tryControl(const Route& route, const std::stop_token& stop) {
    ProbeRequest request = requestFor(route, {}, true);
    request.headers.push_back(ownCredential());
    const ExchangeFacts facts = send(request, "positive-control", stop);
    PositiveControl control;
    control.at = facts.transcript.at;
    control.model = m_target.model;
    control.route = route.name();
    control.transcript = facts.transcript.id;
    control.requestId = facts.transcript.nonce;
    if (!facts.response) {
        control.reason = facts.transcript.failure;
        return control;
    }
    control.status = facts.response->status;
    if (facts.response->status < 200 || facts.response->status > 299) {
        control.reason = "answered " + std::to_string(facts.response->status) + " to a valid request";
    } else if (saysError(*facts.response)) {
        control.reason = "answered " + std::to_string(facts.response->status) + ", but the body is an error";
    }
    return control;
}

void EndpointRun::control(const std::stop_token& stop) {
    m_lastControl = m_context.clock.steady();
    PositiveControl outcome;
    outcome.at = m_context.clock.now();
    outcome.model = m_target.model;
    if (!m_target.credential) {
        outcome.reason = "no credential was given for this endpoint";
    } else if (m_target.model.empty()) {
        outcome.reason = "no model was given for this endpoint";
    } else {
        const std::vector<Route> routes = m_context.catalogue.routesOf(*m_engine, m_report.engineVersion);
        const std::vector<std::string> names =
            m_controlRoute.empty() ? m_engine->positiveControl : std::vector<std::string>{m_controlRoute};
        outcome.reason = "the probe catalogue names no route for it";
        std::optional<PositiveControl> first;
        for (const std::string& name : names) {
            const auto route =
                std::find_if(routes.begin(), routes.end(), [&](const Route& each) { return each.name() == name; });
            if (route == routes.end()) {
                continue;
            }
            outcome = tryControl(*route, stop);
            if (outcome.passed() || !outcome.status || stop.stop_requested()) {
                break;
            }
            first = first ? first : outcome;
        }
        if (outcome.passed()) {
            m_controlRoute = outcome.route;
        } else if (first) {
            outcome = *first;
        }
    }
    if (stop.stop_requested() && !outcome.passed()) {
        return;
    }
    m_report.positiveControls.push_back(outcome);
    m_context.board.add(m_index, std::move(outcome));
}

void EndpointRun::refreshControl(const std::stop_token& stop) {
    if (m_target.credential && !m_target.model.empty() && m_context.clock.steady() - m_lastControl >= ControlRenewal) {
        control(stop);
    }
}

void EndpointRun::finish() {
    for (CheckResult& check : m_report.checks) {
        requireControl(check, m_report.positiveControls);
    }
    m_report.conclusion = conclude(m_report.checks, m_report.positiveControls);
    m_context.board.update(m_index, m_report);
    m_context.board.addFindings(findingsOf(m_report, m_echoed));
}

} // namespace gatehouse::probe
