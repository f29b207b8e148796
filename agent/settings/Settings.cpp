#include "agent/settings/Settings.h"

#include "core/files/Files.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

namespace gatehouse::settings {
namespace {

struct Variable {
    const char* name;
    std::string Settings::*text;
};

constexpr std::array Required{Variable{"LLM_BASE_DOMAIN", &Settings::baseDomain},
                              Variable{"LLM_OIDC_ISSUER_URL", &Settings::oidcIssuerUrl}};
constexpr std::array Optional{Variable{"LLM_OIDC_GROUPS_CLAIM", &Settings::oidcGroupsClaim},
                              Variable{"LLM_OIDC_AUDIENCE", &Settings::oidcAudience},
                              Variable{"LLM_DEFAULT_SERVING_IMAGE", &Settings::defaultServingImage},
                              Variable{"LLM_DEFAULT_EPP_IMAGE", &Settings::defaultEppImage},
                              Variable{"LLM_MODEL_DOWNLOADER_IMAGE", &Settings::modelDownloaderImage},
                              Variable{"LLM_DEFAULT_STORAGE_CLASS_NAME", &Settings::defaultStorageClassName},
                              Variable{"LLM_API_KEYS_NAMESPACE", &Settings::apiKeysNamespace},
                              Variable{"POD_NAMESPACE", &Settings::podNamespace},
                              Variable{"LLM_CLUSTER_ISSUER_NAME", &Settings::clusterIssuerName},
                              Variable{"LLM_TLS_SECRET_NAME", &Settings::tlsSecretName}};

/// The variable if it is set to something, else what `target` holds.
void read(const Lookup& lookup, const char* name, std::string& target) {
    if (std::optional<std::string> value = lookup(name); value && !value->empty()) {
        target = std::move(*value);
    }
}

void readRequired(const Lookup& lookup, const char* name, std::string& target, std::vector<std::string>& missing) {
    read(lookup, name, target);
    if (target.empty()) {
        missing.emplace_back(name);
    }
}

bool isYes(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
    });
    return text == "true" || text == "1" || text == "yes" || text == "on";
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool isVariableName(std::string_view text) {
    return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::string_view unquoted(std::string_view text) {
    const bool quotes =
        text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
    return quotes ? text.substr(1, text.size() - 2) : text;
}

} // namespace

Result<Settings> settingsFrom(const Lookup& lookup) {
    Settings settings;
    std::vector<std::string> missing;
    readRequired(lookup, Required[0].name, settings.*Required[0].text, missing);
    readRequired(lookup, "LLM_EXTERNAL_GATEWAY_NAME", settings.externalGateway.name, missing);
    readRequired(lookup, "LLM_INTERNAL_GATEWAY_NAME", settings.internalGateway.name, missing);
    readRequired(lookup, Required[1].name, settings.*Required[1].text, missing);
    if (!missing.empty()) {
        std::string names;
        for (const std::string& name : missing) {
            names += (names.empty() ? "" : ", ") + name;
        }
        return failure(ErrorKind::Invalid, "settings are missing: " + names,
                       "set them in the environment, or name a file of NAME=value lines with --settings");
    }
    read(lookup, "LLM_EXTERNAL_GATEWAY_NAMESPACE", settings.externalGateway.nameSpace);
    read(lookup, "LLM_INTERNAL_GATEWAY_NAMESPACE", settings.internalGateway.nameSpace);
    for (const Variable& variable : Optional) {
        read(lookup, variable.name, settings.*variable.text);
    }
    std::string flag;
    read(lookup, "LLM_MANAGE_SHARED_LISTENERS", flag);
    settings.manageSharedListeners = flag.empty() || isYes(flag);
    flag.clear();
    read(lookup, "ENABLE_WEBHOOKS", flag);
    settings.enableWebhooks = flag != "false";
    return settings;
}

Lookup environment() {
    return [](const std::string& name) {
        const char* value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    };
}

Result<std::map<std::string, std::string>> parseEnvFile(std::string_view text) {
    std::map<std::string, std::string> values;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty() || line.front() == '#') {
            continue;
        }
        if (line.starts_with("export ")) {
            line = trimmed(line.substr(7));
        }
        const std::size_t equals = line.find('=');
        const std::string_view name = trimmed(line.substr(0, equals));
        if (equals == std::string_view::npos || !isVariableName(name)) {
            return failure(ErrorKind::BadRequest, "line " + std::to_string(number) + " is no NAME=value line");
        }
        values[std::string(name)] = std::string(unquoted(trimmed(line.substr(equals + 1))));
    }
    return values;
}

Result<Settings> settingsFromFile(const std::string& path) {
    const Result<std::string> text = files::read(path, 1U << 20);
    if (!text) {
        return failure(text.error());
    }
    const auto values = parseEnvFile(*text);
    if (!values) {
        return failure(because("the settings in " + path + " cannot be read", values.error()));
    }
    Result<Settings> settings = settingsFrom([&](const std::string& name) {
        const auto found = values->find(name);
        return found == values->end() ? std::nullopt : std::optional<std::string>(found->second);
    });
    if (!settings) {
        Error error = settings.error();
        error.message += " (in " + path + ")";
        error.hint = "add them to the file";
        return failure(std::move(error));
    }
    return settings;
}

} // namespace gatehouse::settings
