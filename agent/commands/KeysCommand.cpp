#include "agent/commands/KeysCommand.h"

#include "agent/commands/Connect.h"
#include "agent/commands/Output.h"
#include "core/files/Files.h"
#include "core/object_store/KnownKinds.h"

#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace gatehouse::commands {
namespace {

struct KeysOptions {
    std::string model;
    std::string owner;
    std::string description;
    std::string tenant;
    std::string expires;
    std::string keyFile;
    std::string id;
    std::string grace = "0s";
    std::string nameSpace = "default";
    bool everywhere = false;
    std::string output = "table";
};

/// A key file that cannot be written would lose the key, so that is found out before one is made.
Result<void> canWrite(const std::string& file) {
    if (file.empty()) {
        return {};
    }
    std::filesystem::path folder = std::filesystem::path(file).parent_path();
    folder = folder.empty() ? "." : folder;
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        return failure(ErrorKind::Storage, "the key file " + file + " cannot be written",
                       "choose a file in a folder that exists and that you may write to");
    }
    return {};
}

/// Takes the key out of the answer and shows it, once: in the file, or on stdout.
Result<ExitCode> hand(json::Value answer, const std::string& keyFile) {
    const std::string id = json::text(answer, "metadata.name");
    Secret key(json::text(answer, "status.key"));
    if (json::Object* object = answer.if_object()) {
        if (json::Value* status = object->if_contains("status"); status != nullptr && status->is_object()) {
            status->get_object().erase("key");
        }
    }
    if (key.empty()) {
        return failure(ErrorKind::Internal, "the agent's answer holds no key", "see `gatehouse-agent keys list`");
    }
    if (keyFile.empty()) {
        std::fwrite(key.reveal().data(), 1, key.size(), stdout);
        std::fputc('\n', stdout);
        if (std::fflush(stdout) != 0) {
            return failure(ErrorKind::Storage, "the key of " + id + " could not be printed",
                           "revoke it with `gatehouse-agent keys revoke " + id + "` and make another");
        }
        std::fprintf(stderr, "%s is in force; the key is not shown again\n", id.c_str());
        return ExitCode::Holds;
    }
    if (auto written = files::writeSecret(keyFile, key); !written) {
        Error error = because("the key of " + id + " could not be written", std::move(written.error()));
        error.hint = "revoke it with `gatehouse-agent keys revoke " + id + "` and make another";
        return failure(std::move(error));
    }
    std::printf("%s\n", id.c_str());
    std::fprintf(stderr, "%s is in force; the key is in %s\n", id.c_str(), keyFile.c_str());
    return ExitCode::Holds;
}

std::string keysPath(const KeysOptions& wanted) {
    return "namespaces/" + http::percentEncode(wanted.nameSpace) + "/apikeys";
}

Result<ExitCode> mint(const CommonOptions& common, const KeysOptions& wanted) {
    if (auto possible = canWrite(wanted.keyFile); !possible) {
        return failure(std::move(possible.error()));
    }
    auto client = connectToAgent(common);
    if (!client) {
        return failure(std::move(client.error()));
    }
    json::Object spec{{"model", wanted.model}, {"owner", wanted.owner}};
    const auto add = [&spec](const char* name, const std::string& value) {
        if (!value.empty()) {
            spec[name] = value;
        }
    };
    add("description", wanted.description);
    add("tenant", wanted.tenant);
    add("expires", wanted.expires);
    auto answer = (*client)->post(keysPath(wanted), json::Object{{"apiVersion", kinds::ApiKey.apiVersion()},
                                                                 {"kind", kinds::ApiKey.kind},
                                                                 {"metadata", json::Object{{"generateName", "key-"}}},
                                                                 {"spec", std::move(spec)}});
    if (!answer) {
        return failure(std::move(answer.error()));
    }
    return hand(std::move(*answer), wanted.keyFile);
}

Result<ExitCode> list(const CommonOptions& common, const KeysOptions& wanted) {
    auto client = connectToAgent(common);
    if (!client) {
        return failure(std::move(client.error()));
    }
    ListOptions options;
    options.nameSpace = wanted.everywhere ? std::string() : wanted.nameSpace;
    const auto all = (*client)->list(kinds::ApiKey, options);
    if (!all) {
        return failure(all.error());
    }
    const SystemClock clock;
    const std::string text = formatObjects(kinds::ApiKey, all->items, wanted.output, false, clock.now());
    std::fwrite(text.data(), 1, text.size(), stdout);
    return ExitCode::Holds;
}

Result<ExitCode> revoke(const CommonOptions& common, const KeysOptions& wanted) {
    auto client = connectToAgent(common);
    if (!client) {
        return failure(std::move(client.error()));
    }
    const auto removed = (*client)->remove({kinds::ApiKey, wanted.nameSpace, wanted.id});
    if (!removed) {
        return failure(removed.error());
    }
    std::printf("%s revoked\n", wanted.id.c_str());
    return ExitCode::Holds;
}

Result<ExitCode> rotate(const CommonOptions& common, const KeysOptions& wanted) {
    if (auto possible = canWrite(wanted.keyFile); !possible) {
        return failure(std::move(possible.error()));
    }
    auto client = connectToAgent(common);
    if (!client) {
        return failure(std::move(client.error()));
    }
    auto answer = (*client)->post(keysPath(wanted) + "/" + http::percentEncode(wanted.id) + "/rotate",
                                  json::Object{{"grace", wanted.grace}});
    if (!answer) {
        return failure(std::move(answer.error()));
    }
    return hand(std::move(*answer), wanted.keyFile);
}

void defineKeys(CLI::App& app, const CommonOptions& common, const Bind& bind) {
    const auto options = std::make_shared<KeysOptions>();
    app.require_subcommand(1);
    const auto sub = [&](const char* name, const char* summary,
                         Result<ExitCode> (*run)(const CommonOptions&, const KeysOptions&)) {
        CLI::App* command = app.add_subcommand(name, summary);
        command->fallthrough();
        command->add_option("-n,--namespace", options->nameSpace, "Namespace")->capture_default_str();
        bind(*command, [&common, options, run] { return run(common, *options); });
        return command;
    };
    const auto keyFile = [&](CLI::App* command) {
        command->add_option("--key-file", options->keyFile, "Write the key to this file (mode 0600) instead of stdout");
    };
    CLI::App* minting = sub("mint", "Make a key; it is shown once", mint);
    minting->add_option("--model", options->model, "Model id, or the name of the model's object")->required();
    minting->add_option("--owner", options->owner, "Who answers for the key")->required();
    minting->add_option("--description", options->description, "What it is for");
    minting->add_option("--tenant", options->tenant, "Who pays; the owner when not given");
    minting->add_option("--expires", options->expires, "When it ends, for example 30d; never when not given");
    keyFile(minting);
    CLI::App* listing = sub("list", "Show all keys, never their values", list);
    listing->add_flag("-A,--all-namespaces", options->everywhere, "All namespaces");
    listing->add_option("-o,--output", options->output, "Form of the output")
        ->check(CLI::IsMember(OutputForms))
        ->capture_default_str();
    CLI::App* revoking = sub("revoke", "End a key; returns when the gateway refuses it", revoke);
    revoking->add_option("id", options->id, "Id of the key, from list")->required();
    CLI::App* rotating = sub("rotate", "Replace a key by a new one", rotate);
    rotating->add_option("id", options->id, "Id of the key, from list")->required();
    rotating->add_option("--grace", options->grace, "How long the old key still works, for example 1h")
        ->capture_default_str();
    keyFile(rotating);
}

} // namespace

Command keysCommand() {
    return {"keys", "Make, list, revoke and rotate API keys", defineKeys};
}

} // namespace gatehouse::commands
