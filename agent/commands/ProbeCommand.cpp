#include "agent/commands/ProbeCommand.h"

#include "agent/commands/ProgressLine.h"
#include "core/crypto/Crypto.h"
#include "core/files/Files.h"
#include "core/logging/Log.h"
#include "core/probe/Prober.h"
#include "core/probe/ReportFormats.h"
#include "core/process/StopSignals.h"
#include "core/yaml/Yaml.h"

#include <charconv>
#include <cstdio>

namespace gatehouse::commands {
namespace {

struct ProbeArguments {
    std::string endpoints;
    std::string rate = "20/s";
    std::string output = "table";
    double leastCoverage = 1.0;
    double timeout = 15;
    probe::ProbeOptions options;
};

/// "20/s", "0.5/s", "30/m"; requests a second.
Result<double> parseRate(const std::string& text) {
    double number = 0;
    const std::size_t slash = text.find('/');
    const auto [end, error] = std::from_chars(text.data(), text.data() + std::min(slash, text.size()), number);
    const std::string unit = slash == std::string::npos ? "" : text.substr(slash + 1);
    if (error != std::errc() || end != text.data() + std::min(slash, text.size()) || (unit != "s" && unit != "m") ||
        !(number > 0)) {
        return failure(ErrorKind::Invalid, "'" + text.substr(0, 40) + "' is no rate",
                       "write requests per second or minute and endpoint, for example 20/s or 30/m");
    }
    return unit == "m" ? number / 60.0 : number;
}

Result<std::vector<probe::ProbeTarget>> readTargets(const std::string& file) {
    const Result<std::string> text = files::read(file, 8U << 20);
    if (!text) {
        return failure(text.error());
    }
    const Result<json::Value> document = yaml::readOne(*text);
    if (!document) {
        return failure(because("the endpoint list " + file + " cannot be read", document.error()));
    }
    Result<std::vector<probe::ProbeTarget>> targets =
        probe::readEndpointList(*document, files::fs::absolute(file).parent_path().string());
    if (!targets) {
        return failure(because(file, targets.error()));
    }
    return targets;
}

std::string reportText(const probe::ProbeReport& report, const std::string& output) {
    if (output == "json") {
        return json::pretty(report.toJson());
    }
    return output == "txt"     ? probe::toTranscriptText(report)
           : output == "junit" ? probe::toJunit(report)
                               : probe::toTable(report);
}

/// Findings come first: what is open is worse than what was not seen.
ExitCode exitCodeOf(const probe::ProbeReport& report, double leastCoverage) {
    if (!report.findings.empty()) {
        return ExitCode::Findings;
    }
    for (const probe::EndpointReport& endpoint : report.endpoints) {
        if (endpoint.conclusion == probe::Conclusion::Reached) {
            return ExitCode::Findings;
        }
    }
    return report.coverage() < leastCoverage || report.cancelled ? ExitCode::Coverage : ExitCode::Holds;
}

Result<ExitCode> runProbe(const ProbeArguments& arguments) {
    const process::StopSignals signals;
    probe::ProbeOptions options = arguments.options;
    const Result<double> rate = parseRate(arguments.rate);
    if (!rate) {
        return failure(rate.error());
    }
    options.ratePerEndpoint = *rate;
    options.exchangeTimeout = std::chrono::milliseconds(static_cast<long>(arguments.timeout * 1000));
    if (Result<void> good = probe::checkOptions(options); !good) {
        return failure(good.error());
    }
    const Result<std::vector<probe::ProbeTarget>> targets = readTargets(arguments.endpoints);
    if (!targets) {
        return failure(targets.error());
    }
    const SystemClock clock;
    probe::ProbeReport report;
    {
        ProgressLine line(clock);
        report = probe::run(
            *targets, options, clock, RunStamp{crypto::randomUuid(), clock.now()},
            [&line](const probe::Progress& progress) { line.show(progress); }, signals.token());
    }
    const std::string text = reportText(report, arguments.output);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
        return failure(ErrorKind::Storage, "the report could not be written to stdout");
    }
    if (report.cancelled) {
        log::warning("cancelled; the report holds what was found until then");
    }
    return exitCodeOf(report, arguments.leastCoverage);
}

void defineProbe(CLI::App& app, const CommonOptions&, const Bind& bind) {
    const auto arguments = std::make_shared<ProbeArguments>();
    app.add_option("--endpoints", arguments->endpoints, "EndpointList file (YAML or JSON)")->required();
    app.add_option("--checks", arguments->options.checks, "Only these checks, comma separated")->delimiter(',');
    app.add_option("--rate", arguments->rate, "Requests per endpoint, at most")->capture_default_str();
    app.add_option("--parallel", arguments->options.parallelEndpoints, "Endpoints probed at the same time")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    app.add_option("--timeout", arguments->timeout, "Seconds to wait for one answer")
        ->check(CLI::Range(0.1, 600.0))
        ->capture_default_str();
    app.add_option("--connections", arguments->options.connectionsPerCheck,
                   "New connections each check is sent on; the worst answer counts")
        ->check(CLI::Range(1, 10))
        ->capture_default_str();
    app.add_option("--catalogue", arguments->options.catalogueFile, "Replaces the built-in probe catalogue (JSON)");
    app.add_option("--min-coverage", arguments->leastCoverage, "Exit 4 if fewer of the checks were conclusive (0 to 1)")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.add_flag("--destructive", arguments->options.destructive,
                 "Also send what may change or stop the server if it is open");
    app.add_option("-o,--output", arguments->output, "Form of the report")
        ->check(CLI::IsMember({"json", "table", "txt", "junit"}))
        ->capture_default_str();
    app.footer("Exit codes: 0 all endpoints deny, 1 could not run, 3 findings, 4 coverage below --min-coverage.");
    bind(app, [arguments] { return runProbe(*arguments); });
}

} // namespace

Command probeCommand() {
    return {"probe", "Sends what must be refused to model endpoints and says what was refused, by whom", &defineProbe};
}

} // namespace gatehouse::commands
