#include "agent/standalone/StandaloneAgent.h"

#include "agent/admin_api/AdminApi.h"
#include "agent/admin_api/Kubeconfig.h"
#include "agent/envoy/Gateway.h"
#include "agent/standalone/ManifestFolder.h"
#include "agent/standalone/ModelMirror.h"
#include "agent/standalone/StandaloneBackend.h"
#include "core/api/Admission.h"
#include "core/crypto/Crypto.h"
#include "core/local_store/LocalStore.h"
#include "core/logging/Log.h"
#include "core/object_store/KnownKinds.h"
#include "core/session/AgentConnection.h"
#include "core/time/Pause.h"
#include "core/tls/LocalCa.h"

#include <unistd.h>

namespace gatehouse::standalone {
namespace {

constexpr auto UpkeepInterval = std::chrono::seconds(15);

/// The admin API's bearer token: made once, kept in a file of mode 0600.
Result<Secret> openOrCreateToken(const std::filesystem::path& file) {
    auto known = files::readSecret(file);
    if (known && known->size() >= 32) {
        return known;
    }
    if (known) {
        return failure(ErrorKind::Storage, "the admin token in " + file.string() + " is shorter than 32 characters",
                       "remove the file; a new token is made at the next start");
    }
    if (known.error().kind != ErrorKind::NotFound) {
        return known;
    }
    Secret token(crypto::base64Url(crypto::randomBytes(32)));
    if (auto written = files::writeSecret(file, token); !written) {
        return failure(std::move(written.error()));
    }
    return token;
}

Result<Secret> upstreamCredential(ObjectStore& store, const std::string& nameSpace, const std::string& name) {
    const auto secret = store.get({kinds::Secret, nameSpace, name});
    const json::Value* data = secret ? secret->at("data") : nullptr;
    if (!secret) {
        return failure(because("the provider credential cannot be had", secret.error()));
    }
    auto value = data == nullptr ? Result<std::string>("") : crypto::fromBase64(json::text(*data, "apiKey"));
    if (!value || value->empty()) {
        return failure(ErrorKind::Invalid, "Secret " + nameSpace + "/" + name + " has no value under apiKey",
                       "put the provider's key there");
    }
    return Secret(std::move(*value));
}

} // namespace

/// Members stand in the order they are started in; they end in the opposite one.
class StandaloneAgent::Impl {
public:
    Impl(StandaloneOptions options, const Clock& clock) : m_options(std::move(options)), m_clock(clock) {}

    ~Impl() {
        if (m_server != nullptr) {
            m_server->stop();
        }
        m_manifests.reset();
        m_packs.reset();
        m_runs.reset();
        m_serving.reset();
        m_mirror.stop();
        if (m_gateway != nullptr) {
            m_gateway->stop();
        }
    }

    Result<void> start(std::stop_token stop) {
        auto done = openFolder();
        done = done ? openStore() : std::move(done);
        done = done ? startGateway(stop) : std::move(done);
        done = done ? startControllers() : std::move(done);
        done = done ? startAdminApi() : std::move(done);
        return done;
    }

    void upkeep();

    [[nodiscard]] std::string gatewayUrl() const { return m_gateway->url(); }

    [[nodiscard]] std::string adminUrl() const { return "https://127.0.0.1:" + std::to_string(m_options.port + 1); }

private:
    Result<void> openFolder();
    Result<void> openStore();
    Result<void> startGateway(std::stop_token stop);
    Result<void> startControllers();
    Result<void> startAdminApi();
    [[nodiscard]] BackendParts backendParts();
    [[nodiscard]] assessment::GatewayFacts gatewayFacts() const;
    [[nodiscard]] json::Object installation() const;

    const StandaloneOptions m_options;
    const Clock& m_clock;
    TimePoint m_startedAt;
    std::optional<tls::LocalCa> m_ca;
    std::vector<std::string> m_hosts; ///< names and addresses in the server certificate
    tls::IdentityFiles m_identity;
    Secret m_token;
    std::unique_ptr<signing::Signer> m_signer;
    ModelMirror m_mirror;
    std::unique_ptr<local_store::LocalStore> m_store;
    assessment::ProbeKeys m_probeKeys;
    std::unique_ptr<keys::KeyManager> m_keys;
    std::unique_ptr<envoy::Gateway> m_gateway;
    envoy::EnvoyPaths m_gatewayPaths;
    std::unique_ptr<assessment::Assessor> m_assessor;
    std::unique_ptr<assessment::RunArchive> m_archive;
    std::unique_ptr<controllers::ServingController> m_serving;
    std::unique_ptr<controllers::ProbeRunController> m_runs;
    std::unique_ptr<controllers::EvidencePackController> m_packs;
    std::unique_ptr<ManifestFolder> m_manifests;
    std::unique_ptr<StandaloneBackend> m_backend;
    std::unique_ptr<admin_api::AdminApi> m_api;
    std::unique_ptr<http_server::HttpServer> m_server;
    unsigned m_restartsSeen = 0;
};

Result<void> StandaloneAgent::Impl::openFolder() {
    m_startedAt = m_clock.now();
    if (auto prepared = m_options.data.prepare(); !prepared) {
        return prepared;
    }
    auto ca = tls::LocalCa::openOrCreate(m_options.data.tls(), m_clock);
    if (!ca) {
        return failure(std::move(ca.error()));
    }
    m_ca = std::move(*ca);
    m_hosts = tls::localHosts();
    if (m_options.address != "127.0.0.1" && m_options.address != "0.0.0.0" && m_options.address != "::") {
        m_hosts.push_back(m_options.address);
    }
    auto identity = m_ca->ensureServer("server", m_hosts);
    if (!identity) {
        return failure(std::move(identity.error()));
    }
    m_identity = std::move(*identity);
    auto token = openOrCreateToken(m_options.data.token());
    if (!token) {
        return failure(std::move(token.error()));
    }
    m_token = std::move(*token);
    auto signer = signing::openOrCreateFileSigner(m_options.data.signingKey());
    if (!signer) {
        return failure(std::move(signer.error()));
    }
    m_signer = std::move(*signer);
    return {};
}

Result<void> StandaloneAgent::Impl::openStore() {
    const auto admission = [this](Object object, bool isStatus) {
        const auto others = isStatus ? std::vector<Object>() : m_mirror.models();
        return api::admit(std::move(object), true, others);
    };
    auto store = local_store::LocalStore::open(m_options.data.store(), m_clock, admission);
    if (!store) {
        return failure(std::move(store.error()));
    }
    m_store = std::move(*store);
    m_mirror.follow(*m_store);
    m_keys = std::make_unique<keys::KeyManager>(*m_store, m_clock);
    return {};
}

Result<void> StandaloneAgent::Impl::startGateway(std::stop_token stop) {
    auto found = envoy::locateEnvoy(m_options.envoy, m_options.data.root);
    if (!found) {
        return failure(std::move(found.error()));
    }
    envoy::EnvoySettings settings{.address = m_options.address, .port = m_options.port};
    settings.paths.data = m_options.data.root;
    settings.certificate = m_identity.certificateFile;
    settings.privateKey = m_identity.keyFile;
    m_gatewayPaths = settings.paths;
    m_gateway = std::make_unique<envoy::Gateway>(
        std::move(*found), settings, m_ca->certificatePem(),
        [this](const std::string& nameSpace, const std::string& name) {
            return upstreamCredential(*m_store, nameSpace, name);
        },
        m_clock);
    // Nobody is let in before the first plan and the keys have been read.
    m_gateway->setKeys(std::make_shared<const keys::KeyTable>());
    return m_gateway->start({}, stop);
}

Result<void> StandaloneAgent::Impl::startControllers() {
    m_assessor = std::make_unique<assessment::Assessor>(
        *m_store, m_probeKeys, [this] { return gatewayFacts(); }, m_clock);
    m_archive = std::make_unique<assessment::RunArchive>(m_options.data.runs());
    m_serving = std::make_unique<controllers::ServingController>(
        *m_store, m_probeKeys,
        controllers::GatewayPort{
            .setKeys = [this](std::shared_ptr<const keys::KeyTable> table) { m_gateway->setKeys(std::move(table)); },
            .enforce = [this](const serving_plan::ServingPlan& plan,
                              std::stop_token stop) { return m_gateway->enforce(plan, stop); }},
        m_clock, m_gateway->url());
    m_runs = std::make_unique<controllers::ProbeRunController>(*m_store, *m_assessor, *m_archive, m_clock);
    m_packs = std::make_unique<controllers::EvidencePackController>(*m_store, *m_assessor, *m_runs, *m_signer,
                                                                    m_options.data.packs(), m_clock);
    m_manifests = std::make_unique<ManifestFolder>(*m_store, m_options.data.manifests());
    return {};
}

BackendParts StandaloneAgent::Impl::backendParts() {
    return {.store = *m_store,
            .keys = *m_keys,
            .serving = *m_serving,
            .assessor = *m_assessor,
            .archive = *m_archive,
            .packs = *m_packs,
            .publicKeyPem = m_signer->publicKeyPem(),
            .clock = m_clock,
            .installation = [this] { return installation(); },
            .lastUsed =
                [this](const auto& nameSpace, const auto& model, const auto& clientId) {
                    const auto time = m_gateway->lastUsed().of(nameSpace, model, clientId);
                    return time ? toRfc3339(*time) : std::string();
                },
            .gatewayReady = [this]() -> Result<void> {
                const auto status = m_gateway->status();
                if (status.state != envoy::GatewayState::Running) {
                    return failure(ErrorKind::Unreachable, "the gateway is not running: " + status.message);
                }
                return {};
            },
            .askGateway = [this](const Secret& key,
                                 std::stop_token stop) { return m_gateway->statusOf(key, std::move(stop)); }};
}

Result<void> StandaloneAgent::Impl::startAdminApi() {
    m_backend = std::make_unique<StandaloneBackend>(backendParts());
    m_api = std::make_unique<admin_api::AdminApi>(*m_store, *m_backend, m_clock, m_token.clone());
    http_server::Options options{.name = "admin API", .port = static_cast<std::uint16_t>(m_options.port + 1)};
    options.identity = tls::Identity{m_identity.identity.certificatePem, m_identity.identity.keyPem.clone()};
    auto server = m_api->serve(std::move(options));
    if (!server) {
        return failure(std::move(server.error()));
    }
    m_server = std::move(*server);
    if (auto written =
            admin_api::writeKubeconfig(m_options.data.kubeconfig(), adminUrl(), m_ca->certificatePem(), m_token);
        !written) {
        return written;
    }
    return session::writeAgentFile(m_options.data.root, {.server = adminUrl(),
                                                         .caFile = m_ca->certificateFile().string(),
                                                         .tokenFile = m_options.data.token().string()});
}

assessment::GatewayFacts StandaloneAgent::Impl::gatewayFacts() const {
    const auto status = m_gateway->status();
    return {.url = m_gateway->url(),
            .caPem = m_ca->certificatePem(),
            .enforcing = status.state == envoy::GatewayState::Running && !m_gateway->configVersion().empty(),
            .reasonIfNot = status.message,
            .configuration = m_gateway->configuration(),
            .accessLog = m_gatewayPaths.accessLog()};
}

json::Object StandaloneAgent::Impl::installation() const {
    const auto status = m_gateway->status();
    const std::string caFile = m_ca->certificateFile().string();
    return {{"agentVersion", GATEHOUSE_VERSION},
            {"mode", "standalone"},
            {"dataDir", m_options.data.root.string()},
            {"startedAt", toRfc3339(m_startedAt)},
            {"gateway",
             {{"url", m_gateway->url()},
              {"caFile", caFile},
              {"state", envoy::word(status.state)},
              {"message", status.message},
              {"envoyVersion", status.version},
              {"pid", status.pid},
              {"restarts", status.restarts},
              {"configVersion", m_gateway->configVersion()}}},
            {"adminApi", {{"url", adminUrl()}, {"caFile", caFile}}},
            {"publicKeyFile", m_options.data.signingKey().string() + ".pub"},
            {"keyFingerprint", m_signer->keyFingerprint()}};
}

void StandaloneAgent::Impl::upkeep() {
    if (const auto swept = m_keys->sweep(); !swept) {
        log::warning("expired keys could not be swept", {{"error", swept.error().describe()}});
    }
    if (const auto status = m_gateway->status(); status.restarts != m_restartsSeen) {
        m_restartsSeen = status.restarts;
        m_serving->wake();
    }
    auto renewed = m_ca->ensureServer("server", m_hosts);
    if (!renewed) {
        log::warning("the server certificate could not be checked", {{"error", renewed.error().describe()}});
    } else if (renewed->renewed) {
        log::info("server certificate renewed");
        if (auto replaced = m_server->replaceIdentity(renewed->identity); !replaced) {
            log::warning("the admin API keeps its old certificate", {{"error", replaced.error().describe()}});
        }
    }
}

StandaloneAgent::StandaloneAgent(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

StandaloneAgent::~StandaloneAgent() = default;

Result<std::unique_ptr<StandaloneAgent>> StandaloneAgent::start(StandaloneOptions options, const Clock& clock,
                                                                std::stop_token stop) {
    auto impl = std::make_unique<Impl>(std::move(options), clock);
    if (auto started = impl->start(stop); !started) {
        return failure(std::move(started.error()));
    }
    return std::unique_ptr<StandaloneAgent>(new StandaloneAgent(std::move(impl)));
}

std::string StandaloneAgent::gatewayUrl() const {
    return m_impl->gatewayUrl();
}

std::string StandaloneAgent::adminUrl() const {
    return m_impl->adminUrl();
}

void StandaloneAgent::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        pauseFor(UpkeepInterval, stop);
        if (!stop.stop_requested()) {
            m_impl->upkeep();
        }
    }
}

} // namespace gatehouse::standalone
