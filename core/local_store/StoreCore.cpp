#include "core/local_store/StoreCore.h"

#include "core/logging/Log.h"

#include <charconv>

namespace gatehouse::local_store {
namespace {

constexpr unsigned WritesPerCompaction = 256;

std::vector<std::string> ownerIds(const Object& object) {
    std::vector<std::string> ids;
    const json::Value* owners = object.at("metadata.ownerReferences");
    if (owners != nullptr && owners->is_array()) {
        for (const json::Value& owner : owners->get_array()) {
            ids.push_back(json::text(owner, "uid"));
        }
    }
    return ids;
}

/// The bytes to store. They are read back before they are trusted: what cannot be read must not get in.
Result<std::string> bodyOf(const Object& object) {
    std::string body = json::compact(object.content());
    if (body.size() > ObjectLimit) {
        return failure(ErrorKind::TooLarge,
                       object.kind() + " " + object.name() + " would be " + std::to_string(body.size()) +
                           " bytes long, the limit is " + std::to_string(ObjectLimit),
                       "make it smaller or split it");
    }
    if (auto readable = json::parse(body); !readable) {
        return failure(because(object.kind() + " " + object.name() + " cannot be stored", readable.error()));
    }
    return body;
}

void setVersion(Object& object, std::int64_t version) {
    object.metadata()["resourceVersion"] = std::to_string(version);
}

} // namespace

StoreCore::StoreCore(std::filesystem::path file, const Clock& clock, LocalStoreSettings settings)
    : m_file(std::move(file)),
      m_clock(clock),
      m_settings(std::move(settings)) {}

StoreCore::~StoreCore() = default;

Result<void> StoreCore::start() {
    auto writer = SqlThread::start(m_file, SqlConnection::Mode::Writer);
    if (!writer) {
        return failure(writer.error());
    }
    m_writer = std::move(*writer);
    auto ready = m_writer->call<Position>([this](SqlConnection& connection) -> Result<Position> {
        if (auto migrated = migrate(connection, m_file.string()); !migrated) {
            return failure(migrated.error());
        }
        auto last = lastVersions(connection);
        if (!last) {
            return failure(last.error());
        }
        auto position = readPosition(connection);
        if (position) {
            m_hub.announce(position->counter, *last);
        }
        return position;
    });
    if (!ready) {
        return failure(ready.error());
    }
    for (auto& reader : m_readers) {
        auto thread = SqlThread::start(m_file, SqlConnection::Mode::Reader);
        if (!thread) {
            return failure(thread.error());
        }
        reader = std::move(*thread);
    }
    return {};
}

void StoreCore::close() {
    m_hub.close();
    for (auto& reader : m_readers) {
        reader->close();
    }
    m_writer->close();
}

Result<Object> StoreCore::write(const Decide& decide, bool dryRun) {
    return m_writer->call<Object>(
        [this, &decide, dryRun](SqlConnection& connection) { return transact(connection, decide, dryRun); });
}

Result<Object> StoreCore::transact(SqlConnection& connection, const Decide& decide, bool dryRun) {
    step("begin");
    if (auto begun = connection.run("BEGIN IMMEDIATE"); !begun) {
        return failure(begun.error());
    }
    auto plan = decide(connection);
    if (!plan || plan->changes.empty() || dryRun) {
        (void)connection.run("ROLLBACK");
        return plan ? Result<Object>(std::move(plan->answer)) : failure(plan.error());
    }
    std::int64_t counter = 0;
    auto done = perform(connection, *plan, counter);
    if (done) {
        step("commit");
        auto committed = connection.run("COMMIT");
        done = committed ? Result<void>() : failure(committed.error());
    }
    if (!done) {
        (void)connection.run("ROLLBACK");
        return failure(done.error());
    }
    step("committed");
    announce(*plan, counter);
    if (++m_sinceCompaction >= WritesPerCompaction) {
        m_sinceCompaction = 0;
        m_writer->post([this](SqlConnection& writer) {
            const EventLimits limits{m_settings.eventCount, m_settings.eventBytes, m_settings.eventAge.count() * 1000};
            if (auto compacted = compact(writer, limits, millisOf(m_clock.now())); !compacted) {
                log::warning("old events could not be removed", {{"error", compacted.error().describe()}});
            }
        });
    }
    return std::move(plan->answer);
}

Result<void> StoreCore::perform(SqlConnection& connection, WritePlan& plan, std::int64_t& counter) {
    const auto position = readPosition(connection);
    if (!position) {
        return failure(position.error());
    }
    counter = position->counter;
    for (Change& change : plan.changes) {
        ++counter;
        if (&change == &plan.changes.front()) {
            setVersion(plan.answer, counter);
        }
        if (auto done = performOne(connection, change, counter); !done) {
            return done;
        }
    }
    step("counter");
    return writeCounter(connection, counter);
}

Result<void> StoreCore::performOne(SqlConnection& connection, Change& change, std::int64_t version) {
    EventRow event{.version = version};
    event.type = !change.before ? WatchEventType::Added
                 : change.after ? WatchEventType::Modified
                                : WatchEventType::Deleted;
    Object last = change.after ? *change.after : *change.before;
    setVersion(last, version);
    auto body = bodyOf(last);
    if (!body) {
        return failure(body.error());
    }
    event.body = std::move(*body);
    if (change.before) {
        event.before = json::compact(change.before->content());
    }
    step("object");
    Result<void> done = change.after
                            ? writeObject(connection, change.key, version, last.uid(), event.body, !change.before)
                            : dropObject(connection, change.key);
    const std::vector<std::string> owners = change.after ? ownerIds(last) : std::vector<std::string>();
    if (done && (!owners.empty() || (change.before && !ownerIds(*change.before).empty()))) {
        step("owners");
        done = writeOwners(connection, change.key, owners);
    }
    if (done) {
        step("event");
        done = writeEvent(connection, change.key, event, millisOf(m_clock.now()));
    }
    return done;
}

void StoreCore::announce(const WritePlan& plan, std::int64_t counter) {
    std::vector<std::pair<std::string, std::int64_t>> kinds;
    std::int64_t version = counter - static_cast<std::int64_t>(plan.changes.size());
    for (const Change& change : plan.changes) {
        kinds.emplace_back(change.key.kind, ++version);
    }
    m_hub.announce(counter, kinds);
    for (const Change& change : plan.changes) {
        if (!change.after && onRemoved) {
            onRemoved(change.before->uid());
        }
        if (change.after && onOwned && !ownerIds(*change.after).empty()) {
            onOwned(change.key);
        }
    }
}

Result<void> StoreCore::compactNow() {
    return m_writer->call<void>([this](SqlConnection& connection) {
        const EventLimits limits{m_settings.eventCount, m_settings.eventBytes, m_settings.eventAge.count() * 1000};
        return compact(connection, limits, millisOf(m_clock.now()));
    });
}

void StoreCore::step(std::string_view name) const {
    if (m_settings.onStep) {
        m_settings.onStep(name);
    }
}

std::int64_t millisOf(TimePoint time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

Result<Object> objectOf(const std::string& body) {
    auto value = json::parse(body);
    if (!value || !value->is_object()) {
        return failure(ErrorKind::Integrity, "the store holds an object that cannot be read",
                       "restore the store from a backup");
    }
    return Object(std::move(value->get_object()));
}

Result<std::int64_t> versionOf(const std::string& resourceVersion) {
    std::int64_t version = 0;
    const char* end = resourceVersion.data() + resourceVersion.size();
    const auto [stopped, error] = std::from_chars(resourceVersion.data(), end, version);
    if (error != std::errc() || stopped != end || version < 0) {
        return failure(ErrorKind::BadRequest, "'" + resourceVersion.substr(0, 32) + "' is no resourceVersion",
                       "use the one of a list or an object");
    }
    return version;
}

} // namespace gatehouse::local_store
