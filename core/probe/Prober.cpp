#include "core/probe/Prober.h"

#include "core/probe/Catalogue.h"
#include "core/probe/EndpointRun.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>

namespace gatehouse::probe {
namespace {

Result<Catalogue> catalogueOf(const ProbeOptions& options) {
    return options.catalogueFile.empty() ? Catalogue::builtIn() : Catalogue::fromFile(options.catalogueFile);
}

/// Writing to a TLS connection the peer has closed raises SIGPIPE in the writing thread.
void blockPipeSignal() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

std::vector<std::string> uniqueSlugs(const std::vector<ProbeTarget>& targets) {
    std::vector<std::string> slugs;
    for (const ProbeTarget& target : targets) {
        std::string slug = slugOf(target.name);
        for (int n = 2; std::find(slugs.begin(), slugs.end(), slug) != slugs.end(); ++n) {
            slug = slugOf(target.name) + "-" + std::to_string(n);
        }
        slugs.push_back(std::move(slug));
    }
    return slugs;
}

Redactor redactorFor(const std::vector<ProbeTarget>& targets, const std::string& runId) {
    Redactor redactor(runId);
    for (const ProbeTarget& target : targets) {
        if (target.credential) {
            redactor.add("credential of endpoint " + target.name, target.credential->value.reveal());
        }
        if (target.foreignCredential) {
            redactor.add("foreign credential of endpoint " + target.name, target.foreignCredential->value.reveal());
        }
    }
    return redactor;
}

} // namespace

Result<void> checkOptions(const ProbeOptions& options) {
    for (const std::string& wanted : options.checks) {
        const auto& all = allChecks();
        if (std::none_of(all.begin(), all.end(), [&](const auto& check) { return check->id() == wanted; })) {
            std::string known;
            for (const auto& check : all) {
                known += (known.empty() ? "" : ", ") + check->id();
            }
            return failure(ErrorKind::Invalid, "there is no check '" + wanted.substr(0, 64) + "'",
                           "the checks are " + known);
        }
    }
    if (!(options.ratePerEndpoint >= 0.01 && options.ratePerEndpoint <= 10'000)) {
        return failure(ErrorKind::Invalid, "the rate must lie between 0.01 and 10000 requests a second");
    }
    const Result<Catalogue> catalogue = catalogueOf(options);
    if (!catalogue) {
        return failure(catalogue.error());
    }
    if (catalogue->engine("openai-generic") == nullptr) {
        return failure(ErrorKind::Invalid, "the probe catalogue has no entry 'openai-generic'",
                       "it is used for endpoints whose engine is not known");
    }
    return {};
}

ProbeReport run(const std::vector<ProbeTarget>& targets, const ProbeOptions& options, const Clock& clock,
                RunStamp stamp, const ProgressSink& progress, std::stop_token stop) {
    ProbeReport report;
    report.run = std::move(stamp);
    const Redactor redactor = redactorFor(targets, report.run.id);
    Result<Catalogue> loaded = catalogueOf(options);
    const Catalogue catalogue = loaded ? std::move(*loaded) : Catalogue();
    report.catalogueDigest = catalogue.digest();
    report.endpoints.resize(targets.size());
    RunBoard board(std::move(report), options, clock, progress);
    const RunContext context{catalogue, options, redactor, clock, board};
    const std::vector<std::string> slugs = uniqueSlugs(targets);
    std::vector<std::unique_ptr<EndpointRun>> runs;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        runs.push_back(std::make_unique<EndpointRun>(context, targets[i], i, slugs[i]));
        board.plan(static_cast<std::ptrdiff_t>(runs.back()->plannedChecks()));
    }
    std::atomic<std::size_t> next{0};
    const std::size_t count = std::clamp<std::size_t>(options.parallelEndpoints, 1, 64);
    {
        std::vector<std::jthread> workers;
        for (std::size_t i = 0; i < std::min(count, runs.size()); ++i) {
            workers.emplace_back([&] {
                blockPipeSignal();
                for (std::size_t at = next++; at < runs.size(); at = next++) {
                    runs[at]->run(stop);
                }
            });
        }
    }
    ProbeReport done = board.take();
    done.finishedAt = clock.now();
    done.cancelled = stop.stop_requested();
    std::stable_sort(done.findings.begin(), done.findings.end(), [](const Finding& a, const Finding& b) {
        return std::tie(a.endpoint, a.id) < std::tie(b.endpoint, b.id);
    });
    return done;
}

} // namespace gatehouse::probe
