#pragma once

#include "core/json/Json.h"
#include "core/probe/HttpResponseParser.h"
#include "core/probe/ProbeReport.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::probe {

/// An answer with its body read as JSON once, if it is JSON.
class Answer {
public:
    explicit Answer(const HttpResponse& response);

    [[nodiscard]] const HttpResponse& response() const { return m_response; }

    [[nodiscard]] const json::Value* body() const { return m_json ? &*m_json : nullptr; }

private:
    const HttpResponse& m_response;
    std::optional<json::Value> m_json;
};

/// How an answer is recognised. Every part that is given must match.
struct Fingerprint {
    std::string id;                                           ///< "vllm-unauthorized", shown in reports
    std::vector<int> status;                                  ///< empty: any
    std::vector<std::pair<std::string, std::string>> headers; ///< name → text the value holds, case ignored; "*": any
    std::vector<std::string> absentHeaders;
    std::optional<std::string> bodyEquals;
    std::vector<std::string> bodyContains;
    bool emptyBody = false;
    std::vector<std::pair<std::string, json::Value>> jsonEquals; ///< dotted path → value
    std::vector<std::string> jsonHas;                            ///< dotted paths that exist

    [[nodiscard]] bool matches(const Answer& answer) const;
};

/// One route of an engine and the request that asks for it without costing tokens.
struct Route {
    std::string method;
    std::string path;
    std::string routeClass;          ///< "inference", "control", "models", "recon" or "utility"
    std::optional<json::Value> body; ///< "${model}" stands for the model id
    std::string rawBody;             ///< instead of `body`, for what is no JSON
    std::string since;               ///< engine version, inclusive; empty: always
    std::string until;               ///< engine version, exclusive
    /// The method changes something. Without leave to be destructive `safeMethod` is sent, and without one nothing.
    bool mutating = false;
    std::string safeMethod;

    [[nodiscard]] std::string name() const { return method + " " + path; }

    /// The body with the model id put in; empty without one.
    [[nodiscard]] std::string bodyFor(const std::string& model) const;
    /// The body names a model.
    [[nodiscard]] bool namesModel() const;
};

enum class Role { Engine, Gateway, Common };

/// What is known of a model server or a gateway: data, one file each in resources/probe-catalogue/.
struct EngineFacts {
    std::string name;
    Role role = Role::Engine;
    std::string title;
    std::string versionPath;           ///< asked with GET; empty: none
    std::string versionMember;         ///< dotted path in its JSON answer
    std::vector<Fingerprint> identify; ///< answers that only this one gives
    std::vector<Fingerprint> denials;  ///< refusals of its authentication layer
    std::vector<Fingerprint> answers;  ///< made by it, whatever they say: it was reached
    std::vector<Fingerprint> absent;   ///< "no such route", said by it as a gateway
    std::vector<Fingerprint> content;  ///< model output or data only it can have
    std::vector<Route> routes;
    std::vector<std::string> positiveControl; ///< names of routes, tried in turn
};

/// All engines and gateways. Immutable.
class Catalogue {
public:
    /// The one this program was built with.
    [[nodiscard]] static Result<Catalogue> builtIn();
    /// From a file: {"apiVersion": "gatehouse.dev/v1alpha1", "kind": "ProbeCatalogue", "engines": […]}.
    [[nodiscard]] static Result<Catalogue> fromFile(const std::string& path);
    [[nodiscard]] static Result<Catalogue> fromJson(const json::Value& document);

    [[nodiscard]] const std::vector<EngineFacts>& engines() const { return m_engines; }

    /// Null if there is none of that name with role Engine.
    [[nodiscard]] const EngineFacts* engine(std::string_view name) const;
    /// Routes to probe on an engine of that version ("" if unknown), the common ones included.
    [[nodiscard]] std::vector<Route> routesOf(const EngineFacts& engine, const std::string& version) const;

    /// SHA-256, hex, of the canonical JSON of all entries sorted by name.
    [[nodiscard]] const std::string& digest() const { return m_digest; }

private:
    std::vector<EngineFacts> m_engines; ///< sorted by name
    std::string m_digest;
};

/// Dotted numbers compared number by number; what follows the numbers is ignored. Negative, zero or positive.
[[nodiscard]] int compareVersions(std::string_view a, std::string_view b);

} // namespace gatehouse::probe
