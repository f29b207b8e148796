#include "core/local_store/LocalStore.h"

#include "core/local_store/GarbageCollector.h"
#include "core/local_store/ManagedFields.h"
#include "core/local_store/Patch.h"
#include "core/local_store/Reading.h"
#include "core/local_store/StoreFolder.h"

namespace gatehouse::local_store {
namespace {

RowKey rowKeyOf(const ObjectKey& key) {
    return {key.type.resourceName(), key.nameSpace, key.name};
}

tl::unexpected<Error> notFound(const ObjectKey& key) {
    return failure(ErrorKind::NotFound, key.describe() + " does not exist");
}

/// Reads the object inside a write; NotFound when it is not there.
Result<Object> liveObject(SqlConnection& connection, const ObjectKey& key) {
    auto live = readObject(connection, rowKeyOf(key));
    if (!live) {
        return failure(live.error());
    }
    return *live ? Result<Object>(std::move(**live)) : notFound(key);
}

Result<void> checkPreconditions(const Object& live, const ObjectKey& key, const Preconditions& wanted) {
    if (!wanted.uid.empty() && wanted.uid != live.uid()) {
        return failure(ErrorKind::Conflict, key.describe() + " is not the one meant: its uid is another",
                       "read it again");
    }
    if (!wanted.resourceVersion.empty() && wanted.resourceVersion != live.resourceVersion()) {
        return failure(ErrorKind::Conflict, key.describe() + " has been changed since it was read", "read it again");
    }
    return {};
}

Result<void> checkManager(const WriteOptions& options) {
    if (options.fieldManager.empty() || options.fieldManager.size() > 128) {
        return failure(ErrorKind::BadRequest, "fieldManager must have 1 to 128 characters");
    }
    return {};
}

/// The kind of an object that is to be written, after what must hold whatever the write is.
Result<const KnownKind*> writableKind(const Object& object, const WriteOptions& options) {
    auto kind = storedKindOf(object);
    if (!kind) {
        return kind;
    }
    if (auto checked = checkManager(options); !checked) {
        return failure(checked.error());
    }
    if (auto checked = checkMetadata(object, **kind); !checked) {
        return failure(checked.error());
    }
    return kind;
}

} // namespace

/// The rules of writes around StoreCore.
class LocalStore::Core {
public:
    Core(StoreFolder folder, const Clock& clock, Admission admission, LocalStoreSettings settings)
        : m_folder(std::move(folder)),
          m_admission(std::move(admission)),
          m_core(std::make_shared<StoreCore>(m_folder.file(), clock, std::move(settings))),
          m_collector(*m_core) {}

    ~Core() {
        m_collector.stop();
        if (m_started) {
            m_core->close();
        }
    }

    Result<void> start() {
        m_core->onRemoved = [this](const std::string& uid) { m_collector.ownerRemoved(uid); };
        m_core->onOwned = [this](const RowKey& key) { m_collector.owned(key); };
        if (auto started = m_core->start(); !started) {
            return started;
        }
        m_started = true;
        m_collector.start();
        return {};
    }

    [[nodiscard]] std::shared_ptr<StoreCore> store() const { return m_core; }

    Result<Object> create(const Object& incoming, const WriteOptions& options, const KnownKind& kind);
    Result<Object> replace(const ObjectKey& key, const KnownKind& kind, bool isStatus, const WriteOptions& options,
                           const std::function<Result<Object>(const Object& live)>& change);
    Result<Object> apply(const Object& applied, const ApplyOptions& options, const KnownKind& kind);
    Result<Object> remove(const ObjectKey& key, const DeleteOptions& options);

private:
    [[nodiscard]] std::string now() const { return toRfc3339(m_core->clock().now()); }

    /// Admission, then the checks every object must pass; identity cannot be changed by either.
    Result<Object> admitted(Object object, const KnownKind& kind, bool isStatus) const;
    /// What an apply makes of `merged`, where nothing of that name lives and where something does. `applied` is what
    /// the caller sent, with the preconditions in its metadata.
    Result<Object> appliedNew(const ObjectKey& key, const Object& applied, Object merged, const KnownKind& kind) const;
    Result<Object> appliedOver(const Object& live, const Object& applied, Object merged, const KnownKind& kind) const;
    Result<WritePlan> planCreate(SqlConnection& connection, Object object, const KnownKind& kind, bool generated);
    Result<WritePlan> planReplace(const ObjectKey& key, const Object& live, Object next);
    Result<Object> finished(const Object& live, Object next, const KnownKind& kind, bool isStatus) const;
    Result<WritePlan> planDelete(SqlConnection& connection, const ObjectKey& key, const DeleteOptions& options);

    StoreFolder m_folder;
    Admission m_admission;
    std::shared_ptr<StoreCore> m_core;
    GarbageCollector m_collector;
    bool m_started = false;
};

Result<Object> LocalStore::Core::admitted(Object object, const KnownKind& kind, bool isStatus) const {
    const ObjectKey key = keyOf(object, kind.type);
    if (m_admission) {
        auto answer = m_admission(std::move(object), isStatus);
        if (!answer) {
            return failure(answer.error());
        }
        object = std::move(*answer);
    }
    auto normal = normalized(std::move(object), kind);
    if (!normal) {
        return normal;
    }
    if (auto checked = checkMetadata(*normal, kind); !checked) {
        return failure(checked.error());
    }
    if (keyOf(*normal, kind.type) != key) {
        return failure(ErrorKind::Internal, "admission changed the name of " + key.describe());
    }
    return normal;
}

Result<Object> LocalStore::Core::create(const Object& incoming, const WriteOptions& options, const KnownKind& kind) {
    const bool generated = incoming.name().empty();
    return m_core->write(
        [&](SqlConnection& connection) -> Result<WritePlan> {
            for (int attempt = 0;; ++attempt) {
                auto object = newObject(incoming, kind, now());
                if (!object) {
                    return failure(object.error());
                }
                auto ready = admitted(std::move(*object), kind, false);
                if (!ready) {
                    return failure(ready.error());
                }
                trackUpdate(Object(), *ready, {options.fieldManager, "", now()});
                auto plan = planCreate(connection, std::move(*ready), kind, generated);
                const bool again = !plan && plan.error().kind == ErrorKind::AlreadyExists && generated && attempt < 7;
                if (!again) {
                    return plan;
                }
            }
        },
        options.dryRun);
}

Result<WritePlan> LocalStore::Core::planCreate(SqlConnection& connection, Object object, const KnownKind& kind,
                                               bool generated) {
    const ObjectKey key = keyOf(object, kind.type);
    const RowKey row = rowKeyOf(key);
    auto found = readBody(connection, row);
    if (!found) {
        return failure(found.error());
    }
    if (*found) {
        return failure(ErrorKind::AlreadyExists, key.describe() + " exists already",
                       generated ? "try again" : "change it instead, or choose another name");
    }
    return WritePlan{{{row, std::nullopt, object}}, object};
}

Result<Object> LocalStore::Core::finished(const Object& live, Object next, const KnownKind& kind, bool isStatus) const {
    auto ready = admitted(std::move(next), kind, isStatus);
    if (!ready) {
        return ready;
    }
    if (auto allowed = checkTransition(live, *ready, kind); !allowed) {
        return failure(allowed.error());
    }
    if (keepsGeneration(kind) && changesGeneration(live, *ready)) {
        ready->metadata()["generation"] = live.generation() + 1;
    }
    return ready;
}

Result<WritePlan> LocalStore::Core::planReplace(const ObjectKey& key, const Object& live, Object next) {
    next.metadata()["resourceVersion"] = live.resourceVersion();
    if (sameContent(live, next)) {
        return WritePlan{{}, live};
    }
    const RowKey row = rowKeyOf(key);
    if (next.isBeingDeleted() && next.finalizers().empty()) {
        return WritePlan{{{row, live, std::nullopt}}, next};
    }
    return WritePlan{{{row, live, next}}, next};
}

Result<Object> LocalStore::Core::replace(const ObjectKey& key, const KnownKind& kind, bool isStatus,
                                         const WriteOptions& options,
                                         const std::function<Result<Object>(const Object& live)>& change) {
    return m_core->write(
        [&](SqlConnection& connection) -> Result<WritePlan> {
            const auto live = liveObject(connection, key);
            if (!live) {
                return failure(live.error());
            }
            auto incoming = change(*live);
            if (!incoming) {
                return failure(incoming.error());
            }
            if (auto checked = isStatus ? Result<void>() : checkMetadata(*incoming, kind); !checked) {
                return failure(checked.error());
            }
            auto next = replacement(*live, *incoming, kind, isStatus);
            if (next) {
                next = finished(*live, std::move(*next), kind, isStatus);
            }
            if (!next) {
                return failure(next.error());
            }
            trackUpdate(*live, *next, {options.fieldManager, isStatus ? "status" : "", now()});
            return planReplace(key, *live, std::move(*next));
        },
        options.dryRun);
}

Result<Object> LocalStore::Core::apply(const Object& applied, const ApplyOptions& options, const KnownKind& kind) {
    if (applied.name().empty()) {
        return failure(ErrorKind::BadRequest, "metadata.name is needed to apply");
    }
    const json::Value* managed = applied.at("metadata.managedFields");
    if (managed != nullptr && !(managed->is_array() && managed->get_array().empty()) && !managed->is_null()) {
        return failure(ErrorKind::BadRequest, "metadata.managedFields must not be set when applying");
    }
    Object wanted = applied;
    if (kind.hasStatus) {
        wanted.content().erase("status");
    }
    const ObjectKey key = keyOf(applied, kind.type);
    const Manager manager{options.fieldManager, "", now()};
    return m_core->write(
        [&](SqlConnection& connection) -> Result<WritePlan> {
            auto live = readObject(connection, rowKeyOf(key));
            if (!live) {
                return failure(live.error());
            }
            auto plain = normalized(wanted, kind);
            if (!plain) {
                return failure(plain.error());
            }
            auto merged = applyFields(live->value_or(Object()), *plain, manager, options.force);
            if (!merged) {
                return failure(merged.error());
            }
            auto next = *live ? appliedOver(**live, applied, *merged, kind) : appliedNew(key, applied, *merged, kind);
            if (!next) {
                return failure(next.error());
            }
            const json::Value* owners = merged->at("metadata.managedFields");
            if (owners != nullptr && !owners->is_null()) {
                next->metadata()["managedFields"] = *owners;
            }
            return *live ? planReplace(key, **live, std::move(*next))
                         : planCreate(connection, std::move(*next), kind, false);
        },
        options.dryRun);
}

Result<Object> LocalStore::Core::appliedNew(const ObjectKey& key, const Object& applied, Object merged,
                                            const KnownKind& kind) const {
    if (!applied.uid().empty() || !applied.resourceVersion().empty()) {
        return failure(ErrorKind::Conflict, key.describe() + " does not exist, but a uid or resourceVersion was given");
    }
    merged.metadata()["name"] = key.name;
    merged.metadata()["namespace"] = key.nameSpace;
    auto next = newObject(merged, kind, now());
    return next ? admitted(std::move(*next), kind, false) : next;
}

Result<Object> LocalStore::Core::appliedOver(const Object& live, const Object& applied, Object merged,
                                             const KnownKind& kind) const {
    merged.metadata()["uid"] = applied.uid();
    merged.metadata()["resourceVersion"] = applied.resourceVersion();
    auto next = replacement(live, merged, kind, false);
    return next ? finished(live, std::move(*next), kind, false) : next;
}

Result<WritePlan> LocalStore::Core::planDelete(SqlConnection& connection, const ObjectKey& key,
                                               const DeleteOptions& options) {
    const auto live = liveObject(connection, key);
    if (!live) {
        return failure(live.error());
    }
    if (auto checked = checkPreconditions(*live, key, options.preconditions); !checked) {
        return failure(checked.error());
    }
    WritePlan plan = planRemoval(rowKeyOf(key), *live, now());
    if (!options.orphanDependents || plan.changes.empty()) {
        return plan;
    }
    auto dependents = dependentsOf(connection, live->uid());
    if (!dependents) {
        return failure(dependents.error());
    }
    for (const RowKey& row : *dependents) {
        auto dependent = readObject(connection, row);
        if (!dependent) {
            return failure(dependent.error());
        }
        if (*dependent) {
            plan.changes.push_back({row, **dependent, withoutOwners(**dependent, [&](const json::Value& owner) {
                                        return json::text(owner, "uid") == live->uid();
                                    })});
        }
    }
    return plan;
}

Result<Object> LocalStore::Core::remove(const ObjectKey& key, const DeleteOptions& options) {
    return m_core->write([&](SqlConnection& connection) { return planDelete(connection, key, options); },
                         options.dryRun);
}

Result<std::unique_ptr<LocalStore>> LocalStore::open(const std::filesystem::path& folder, const Clock& clock,
                                                     Admission admission, LocalStoreSettings settings) {
    auto taken = StoreFolder::take(folder);
    if (!taken) {
        return failure(taken.error());
    }
    auto core = std::make_shared<Core>(std::move(*taken), clock, std::move(admission), std::move(settings));
    if (auto started = core->start(); !started) {
        return failure(started.error());
    }
    return std::unique_ptr<LocalStore>(new LocalStore(std::move(core)));
}

LocalStore::LocalStore(std::shared_ptr<Core> core) : m_core(std::move(core)) {}

LocalStore::~LocalStore() = default;

Result<Object> LocalStore::get(const ObjectKey& key) {
    auto body = m_core->store()->read<std::optional<std::string>>(
        [&key](SqlConnection& connection) { return readBody(connection, rowKeyOf(key)); });
    if (!body) {
        return failure(body.error());
    }
    return *body ? objectOf(**body) : notFound(key);
}

Result<ObjectList> LocalStore::list(const ResourceType& type, const ListOptions& options) {
    return listObjects(*m_core->store(), type.resourceName(), options);
}

Result<std::unique_ptr<Watch>> LocalStore::watch(const ResourceType& type, const WatchOptions& options) {
    auto filter = Filter::from(options.nameSpace, options.labelSelector, options.fieldSelector);
    if (!filter) {
        return failure(filter.error());
    }
    std::optional<std::int64_t> after;
    if (!options.resourceVersion.empty() && options.resourceVersion != "0") {
        const auto version = versionOf(options.resourceVersion);
        if (!version) {
            return failure(version.error());
        }
        after = *version;
        auto position = m_core->store()->read<Position>(&readPosition);
        if (!position) {
            return failure(position.error());
        }
        if (*after < position->floor || *after > position->counter) {
            return failure(ErrorKind::TooOld,
                           "resourceVersion " + options.resourceVersion + " is too old to watch from",
                           "list again and watch from there");
        }
    }
    return std::make_unique<LocalWatch>(m_core->store(), type, std::move(*filter), after, options.bookmarks);
}

Result<Object> LocalStore::create(const Object& object, const WriteOptions& options) {
    const auto kind = writableKind(object, options);
    return kind ? m_core->create(object, options, **kind) : failure(kind.error());
}

Result<Object> LocalStore::update(const Object& object, const WriteOptions& options) {
    const auto kind = writableKind(object, options);
    return kind ? m_core->replace(keyOf(object, (*kind)->type), **kind, false, options,
                                  [&](const Object&) { return Result<Object>(object); })
                : failure(kind.error());
}

Result<Object> LocalStore::updateStatus(const Object& object, const WriteOptions& options) {
    const auto kind = writableKind(object, options);
    if (kind && !(*kind)->hasStatus) {
        return failure(ErrorKind::NotFound, (*kind)->type.kind + " has no status");
    }
    return kind ? m_core->replace(keyOf(object, (*kind)->type), **kind, true, options,
                                  [&](const Object&) { return Result<Object>(object); })
                : failure(kind.error());
}

Result<Object> LocalStore::patch(const ObjectKey& key, PatchType type, const json::Value& patch,
                                 const std::string& subresource, const WriteOptions& options) {
    const KnownKind* kind = findKind(key.type.apiVersion(), key.type.kind);
    if (kind == nullptr || (subresource != "" && (subresource != "status" || !kind->hasStatus))) {
        return failure(ErrorKind::NotFound,
                       key.type.kind + " has no " + (kind == nullptr ? "place here" : subresource));
    }
    if (auto checked = checkManager(options); !checked) {
        return failure(checked.error());
    }
    return m_core->replace(key, *kind, !subresource.empty(), options, [&](const Object& live) -> Result<Object> {
        json::Value content = live.value();
        if (type == PatchType::Merge) {
            if (!patch.is_object()) {
                return failure(ErrorKind::BadRequest, "a merge patch is an object");
            }
            mergePatch(content, patch);
        } else {
            auto patched = jsonPatch(std::move(content), patch);
            if (!patched) {
                return failure(patched.error());
            }
            content = std::move(*patched);
        }
        auto next = Object::from(std::move(content));
        if (!next) {
            return failure(next.error());
        }
        if (next->apiVersion() != live.apiVersion() || next->kind() != live.kind() || next->name() != key.name ||
            next->nameSpace() != key.nameSpace) {
            return failure(ErrorKind::BadRequest, "the patch changes the kind, name or namespace of " + key.describe());
        }
        return next;
    });
}

Result<Object> LocalStore::apply(const Object& object, const ApplyOptions& options) {
    const auto kind = writableKind(object, options);
    return kind ? m_core->apply(object, options, **kind) : failure(kind.error());
}

Result<Object> LocalStore::remove(const ObjectKey& key, const DeleteOptions& options) {
    return m_core->remove(key, options);
}

Result<void> LocalStore::compactNow() {
    return m_core->store()->compactNow();
}

} // namespace gatehouse::local_store
