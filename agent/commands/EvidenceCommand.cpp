#include "agent/commands/EvidenceCommand.h"

#include "agent/commands/EvidenceExport.h"
#include "agent/commands/TrustedKeys.h"
#include "core/evidence/PackDiff.h"
#include "core/exporters/Exporters.h"
#include "core/signing/Signing.h"

#include <cstdio>

namespace gatehouse::commands {
namespace {

struct VerifyOptions {
    std::string pack;
    std::vector<std::string> keys;
    std::string maxAge;
    std::string output = "table";
};

struct DiffOptions {
    std::string older;
    std::string newer;
    std::vector<std::string> keys;
    std::string failOn;
    std::string output = "md";
};

void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void printVerdict(const signing::VerifyResult& result, const std::string& output) {
    if (output == "json") {
        print(json::pretty(result.toJson()));
        return;
    }
    print(!result.valid
              ? "INVALID  " + result.problem + "\n"
              : "valid    " + std::to_string(result.files) + " files, nothing missing, changed or added\nrun      " +
                    result.runId + "\nmade     " + result.madeAt + "\nresult   " + result.result + "\nsigned   " +
                    result.keyFingerprint + "\n");
}

Result<bool> isTooOld(const signing::VerifyResult& result, const std::string& maxAge) {
    if (maxAge.empty()) {
        return false;
    }
    const Result<std::chrono::seconds> age = parseDuration(maxAge);
    const Result<TimePoint> madeAt = age ? parseRfc3339(result.madeAt) : failure(age.error());
    if (!madeAt) {
        return failure(madeAt.error());
    }
    return SystemClock().now() - *madeAt > *age;
}

Result<ExitCode> verify(const VerifyOptions& options, const CommonOptions& common) {
    const Result<std::vector<std::string>> keys = trustedKeys(options.keys, common);
    const auto result = keys ? signing::verifyPack(options.pack, *keys) : failure(keys.error());
    if (!result) {
        return failure(result.error());
    }
    printVerdict(*result, options.output);
    if (!result->valid) {
        return ExitCode::Findings;
    }
    const Result<bool> old = isTooOld(*result, options.maxAge);
    if (!old) {
        return failure(old.error());
    }
    if (*old) {
        std::fprintf(stderr, "the pack is genuine, but older than %s\n", options.maxAge.c_str());
    }
    return *old ? ExitCode::Stale : ExitCode::Holds;
}

/// The files of a pack, which must be genuine where a key to tell is at hand.
Result<evidence::Files> genuine(const std::string& pack, const std::vector<std::string>& keys) {
    if (!keys.empty()) {
        const auto result = signing::verifyPack(pack, keys);
        if (!result) {
            return failure(result.error());
        }
        if (!result->valid) {
            return failure(ErrorKind::Integrity, pack + " does not verify: " + result->problem);
        }
    }
    return exporters::readPack(pack);
}

Result<ExitCode> diff(const DiffOptions& options, const CommonOptions& common) {
    const Result<std::vector<std::string>> keys = trustedKeys(options.keys, common);
    if (!keys) {
        return failure(keys.error());
    }
    if (keys->empty()) {
        std::fprintf(stderr, "the packs are compared without being verified: no trusted key is at hand\n");
    }
    const Result<evidence::Files> older = genuine(options.older, *keys);
    const Result<evidence::Files> newer = older ? genuine(options.newer, *keys) : failure(older.error());
    const Result<evidence::PackDiff> difference = newer ? evidence::diffPacks(*older, *newer) : failure(newer.error());
    if (!difference) {
        return failure(difference.error());
    }
    json::Object object = difference->toJson();
    object["verified"] = !keys->empty();
    print(options.output == "json" ? json::pretty(object) : difference->toMarkdown());
    return options.failOn == "new" && difference->isWorse() ? ExitCode::Findings : ExitCode::Holds;
}

void defineExport(CLI::App& app, const CommonOptions& common, const Bind& bind) {
    const auto options = std::make_shared<EvidenceExportOptions>();
    app.add_option("--out", options->out, "Folder to make, or a file name that ends in .zip")->required();
    app.add_option("--endpoints", options->endpoints, "EndpointList file (YAML or JSON) to probe");
    app.add_option("-f,--filename", options->dumps, "Dumps of a cluster's objects, for the inventory");
    app.add_option("--signing-key", options->signingKey,
                   "Private key, PEM; made with its .pub beside it when it does not exist. "
                   "~/.config/gatehouse/signing-key.pem when not given");
    app.add_option("--previous", options->previous, "The pack before this one, to continue its chain");
    app.add_option("--installation", options->installation, "What people call this installation; the host's name");
    app.add_option("--rate", options->rate, "Requests a second and endpoint, at most")
        ->check(CLI::Range(0.01, 1000.0))
        ->capture_default_str();
    app.add_option("--min-coverage", options->leastCoverage, "Exit 4 if fewer of the checks were conclusive (0 to 1)")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.footer(
        "With --data or --server the running agent makes the pack of its own endpoints.\n"
        "Exit codes: 0 it holds, 1 could not run, 3 findings, 4 coverage below --min-coverage, 5 stale results.");
    bind(app, [options, &common] { return exportEvidence(*options, common); });
}

void defineVerify(CLI::App& app, const CommonOptions& common, const Bind& bind) {
    const auto options = std::make_shared<VerifyOptions>();
    app.add_option("PACK", options->pack, "Folder or .zip of a pack")->required();
    app.add_option("--key", options->keys,
                   "Public key of the signer, PEM; otherwise ~/.config/gatehouse/trusted-keys/*.pub and, with --data, "
                   "the key of that agent");
    app.add_option("--max-age", options->maxAge, "Exit 5 if the pack is older, for example 92d");
    app.add_option("-o,--output", options->output, "table or json")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
    app.footer("Needs no network. Exit codes: 0 every byte is what was signed, 1 could not look, 3 something is wrong, "
               "5 older than --max-age.");
    bind(app, [options, &common] { return verify(*options, common); });
}

void defineDiff(CLI::App& app, const CommonOptions& common, const Bind& bind) {
    const auto options = std::make_shared<DiffOptions>();
    app.add_option("OLD", options->older, "The earlier pack")->required();
    app.add_option("NEW", options->newer, "The later pack")->required();
    app.add_option("--key", options->keys, "Public key both packs must verify with; otherwise as for verify");
    app.add_option("--fail-on", options->failOn, "new: exit 3 if something got worse")->check(CLI::IsMember({"new"}));
    app.add_option("-o,--output", options->output, "md or json")
        ->check(CLI::IsMember({"md", "json"}))
        ->capture_default_str();
    bind(app, [options, &common] { return diff(*options, common); });
}

void defineEvidence(CLI::App& app, const CommonOptions& common, const Bind& bind) {
    app.require_subcommand(1);
    const auto add = [&](const char* name, const char* summary, auto define) {
        CLI::App* sub = app.add_subcommand(name, summary);
        sub->fallthrough();
        define(*sub, common, bind);
    };
    add("export", "Probe, collect, and write a signed evidence pack", defineExport);
    add("verify", "Check that a pack is whole and signed by a trusted key", defineVerify);
    add("diff", "Say what changed between two packs", defineDiff);
}

} // namespace

Command evidenceCommand() {
    return {"evidence", "Make, verify and compare evidence packs", defineEvidence};
}

} // namespace gatehouse::commands
