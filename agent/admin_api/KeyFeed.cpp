#include "agent/admin_api/KeyFeed.h"

#include "core/crypto/Crypto.h"
#include "core/object_store/KnownKinds.h"

#include <charconv>

namespace gatehouse::admin_api {
namespace {

/// The name that a field selector asks for; empty for all.
Result<std::string> selectedName(const std::string& labelSelector, const std::string& fieldSelector) {
    constexpr std::string_view prefix = "metadata.name=";
    if (!labelSelector.empty()) {
        return failure(ErrorKind::BadRequest, "ApiKeys have no labels to select by", "select by metadata.name=");
    }
    if (fieldSelector.empty()) {
        return std::string();
    }
    std::string_view rest = fieldSelector;
    if (!rest.starts_with(prefix) || rest.find(',') != std::string_view::npos) {
        return failure(ErrorKind::BadRequest, "ApiKeys can be selected by metadata.name= only");
    }
    rest.remove_prefix(prefix.size());
    rest.remove_prefix(rest.starts_with('=') ? 1 : 0);
    return std::string(rest);
}

bool selects(const std::string& nameSpace, const std::string& name, const Object& object) {
    return (nameSpace.empty() || object.nameSpace() == nameSpace) && (name.empty() || object.name() == name);
}

} // namespace

const char* word(KeyState state) {
    switch (state) {
    case KeyState::Active:
        return "Active";
    case KeyState::Expired:
        return "Expired";
    case KeyState::Retiring:
        return "Retiring";
    }
    return "Active";
}

Object toObject(const KeyView& key) {
    const auto& data = key.metadata;
    json::Object spec{{"model", data.modelName}, {"owner", data.creator}};
    const auto addTo = [](json::Object& object, const char* name, const std::string& value) {
        if (!value.empty()) {
            object[name] = value;
        }
    };
    addTo(spec, "description", data.description);
    addTo(spec, "tenant", data.tenant);
    addTo(spec, "expiresAt", data.expiresAt);
    json::Object status{{"state", word(key.state)}};
    addTo(status, "modelId", key.modelId);
    addTo(status, "replacedBy", data.replacedBy);
    addTo(status, "lastUsedAt", key.lastUsedAt);
    json::Object metadata{{"name", data.clientId},
                          {"namespace", data.nameSpace},
                          {"uid", crypto::stableUuid("apikey/" + data.nameSpace + "/" + data.clientId)}};
    addTo(metadata, "creationTimestamp", data.createdAt);
    return Object(json::Object{{"apiVersion", kinds::ApiKey.apiVersion()},
                               {"kind", kinds::ApiKey.kind},
                               {"metadata", std::move(metadata)},
                               {"spec", std::move(spec)},
                               {"status", std::move(status)}});
}

KeyFeed::KeyFeed(Backend& backend, const Clock& clock) : m_backend(backend), m_clock(clock) {
    // Starts above every version of an earlier process, so that one of those is recognized as too old.
    m_version = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(clock.now().time_since_epoch()).count());
    m_oldest = m_version;
}

Result<std::uint64_t> KeyFeed::versionFrom(const std::string& resourceVersion) {
    std::uint64_t version = 0;
    const char* end = resourceVersion.data() + resourceVersion.size();
    const auto [last, error] = std::from_chars(resourceVersion.data(), end, version);
    if (error != std::errc() || last != end) {
        return failure(ErrorKind::BadRequest, "the resourceVersion is none of ours");
    }
    return version;
}

void KeyFeed::record(WatchEventType type, Object object) {
    object.metadata()["resourceVersion"] = std::to_string(++m_version);
    m_changes.push_back({m_version, {type, std::move(object)}});
    if (m_changes.size() > MaxChanges) {
        m_oldest = m_changes.front().version;
        m_changes.pop_front();
    }
}

/// m_mutex is held.
Result<void> KeyFeed::refresh(bool evenIfFresh) {
    const auto now = m_clock.steady();
    if (m_loaded && !evenIfFresh && now - m_refreshed < RefreshEvery) {
        return {};
    }
    auto keys = m_backend.keys({});
    if (!keys) {
        return failure(std::move(keys.error()));
    }
    std::map<Key, Entry> fresh;
    for (const auto& key : *keys) {
        Object object = toObject(key);
        const Key at{key.metadata.nameSpace, key.metadata.clientId};
        std::string canonical = json::canonical(object.value());
        const auto known = m_entries.find(at);
        if (known == m_entries.end() || known->second.canonical != canonical) {
            record(known == m_entries.end() ? WatchEventType::Added : WatchEventType::Modified, std::move(object));
            object = m_changes.back().event.object;
        } else {
            object = std::move(known->second.object);
        }
        fresh.insert_or_assign(at, Entry{std::move(canonical), std::move(object)});
    }
    for (auto& [at, entry] : m_entries) {
        if (!fresh.contains(at)) {
            record(WatchEventType::Deleted, std::move(entry.object));
        }
    }
    m_entries = std::move(fresh);
    m_refreshed = now;
    m_loaded = true;
    return {};
}

Result<ObjectList> KeyFeed::list(const ListOptions& options) {
    const auto name = selectedName(options.labelSelector, options.fieldSelector);
    if (!name) {
        return failure(name.error());
    }
    const std::lock_guard lock(m_mutex);
    if (auto done = refresh(true); !done) {
        return failure(std::move(done.error()));
    }
    ObjectList all;
    for (const auto& [at, entry] : m_entries) {
        if (selects(options.nameSpace, *name, entry.object)) {
            all.items.push_back(entry.object);
        }
    }
    all.resourceVersion = std::to_string(m_version);
    return all;
}

Result<Object> KeyFeed::get(const std::string& nameSpace, const std::string& name) {
    const std::lock_guard lock(m_mutex);
    if (auto done = refresh(true); !done) {
        return failure(std::move(done.error()));
    }
    const auto found = m_entries.find({nameSpace, name});
    if (found == m_entries.end()) {
        return failure(ErrorKind::NotFound, "there is no API key " + nameSpace + "/" + name);
    }
    return found->second.object;
}

Result<std::vector<WatchEvent>> KeyFeed::since(std::uint64_t& version, const WatchOptions& options) {
    const auto name = selectedName(options.labelSelector, options.fieldSelector);
    if (!name) {
        return failure(name.error());
    }
    const std::lock_guard lock(m_mutex);
    if (auto done = refresh(false); !done) {
        return failure(std::move(done.error()));
    }
    if (version < m_oldest || version > m_version) {
        return failure(ErrorKind::TooOld,
                       "changes of ApiKeys since version " + std::to_string(version) + " are not known any more",
                       "list them again");
    }
    std::vector<WatchEvent> events;
    for (const Change& change : m_changes) {
        if (change.version > version && selects(options.nameSpace, *name, change.event.object)) {
            events.push_back(change.event);
        }
    }
    version = m_version;
    return events;
}

} // namespace gatehouse::admin_api
