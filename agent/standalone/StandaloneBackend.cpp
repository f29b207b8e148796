#include "agent/standalone/StandaloneBackend.h"

#include "core/exporters/Exporters.h"
#include "core/files/Files.h"
#include "core/logging/Log.h"
#include "core/object_store/KnownKinds.h"
#include "core/signing/Signing.h"
#include "core/time/Pause.h"

#include <algorithm>

namespace gatehouse::standalone {
namespace {

using admin_api::KeyState;
using admin_api::KeyView;
using admin_api::MintedKeyView;

/// How long a key may take to work at the gateway before the caller is told that it does not.
constexpr auto EnforcePatience = std::chrono::seconds(10);

std::vector<std::string> modelIdsOf(const Object& model) {
    if (model.kind() == kinds::LLMModel.kind) {
        return {model.text("spec.model.name")};
    }
    std::vector<std::string> ids;
    const json::Value* declared = model.at("spec.models.declared");
    if (declared != nullptr && declared->is_array()) {
        for (const auto& id : declared->get_array()) {
            if (id.is_string()) {
                ids.emplace_back(id.get_string());
            }
        }
    }
    return ids;
}

std::string shownIdOf(const Object& model) {
    const auto ids = modelIdsOf(model);
    return ids.empty() ? model.text("spec.provider.hostname") : ids.front();
}

} // namespace

StandaloneBackend::StandaloneBackend(BackendParts parts) : m_parts(std::move(parts)) {}

Result<std::vector<Object>> StandaloneBackend::models() {
    std::vector<Object> all;
    for (const ResourceType* type : {&kinds::LLMModel, &kinds::PassthroughModel}) {
        auto list = m_parts.store.list(*type, {});
        if (!list) {
            return failure(std::move(list.error()));
        }
        std::move(list->items.begin(), list->items.end(), std::back_inserter(all));
    }
    return all;
}

Result<Object> StandaloneBackend::modelNamed(const std::string& nameSpace, const std::string& model) {
    auto all = models();
    if (!all) {
        return failure(std::move(all.error()));
    }
    std::vector<Object> byId;
    std::vector<Object> byName;
    for (Object& one : *all) {
        if (one.nameSpace() != nameSpace || one.isBeingDeleted()) {
            continue;
        }
        const auto ids = modelIdsOf(one);
        if (std::find(ids.begin(), ids.end(), model) != ids.end()) {
            byId.push_back(one);
        }
        if (one.name() == model) {
            byName.push_back(one);
        }
    }
    auto& found = byId.empty() ? byName : byId;
    if (found.empty()) {
        return failure(ErrorKind::NotFound,
                       "there is no model '" + model.substr(0, 200) + "' in namespace " + nameSpace,
                       "see what there is with `gatehouse-agent get llmmodels`");
    }
    if (found.size() > 1 || (!byId.empty() && !byName.empty() && byId.front().name() != byName.front().name())) {
        return failure(ErrorKind::Invalid,
                       "'" + model.substr(0, 200) + "' means more than one model in namespace " + nameSpace,
                       "give the name of the LLMModel or PassthroughModel object that is meant");
    }
    return std::move(found.front());
}

KeyView StandaloneBackend::viewOf(keys::KeyMetadata metadata, const std::vector<Object>& models) const {
    KeyView view{.metadata = std::move(metadata)};
    const auto model = std::find_if(models.begin(), models.end(), [&](const Object& one) {
        return one.nameSpace() == view.metadata.nameSpace && one.name() == view.metadata.modelName;
    });
    view.modelId = model == models.end() ? "" : shownIdOf(*model);
    view.state = view.metadata.isExpired(m_parts.clock.now()) ? KeyState::Expired
                 : view.metadata.replacedBy.empty()           ? KeyState::Active
                                                              : KeyState::Retiring;
    view.lastUsedAt = m_parts.lastUsed(view.metadata.nameSpace, view.metadata.modelName, view.metadata.clientId);
    return view;
}

Result<std::vector<KeyView>> StandaloneBackend::keys(const std::string& nameSpace) {
    auto list = m_parts.keys.list(nameSpace);
    auto all = models();
    if (!list || !all) {
        return failure(list ? all.error() : list.error());
    }
    std::vector<KeyView> views;
    for (auto& metadata : *list) {
        views.push_back(viewOf(std::move(metadata), *all));
    }
    std::sort(views.begin(), views.end(), [](const KeyView& a, const KeyView& b) {
        return std::tie(a.metadata.nameSpace, a.metadata.clientId) <
               std::tie(b.metadata.nameSpace, b.metadata.clientId);
    });
    return views;
}

MintedKeyView StandaloneBackend::shown(keys::MintedKey minted) {
    auto all = models();
    return {viewOf(std::move(minted.metadata), all ? *all : std::vector<Object>()), std::move(minted.value)};
}

Result<void> StandaloneBackend::inForce(const keys::MintedKey& minted, std::stop_token stop) {
    const std::string& model = minted.metadata.modelName;
    if (auto refreshed = m_parts.serving.refreshKeys(); !refreshed) {
        return refreshed;
    }
    const auto deadline = m_parts.clock.steady() + EnforcePatience;
    while (!stop.stop_requested() && m_parts.clock.steady() < deadline) {
        if (m_parts.serving.isInForce(minted.metadata.nameSpace, model)) {
            if (const auto status = m_parts.askGateway(minted.value, stop); status && *status == 200) {
                return {};
            }
        }
        pauseFor(std::chrono::milliseconds(100), stop);
    }
    return failure(ErrorKind::Timeout, "the gateway does not serve model " + model + " yet, so no key was made for it",
                   "see why with `gatehouse-agent get llmmodel " + model + " -o yaml` and try again");
}

Result<MintedKeyView> StandaloneBackend::mintKey(const admin_api::KeyRequest& request, std::stop_token stop) {
    auto model = modelNamed(request.nameSpace, request.model);
    if (!model) {
        return failure(std::move(model.error()));
    }
    auto minted = m_parts.keys.mint({.nameSpace = request.nameSpace,
                                     .modelName = model->name(),
                                     .owner = request.owner,
                                     .description = request.description,
                                     .tenant = request.tenant,
                                     .lifetime = request.lifetime});
    if (!minted) {
        return failure(std::move(minted.error()));
    }
    if (auto works = inForce(*minted, stop); !works) {
        // Nobody has seen the key, so it must not stay behind.
        const auto revoked = m_parts.keys.revoke(request.nameSpace, minted->metadata.clientId);
        const auto refreshed = m_parts.serving.refreshKeys();
        return failure(!revoked && revoked.error().kind != ErrorKind::NotFound ? revoked.error()
                       : !refreshed                                            ? refreshed.error()
                                                                               : works.error());
    }
    return shown(std::move(*minted));
}

Result<KeyView> StandaloneBackend::revokeKey(const std::string& nameSpace, const std::string& clientId,
                                             std::stop_token) {
    auto revoked = m_parts.keys.revoke(nameSpace, clientId);
    if (!revoked) {
        return failure(std::move(revoked.error()));
    }
    if (auto refreshed = m_parts.serving.refreshKeys(); !refreshed) {
        return failure(ErrorKind::Timeout,
                       "key " + clientId + " is revoked but may still be taken: " + refreshed.error().message,
                       "try again in a moment; the agent keeps trying");
    }
    auto all = models();
    return viewOf(std::move(*revoked), all ? *all : std::vector<Object>());
}

Result<MintedKeyView> StandaloneBackend::rotateKey(const std::string& nameSpace, const std::string& clientId,
                                                   std::chrono::seconds grace, std::stop_token stop) {
    auto minted = m_parts.keys.rotate(nameSpace, clientId, grace,
                                      [&](const keys::MintedKey& fresh) { return inForce(fresh, stop); });
    // In either case the authorizer must know which of the two is left.
    if (const auto refreshed = m_parts.serving.refreshKeys(); !refreshed) {
        log::warning("a rotation is not yet known to the gateway", {{"error", refreshed.error().describe()}});
    }
    if (!minted) {
        return failure(std::move(minted.error()));
    }
    return shown(std::move(*minted));
}

Result<json::Object> StandaloneBackend::installation() {
    json::Object document = m_parts.installation();
    auto all = models();
    auto list = m_parts.keys.list("");
    document["models"] = all ? all->size() : 0;
    document["keys"] = list ? list->size() : 0;
    return document;
}

Result<json::Object> StandaloneBackend::inventory(std::stop_token) {
    auto made = m_parts.assessor.inventory(m_parts.assessor.newRun());
    if (!made) {
        return failure(std::move(made.error()));
    }
    return made->toJson();
}

Result<json::Object> StandaloneBackend::probeReport(const std::string& nameSpace, const std::string& run) {
    return m_parts.archive.report(nameSpace, run);
}

Result<std::string> StandaloneBackend::transcript(const std::string& nameSpace, const std::string& run,
                                                  const std::string& id) {
    return m_parts.archive.transcript(nameSpace, run, id);
}

Result<std::string> StandaloneBackend::packArchive(const std::string& nameSpace, const std::string& pack) {
    const auto path = m_parts.packs.pathOf(nameSpace, pack);
    if (!path) {
        return failure(path.error());
    }
    auto files = exporters::readPack(*path);
    if (!files) {
        return failure(std::move(files.error()));
    }
    signing::SignedBundle bundle;
    bundle.files = std::move(*files);
    return exporters::zipBytes(bundle);
}

Result<json::Object> StandaloneBackend::verifyPack(const std::string& nameSpace, const std::string& pack,
                                                   std::stop_token) {
    const auto path = m_parts.packs.pathOf(nameSpace, pack);
    if (!path) {
        return failure(path.error());
    }
    const auto verified = signing::verifyPack(*path, {m_parts.publicKeyPem});
    if (!verified) {
        return failure(verified.error());
    }
    return verified->toJson();
}

Result<void> StandaloneBackend::ready() {
    return m_parts.gatewayReady();
}

} // namespace gatehouse::standalone
