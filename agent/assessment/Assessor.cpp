#include "agent/assessment/Assessor.h"

#include "core/crypto/Crypto.h"
#include "core/keys/KeyNames.h"
#include "core/object_store/KnownKinds.h"
#include "core/time/Pause.h"

#include <algorithm>
#include <unistd.h>

namespace gatehouse::assessment {
namespace {

constexpr auto AccessLogPatience = std::chrono::seconds(12);

std::string hostName() {
    char buffer[256] = {};
    return ::gethostname(buffer, sizeof buffer - 1) == 0 && buffer[0] != '\0' ? buffer : "this host";
}

/// The first wanted name that no target answers to; empty when all do.
std::string unknownName(const std::vector<probe::ProbeTarget>& targets, const inventory::Inventory& inventory,
                        const std::vector<std::string>& wanted) {
    for (const std::string& one : wanted) {
        const bool known =
            std::any_of(targets.begin(), targets.end(),
                        [&](const auto& target) { return target.name == one || target.id == one; }) ||
            std::any_of(inventory.endpoints.begin(), inventory.endpoints.end(),
                        [&](const auto& endpoint) { return endpoint.source.name == one || endpoint.url == one; });
        if (!known) {
            return one;
        }
    }
    return {};
}

/// Requests a second that an endpoint can be asked without being disturbed.
double usualRate(const std::vector<probe::ProbeTarget>& targets) {
    const bool allHere = std::all_of(targets.begin(), targets.end(), [](const probe::ProbeTarget& target) {
        return target.url.starts_with("https://127.0.0.1:") || target.url.starts_with("http://127.0.0.1:");
    });
    return allHere ? 100 : 20;
}

std::size_t passedControls(const probe::ProbeReport& report, const std::string& underUrl) {
    std::size_t count = 0;
    for (const auto& endpoint : report.endpoints) {
        if (endpoint.url.starts_with(underUrl)) {
            count += static_cast<std::size_t>(std::count_if(endpoint.positiveControls.begin(),
                                                            endpoint.positiveControls.end(),
                                                            [](const auto& control) { return control.passed(); }));
        }
    }
    return count;
}

} // namespace

Assessor::Assessor(ObjectStore& store, const ProbeKeys& keys, GatewaySource gateway, const Clock& clock)
    : m_store(store),
      m_keys(keys),
      m_gateway(std::move(gateway)),
      m_clock(clock) {}

RunStamp Assessor::newRun() const {
    return RunStamp{.id = crypto::randomUuid(), .startedAt = m_clock.now()};
}

Result<inventory::Snapshot> Assessor::snapshot(const GatewayFacts& gateway) const {
    inventory::Snapshot snapshot;
    for (const ResourceType* type :
         {&kinds::LLMModel, &kinds::PassthroughModel, &kinds::Endpoint, &kinds::OpenRoute, &kinds::ModelAccess}) {
        auto list = m_store.list(*type, {});
        if (!list) {
            return failure(because("the inventory could not be read", std::move(list.error())));
        }
        std::move(list->items.begin(), list->items.end(), std::back_inserter(snapshot.objects));
    }
    snapshot.standalone = {gateway.url, gateway.enforcing, gateway.reasonIfNot};
    return snapshot;
}

Result<inventory::Inventory> Assessor::inventory(const RunStamp& run) const {
    auto taken = snapshot(m_gateway());
    if (!taken) {
        return failure(std::move(taken.error()));
    }
    return inventory::collect(*taken, inventory::allSources(), run);
}

Result<Assessment> Assessor::assess(const Request& request, const RunStamp& run, const probe::ProgressSink& progress,
                                    std::stop_token stop) const {
    const GatewayFacts gateway = m_gateway();
    auto taken = snapshot(gateway);
    if (!taken) {
        return failure(std::move(taken.error()));
    }
    Assessment assessment{.inventory = inventory::collect(*taken, inventory::allSources(), run)};
    const TargetInputs inputs{.inventory = assessment.inventory,
                              .snapshot = *taken,
                              .keys = m_keys,
                              .gatewayUrl = gateway.url,
                              .gatewayCaPem = gateway.caPem,
                              .secretValue = [this](const auto& nameSpace, const auto& secret, const auto& key) {
                                  return secretValue(nameSpace, secret, key);
                              }};
    const auto targets = targetsFor(inputs, request.endpoints);
    if (const std::string unknown = unknownName(targets, assessment.inventory, request.endpoints); !unknown.empty()) {
        return failure(ErrorKind::Invalid, "there is no endpoint '" + unknown + "' in the inventory",
                       "see the names with `gatehouse-agent inventory`");
    }
    const probe::ProbeOptions options{.checks = request.checks,
                                      .destructive = request.destructive,
                                      .ratePerEndpoint = request.ratePerEndpoint.value_or(usualRate(targets))};
    assessment.report = probe::run(targets, options, m_clock, run, progress, stop);
    return assessment;
}

Result<evidence::EvidenceInputs> Assessor::evidenceOf(Assessment assessment, std::stop_token stop) const {
    const GatewayFacts gateway = m_gateway();
    auto taken = snapshot(gateway);
    if (!taken) {
        return failure(std::move(taken.error()));
    }
    for (const ResourceType* type : {&kinds::Secret, &kinds::ConfigMap}) {
        auto list = m_store.list(*type, {});
        if (!list) {
            return failure(because("the key register could not be read", std::move(list.error())));
        }
        std::move(list->items.begin(), list->items.end(), std::back_inserter(taken->objects));
    }
    evidence::EvidenceInputs inputs;
    inputs.openRoutes = openRouteFacts(assessment.report, taken->objects);
    inputs.keys = keyFacts(taken->objects, m_clock.now());
    inputs.gatewayConfiguration = gateway.configuration;
    inputs.installation = hostName();
    inputs.accessLog = "access log of the gateway " + gateway.url;
    // The gateway writes its log a little later than it answers.
    const std::size_t expected = passedControls(assessment.report, gateway.url);
    const auto deadline = m_clock.steady() + AccessLogPatience;
    do {
        inputs.attribution = evidence::matchAttribution(assessment.report, readAccessLog(gateway.accessLog));
        if (inputs.attribution.size() >= expected || stop.stop_requested()) {
            break;
        }
        pauseFor(std::chrono::milliseconds(200), stop);
    } while (m_clock.steady() < deadline);
    inputs.inventory = std::move(assessment.inventory);
    inputs.report = std::move(assessment.report);
    inputs.madeAt = m_clock.now();
    return inputs;
}

Secret Assessor::secretValue(const std::string& nameSpace, const std::string& secret, const std::string& key) const {
    const auto object = m_store.get({kinds::Secret, nameSpace, secret});
    const json::Value* data = object ? object->at("data") : nullptr;
    auto value = data == nullptr ? failure(ErrorKind::NotFound, "") : crypto::fromBase64(json::text(*data, key));
    return value ? Secret(std::move(*value)) : Secret();
}

} // namespace gatehouse::assessment
