#include "agent/assessment/Assessor.h"
#include "core/files/Files.h"
#include "core/keys/KeyMetadata.h"
#include "core/keys/KeyNames.h"
#include "core/object_store/KnownKinds.h"

#include <algorithm>
#include <fstream>
#include <map>

namespace gatehouse::assessment {
namespace {

using Place = std::pair<std::string, std::string>; ///< namespace, name

/// First twelve characters of each key's stored digest, by client id.
std::map<std::string, std::string> fingerprints(const Object& secret) {
    std::map<std::string, std::string> result;
    const json::Value* data = secret.at("data");
    if (data == nullptr || !data->is_object()) {
        return result;
    }
    for (const auto& member : data->get_object()) {
        constexpr std::string_view prefix = "sha256:";
        const auto text = member.value().is_string() ? crypto::fromBase64(std::string_view(member.value().get_string()))
                                                     : Result<std::string>();
        if (text && text->starts_with(prefix)) {
            result[std::string(member.key())] = text->substr(prefix.size(), 12);
        }
    }
    return result;
}

std::map<Place, std::string> modelIds(const std::vector<Object>& objects) {
    std::map<Place, std::string> ids;
    for (const Object& object : objects) {
        if (object.kind() == kinds::LLMModel.kind) {
            ids[{object.nameSpace(), object.name()}] = object.text("spec.model.name");
        } else if (object.kind() == kinds::PassthroughModel.kind) {
            ids[{object.nameSpace(), object.name()}] = object.text("spec.provider.hostname");
        }
    }
    return ids;
}

std::string stateOf(const keys::KeyMetadata& metadata, bool hasDigest, TimePoint now) {
    return !hasDigest                    ? "Unusable"
           : metadata.isExpired(now)     ? "Expired"
           : metadata.replacedBy.empty() ? "Active"
                                         : "Retiring";
}

/// Whether an OpenRoute's `spec.endpoint` means this endpoint: its name, id, URL, or the name of its source object.
bool isCalled(const probe::EndpointReport& endpoint, const std::string& name) {
    if (name == endpoint.name || name == endpoint.id || name == endpoint.url) {
        return true;
    }
    const std::size_t first = endpoint.name.find('/');
    const std::size_t second = first == std::string::npos ? first : endpoint.name.find('/', first + 1);
    return second != std::string::npos &&
           endpoint.name.substr(second + 1, endpoint.name.find('/', second + 1) - second - 1) == name;
}

/// The last `limit` bytes of a file, from the start of a line on; empty when it cannot be read.
std::string tailOf(const std::filesystem::path& path, std::size_t limit) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) {
        return {};
    }
    const auto size = static_cast<std::size_t>(file.tellg());
    const std::size_t from = size > limit ? size - limit : 0;
    file.seekg(static_cast<std::streamoff>(from));
    std::string text(size - from, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    const std::size_t firstWhole = from == 0 ? 0 : text.find('\n') + 1;
    return text.substr(firstWhole);
}

} // namespace

std::vector<evidence::KeyFact> keyFacts(const std::vector<Object>& objects, TimePoint now) {
    std::map<Place, std::map<std::string, std::string>> digests;
    for (const Object& object : objects) {
        if (object.kind() == kinds::Secret.kind && !keys::modelOfSecretName(object.name()).empty()) {
            digests[{object.nameSpace(), keys::modelOfSecretName(object.name())}] = fingerprints(object);
        }
    }
    const auto ids = modelIds(objects);
    std::vector<evidence::KeyFact> facts;
    for (const Object& object : objects) {
        const std::string model = keys::modelOfMetadataName(object.name());
        const json::Value* data = object.at("data");
        if (object.kind() != kinds::ConfigMap.kind || model.empty() || data == nullptr || !data->is_object()) {
            continue;
        }
        const Place place{object.nameSpace(), model};
        for (const auto& member : data->get_object()) {
            const auto metadata = keys::metadataOf(object, member.key());
            if (!metadata) {
                continue;
            }
            const auto& known = digests[place];
            const auto digest = known.find(metadata->clientId);
            evidence::KeyFact fact{.clientId = metadata->clientId,
                                   .owner = metadata->creator,
                                   .description = metadata->description,
                                   .model = model,
                                   .nameSpace = object.nameSpace(),
                                   .createdAt = metadata->createdAt,
                                   .expiresAt = metadata->expiresAt,
                                   .state = stateOf(*metadata, digest != known.end(), now),
                                   .tenant = metadata->tenant};
            fact.fingerprint = digest == known.end() ? "" : digest->second;
            fact.modelId = ids.contains(place) ? ids.at(place) : "";
            fact.note = metadata->expiresAt.empty() ? "does not expire" : "";
            facts.push_back(std::move(fact));
        }
    }
    std::sort(facts.begin(), facts.end(), [](const auto& a, const auto& b) {
        return std::tie(a.nameSpace, a.model, a.clientId) < std::tie(b.nameSpace, b.model, b.clientId);
    });
    return facts;
}

std::vector<evidence::OpenRouteFact> openRouteFacts(const probe::ProbeReport& report,
                                                    const std::vector<Object>& objects) {
    std::vector<evidence::OpenRouteFact> facts;
    for (const auto& endpoint : report.endpoints) {
        for (const auto& check : endpoint.checks) {
            if (check.verdict != probe::Verdict::Public && check.verdict != probe::Verdict::Reached) {
                continue;
            }
            evidence::OpenRouteFact fact{.endpoint = endpoint.name, .verdict = check.verdict, .route = check.route};
            const auto entry = std::find_if(objects.begin(), objects.end(), [&](const Object& object) {
                return object.kind() == kinds::OpenRoute.kind && object.text("spec.route") == check.route &&
                       isCalled(endpoint, object.text("spec.endpoint"));
            });
            if (entry != objects.end()) {
                fact.reason = entry->text("spec.reason");
                fact.owner = entry->text("spec.owner");
                fact.approver = entry->text("spec.approver");
                fact.expires = entry->text("spec.expires");
            }
            const bool known = std::any_of(facts.begin(), facts.end(), [&](const auto& other) {
                return other.endpoint == fact.endpoint && other.route == fact.route && other.verdict == fact.verdict;
            });
            if (!known) {
                facts.push_back(std::move(fact));
            }
        }
    }
    return facts;
}

std::vector<json::Object> readAccessLog(const std::filesystem::path& log, std::size_t limit) {
    std::vector<json::Object> lines;
    for (const auto& path : {std::filesystem::path(log.string() + ".1"), log}) {
        const std::string text = tailOf(path, limit);
        for (std::size_t start = 0; start < text.size();) {
            const std::size_t end = text.find('\n', start);
            if (end == std::string::npos) {
                break;
            }
            auto value = json::parse(std::string_view(text).substr(start, end - start), {.bytes = 64U << 10});
            if (value && value->is_object()) {
                lines.push_back(std::move(value->get_object()));
            }
            start = end + 1;
        }
    }
    return lines;
}

} // namespace gatehouse::assessment
