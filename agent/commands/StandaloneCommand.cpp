#include "agent/commands/StandaloneCommand.h"

#include "agent/standalone/StandaloneAgent.h"
#include "core/logging/Log.h"
#include "core/process/StopSignals.h"
#include "core/session/AgentConnection.h"

#include <memory>

namespace gatehouse::commands {
namespace {

struct Choices {
    std::uint16_t port = 8443;
    std::string address = "127.0.0.1";
    std::string envoy;
};

Result<ExitCode> serve(const Choices& choices, const std::string& dataDir) {
    // Before any other thread, so that every thread inherits the blocked signals.
    const process::StopSignals signals;
    const SystemClock clock;
    const std::filesystem::path folder =
        dataDir.empty() ? session::defaultDataFolder() : std::filesystem::path(dataDir);
    auto agent = standalone::StandaloneAgent::start({.data = {std::filesystem::absolute(folder).lexically_normal()},
                                                     .address = choices.address,
                                                     .port = choices.port,
                                                     .envoy = choices.envoy},
                                                    clock, signals.token());
    if (!agent) {
        return agent.error().kind == ErrorKind::Cancelled ? Result<ExitCode>(ExitCode::Holds)
                                                          : failure(std::move(agent.error()));
    }
    log::info("agent ready",
              {{"gateway", (*agent)->gatewayUrl()}, {"adminApi", (*agent)->adminUrl()}, {"data", folder.string()}});
    (*agent)->run(signals.token());
    log::info("agent stops");
    return ExitCode::Holds;
}

void defineStandalone(CLI::App& app, const CommonOptions& common, const Bind& bind) {
    const auto choices = std::make_shared<Choices>();
    app.add_option("--port", choices->port, "Port of the gateway; the admin API takes the next one, on 127.0.0.1")
        ->check(CLI::Range(1, 65534))
        ->capture_default_str();
    app.add_option("--address", choices->address, "Address the gateway listens on; 0.0.0.0 opens it to the network")
        ->capture_default_str();
    app.add_option("--envoy", choices->envoy,
                   "The Envoy program (1.38 or newer); else $GATEHOUSE_ENVOY, then PATH, then DIR/envoy/bin/envoy");
    app.footer("Keeps everything below --data (default ~/.local/share/gatehouse). Once it runs:\n"
               "  gatehouse-agent apply -f model.yaml\n"
               "  gatehouse-agent keys mint --model ID --owner WHO\n"
               "  gatehouse-agent evidence export --data DIR --out PACK\n"
               "YAML put into DIR/manifests is applied by itself.");
    bind(app, [choices, &common] { return serve(*choices, common.dataDir); });
}

} // namespace

Command standaloneCommand() {
    return {"standalone", "Runs the agent of one host: gateway, keys, probes and evidence, without a cluster",
            defineStandalone};
}

} // namespace gatehouse::commands
