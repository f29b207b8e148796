#include "agent/envoy/Gateway.h"

#include "agent/envoy/AccessLogRotation.h"
#include "agent/envoy/Confirmation.h"
#include "agent/envoy/EnvoyFiles.h"
#include "agent/envoy/LiveCheck.h"
#include "core/files/Files.h"
#include "core/logging/Log.h"
#include "core/time/Pause.h"

#include <algorithm>
#include <optional>
#include <thread>

namespace gatehouse::envoy {
namespace {

using authorizer::ModelDirectory;
using serving_plan::PlannedModel;
using serving_plan::ServingPlan;

constexpr std::chrono::seconds ConfirmPatience{20};
constexpr std::uintmax_t AccessLogBytes = 64U << 20;
constexpr unsigned AccessLogsKept = 4;
/// New connections in a row that must see the new routes: enough that each of Envoy's threads is likely among them.
constexpr int LiveChecks = 6;

std::string urlOf(const EnvoySettings& settings) {
    std::string host = settings.address;
    if (host == "0.0.0.0") {
        host = "127.0.0.1";
    } else if (host == "::") {
        host = "::1";
    }
    const bool six = host.find(':') != std::string::npos;
    return "https://" + (six ? "[" + host + "]" : host) + ":" + std::to_string(settings.port);
}

EnvoySettings absolute(EnvoySettings settings) {
    settings.paths.data = std::filesystem::absolute(settings.paths.data).lexically_normal();
    settings.certificate = std::filesystem::absolute(settings.certificate).lexically_normal();
    settings.privateKey = std::filesystem::absolute(settings.privateKey).lexically_normal();
    return settings;
}

/// Takes the models that need the credential out of the plan and says why.
void leaveOut(ServingPlan& plan, const NeededCredential& credential, const Error& why, LeftOut& leftOut) {
    std::erase_if(plan.models, [&](const PlannedModel& model) {
        const bool needs = model.nameSpace == credential.nameSpace && model.upstream &&
                           model.upstream->credentialSecret == credential.secret;
        if (needs) {
            leftOut.push_back(
                {model.nameSpace, model.name, "UpstreamConfigured", false, "CredentialUnusable", why.describe()});
        }
        return needs;
    });
}

/// A model that leads back to the gateway or to the agent's own admin API is none.
bool isOurOwn(const serving_plan::Upstream& upstream, const EnvoySettings& settings) {
    const bool here = upstream.host == "localhost" || upstream.host.ends_with(".localhost") ||
                      upstream.host.starts_with("127.") || upstream.host.starts_with("::") ||
                      upstream.host == "0.0.0.0" || upstream.host == settings.address;
    return here && (upstream.port == settings.port || upstream.port == settings.port + 1);
}

void leaveOutOurselves(ServingPlan& plan, const EnvoySettings& settings, LeftOut& leftOut) {
    std::erase_if(plan.models, [&](const PlannedModel& model) {
        const bool own = model.upstream && isOurOwn(*model.upstream, settings);
        if (own) {
            leftOut.push_back({model.nameSpace, model.name, "UpstreamConfigured", false, "UpstreamIsGateway",
                               "its upstream is this gateway or its admin API; say where the model server is"});
        }
        return own;
    });
}

} // namespace

struct Gateway::Impl {
    Impl(FoundEnvoy envoy, EnvoySettings settings, const std::string& caPem, CredentialLookup credentials,
         const Clock& clock)
        : settings(absolute(std::move(settings))),
          url(urlOf(this->settings)),
          lookup(std::move(credentials)),
          authorizer(clock, this->settings.paths.authorizerSocket(), this->settings.limits.bodyBytes),
          supervisor(std::move(envoy), this->settings),
          admin(this->settings.paths.adminSocket()),
          live(url, caPem) {}

    /// A plan with every credential that could be had written for Envoy, and its documents.
    struct Prepared {
        EnvoyResources resources;
        ModelDirectory models;
        LeftOut leftOut; ///< models whose credential could not be had
    };

    [[nodiscard]] Result<Prepared> prepare(ServingPlan plan) const;
    [[nodiscard]] Result<void> writeCredential(const NeededCredential& credential) const;
    [[nodiscard]] Result<void> write(const EnvoyResources& resources) const;
    [[nodiscard]] Result<void> confirm(const Prepared& prepared, std::stop_token stop);
    [[nodiscard]] Result<void> rotateAccessLog(std::uintmax_t limit, unsigned keep) const;
    void keepHouse(const std::stop_token& stop) const;
    [[nodiscard]] Result<void> waitUntilSeen(const std::string& version, std::stop_token stop) const;

    const EnvoySettings settings;
    const std::string url;
    const CredentialLookup lookup;
    authorizer::Authorizer authorizer;
    EnvoySupervisor supervisor;
    EnvoyAdmin admin;
    LiveCheck live;
    std::mutex enforcing;     ///< one change at a time
    mutable std::mutex mutex; ///< guards what follows
    std::string version;      ///< last confirmed
    json::Object inForce;     ///< documents last confirmed
    std::jthread housekeeper;
};

Result<void> Gateway::Impl::writeCredential(const NeededCredential& credential) const {
    if (!lookup) {
        return failure(ErrorKind::Unsupported, "no credentials can be read here");
    }
    Result<Secret> value = lookup(credential.nameSpace, credential.secret);
    if (!value) {
        return failure(
            because("Secret " + credential.nameSpace + "/" + credential.secret + " cannot be used", value.error()));
    }
    const std::string_view bytes = value->reveal();
    const bool sendable =
        !bytes.empty() && std::all_of(bytes.begin(), bytes.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (!sendable) {
        return failure(ErrorKind::Invalid,
                       "Secret " + credential.nameSpace + "/" + credential.secret + " holds no usable `apiKey`",
                       "write it as visible ASCII without spaces or line ends");
    }
    const Secret document = credentialDocument(credential.sdsName, *value);
    if (const Result<Secret> old = files::readSecret(credential.file); old && old->equals(document.reveal())) {
        return {};
    }
    return files::writeSecret(credential.file, document);
}

Result<Gateway::Impl::Prepared> Gateway::Impl::prepare(ServingPlan plan) const {
    Prepared out;
    leaveOutOurselves(plan, settings, out.leftOut);
    for (const NeededCredential& credential : translate(plan, settings).credentials) {
        if (Result<void> written = writeCredential(credential); !written) {
            log::warning("a model has no route: its credential cannot be had",
                         {{"reason", written.error().describe()}});
            leaveOut(plan, credential, written.error(), out.leftOut);
        }
    }
    out.resources = translate(plan, settings);
    out.models = ModelDirectory::from(plan);
    return out;
}

Result<void> Gateway::Impl::write(const EnvoyResources& resources) const {
    // Clusters before the routes that name them. What is withdrawn is refused by the authorizer by now.
    for (const auto& [path, document] : {std::pair{settings.paths.certificateSecret(), &resources.certificateSecret},
                                         {settings.paths.bootstrap(), &resources.bootstrap},
                                         {settings.paths.clusters(), &resources.clusters},
                                         {settings.paths.routes(), &resources.routes},
                                         {settings.paths.listeners(), &resources.listeners}}) {
        if (Result<bool> written = writeDocument(path, *document); !written) {
            return failure(because("the gateway's configuration could not be written", written.error()));
        }
    }
    return {};
}

Result<void> Gateway::Impl::waitUntilSeen(const std::string& wanted, std::stop_token stop) const {
    const auto deadline = std::chrono::steady_clock::now() + ConfirmPatience;
    Error last;
    for (int seen = 0; seen < LiveChecks;) {
        const Result<std::string> found = live.version(authorizer.agentKey(), stop);
        if (found && *found == wanted) {
            ++seen;
            continue;
        }
        seen = 0;
        last = found ? makeError(ErrorKind::Timeout, "the gateway still answers by older routes") : found.error();
        if (stop.stop_requested() || std::chrono::steady_clock::now() > deadline) {
            return failure(because("the gateway's new configuration is not seen at " + url, std::move(last)));
        }
        pauseFor(std::chrono::milliseconds(10), stop);
    }
    return live.refusesWithoutKey(std::move(stop));
}

Result<void> Gateway::Impl::confirm(const Prepared& prepared, std::stop_token stop) {
    if (Result<void> accepted = waitUntilAccepted(admin, prepared.resources, ConfirmPatience, stop); !accepted) {
        return accepted;
    }
    if (Result<void> seen = waitUntilSeen(prepared.resources.version, stop); !seen) {
        return seen;
    }
    authorizer.setModels(std::make_shared<const ModelDirectory>(prepared.models));
    removeUnneededCredentials(settings.paths, prepared.resources.credentials);
    const std::lock_guard lock(mutex);
    version = prepared.resources.version;
    inForce = json::Object{{"listeners", prepared.resources.listeners},
                           {"routes", prepared.resources.routes},
                           {"clusters", prepared.resources.clusters},
                           {"bootstrap", prepared.resources.bootstrap}};
    return {};
}

Result<void> Gateway::Impl::rotateAccessLog(std::uintmax_t limit, unsigned keep) const {
    const Result<bool> renamed = rotate(settings.paths.accessLog(), limit, keep);
    if (!renamed) {
        return failure(renamed.error());
    }
    return *renamed ? admin.reopenLogs({}) : Result<void>();
}

void Gateway::Impl::keepHouse(const std::stop_token& stop) const {
    while (!stop.stop_requested()) {
        pauseFor(std::chrono::seconds(30), stop);
        if (const Result<void> rotated = rotateAccessLog(AccessLogBytes, AccessLogsKept); !rotated) {
            log::warning("the access log could not be rotated", {{"reason", rotated.error().describe()}});
        }
    }
}

Gateway::Gateway(FoundEnvoy envoy, EnvoySettings settings, std::string caPem, CredentialLookup credentials,
                 const Clock& clock)
    : m_impl(std::make_unique<Impl>(std::move(envoy), std::move(settings), caPem, std::move(credentials), clock)) {}

Gateway::~Gateway() {
    stop();
}

Result<void> Gateway::start(const ServingPlan& plan, std::stop_token stop) {
    const std::lock_guard enforcing(m_impl->enforcing);
    if (Result<void> made = makeFolders(m_impl->settings.paths); !made) {
        return made;
    }
    Result<Impl::Prepared> prepared = m_impl->prepare(plan);
    if (!prepared) {
        return failure(prepared.error());
    }
    const auto begin = [&]() -> Result<void> {
        if (Result<void> written = m_impl->write(prepared->resources); !written) {
            return written;
        }
        if (Result<void> listening = m_impl->authorizer.start(); !listening) {
            return listening;
        }
        if (Result<void> running = m_impl->supervisor.start(stop); !running) {
            return running;
        }
        return m_impl->confirm(*prepared, stop);
    };
    if (Result<void> begun = begin(); !begun) {
        this->stop();
        return begun;
    }
    m_impl->housekeeper = std::jthread([this](const std::stop_token& ended) { m_impl->keepHouse(ended); });
    return {};
}

Result<LeftOut> Gateway::enforce(const ServingPlan& plan, std::stop_token stop) {
    const std::lock_guard enforcing(m_impl->enforcing);
    if (status().state == GatewayState::Stopped) {
        return failure(ErrorKind::Unreachable, "the gateway is not running");
    }
    Result<Impl::Prepared> prepared = m_impl->prepare(plan);
    if (!prepared) {
        return failure(prepared.error());
    }
    const auto before = m_impl->authorizer.models();
    m_impl->authorizer.setModels(std::make_shared<const ModelDirectory>(prepared->models.onlyAlsoIn(*before)));
    if (Result<void> written = m_impl->write(prepared->resources); !written) {
        return failure(written.error());
    }
    if (Result<void> confirmed = m_impl->confirm(*prepared, std::move(stop)); !confirmed) {
        return failure(confirmed.error());
    }
    return std::move(prepared->leftOut);
}

void Gateway::setKeys(std::shared_ptr<const keys::KeyTable> keys) {
    m_impl->authorizer.setKeys(std::move(keys));
}

Result<void> Gateway::check(std::stop_token stop) const {
    return m_impl->live.refusesWithoutKey(std::move(stop));
}

Result<int> Gateway::statusOf(const Secret& key, std::stop_token stop) const {
    return m_impl->live.statusOf(key, std::move(stop));
}

void Gateway::stop() {
    m_impl->housekeeper = {};
    m_impl->supervisor.stop();
    m_impl->authorizer.stop();
}

EnvoyStatus Gateway::status() const {
    return m_impl->supervisor.status();
}

std::string Gateway::configVersion() const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->version;
}

std::string Gateway::url() const {
    return m_impl->url;
}

const authorizer::LastUsed& Gateway::lastUsed() const {
    return m_impl->authorizer.lastUsed();
}

json::Object Gateway::configuration() const {
    json::Object out{{"product", "Envoy"}, {"productVersion", status().version}, {"url", m_impl->url}};
    const std::lock_guard lock(m_impl->mutex);
    out["version"] = m_impl->version;
    out["documents"] = m_impl->inForce;
    return out;
}

Result<void> Gateway::rotateAccessLog(std::uintmax_t limit, unsigned keep) {
    return m_impl->rotateAccessLog(limit, keep);
}

authorizer::Authorizer& Gateway::authorizer() {
    return m_impl->authorizer;
}

} // namespace gatehouse::envoy
