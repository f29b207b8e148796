#pragma once

#include "app/session/AgentClient.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace gatehouse::testing {

/// An agent in memory: lists and watches what put() was given, answers documents, can go away, hang, or refuse writes.
/// Thread-safe.
class FakeAgentClient final : public session::AgentClient {
public:
    void put(const ResourceType& type, Object object) {
        const std::lock_guard lock(m_mutex);
        object.metadata()["resourceVersion"] = std::to_string(++m_version);
        const std::string key = object.nameSpace() + "/" + object.name();
        const bool known = m_objects[type.plural].contains(key);
        m_objects[type.plural][key] = object;
        m_log.push_back({m_version, type.plural, {known ? WatchEventType::Modified : WatchEventType::Added, object}});
        m_changed.notify_all();
    }

    void erase(const ResourceType& type, const std::string& key) {
        const std::lock_guard lock(m_mutex);
        Object object = m_objects[type.plural].at(key);
        object.metadata()["resourceVersion"] = std::to_string(++m_version);
        m_objects[type.plural].erase(key);
        m_log.push_back({m_version, type.plural, {WatchEventType::Deleted, object}});
        m_changed.notify_all();
    }

    void setDocument(const std::string& path, json::Value value) {
        const std::lock_guard lock(m_mutex);
        m_documents[path] = std::move(value);
    }

    /// While set, every call fails with it, running watches too.
    void goAway(std::optional<Error> error) {
        const std::lock_guard lock(m_mutex);
        m_down = std::move(error);
        m_changed.notify_all();
    }

    /// While set, every call waits (until a stop).
    void hang(bool on) {
        const std::lock_guard lock(m_mutex);
        m_hanging = on;
        m_changed.notify_all();
    }

    /// Running watches end with TooOld.
    void compact() {
        const std::lock_guard lock(m_mutex);
        m_oldest = ++m_version;
        m_changed.notify_all();
    }

    void refuseWrites(std::optional<Error> error) {
        const std::lock_guard lock(m_mutex);
        m_refusal = std::move(error);
    }

    [[nodiscard]] int lists() const {
        const std::lock_guard lock(m_mutex);
        return m_lists;
    }

    [[nodiscard]] std::vector<Object> written() const {
        const std::lock_guard lock(m_mutex);
        return m_written;
    }

    Result<ObjectList> list(const ResourceType& type, std::stop_token stop) override {
        std::unique_lock lock(m_mutex);
        if (auto ready = gate(lock, stop); !ready) {
            return failure(ready.error());
        }
        ++m_lists;
        ObjectList all;
        for (const auto& [key, object] : m_objects[type.plural]) {
            all.items.push_back(object);
        }
        all.resourceVersion = std::to_string(m_version);
        return all;
    }

    Result<void> watch(const ResourceType& type, const std::string& from, const WatchHandlers& handlers,
                       std::stop_token stop) override {
        std::unique_lock lock(m_mutex);
        if (auto ready = gate(lock, stop); !ready) {
            return failure(ready.error());
        }
        lock.unlock();
        handlers.opened();
        lock.lock();
        long at = std::stol(from);
        while (!stop.stop_requested()) {
            if (m_down) {
                return failure(*m_down);
            }
            if (at < m_oldest) {
                return failure(ErrorKind::TooOld, "this version was compacted away");
            }
            std::vector<WatchEvent> events;
            for (const auto& [version, plural, event] : m_log) {
                if (version > at && plural == type.plural) {
                    events.push_back(event);
                    at = version;
                }
            }
            if (events.empty()) {
                m_changed.wait_for(lock, stop, std::chrono::milliseconds(50), [] { return false; });
                continue;
            }
            lock.unlock();
            for (const WatchEvent& event : events) {
                handlers.event(event);
            }
            lock.lock();
        }
        return failure(ErrorKind::Cancelled, "stopped");
    }

    Result<Object> get(const ObjectKey& key, std::stop_token) override {
        return failure(ErrorKind::NotFound, key.name + " is not here");
    }

    Result<Object> create(const Object& object, bool dryRun, std::stop_token stop) override {
        return write(object, dryRun, stop);
    }

    Result<Object> update(const Object& object, bool dryRun, std::stop_token stop) override {
        return write(object, dryRun, stop);
    }

    Result<Object> mergePatch(const ObjectKey& key, const json::Value& patch, std::stop_token stop) override {
        json::Object content{{"kind", key.type.kind}, {"metadata", json::Object{{"name", key.name}}}, {"patch", patch}};
        return write(Object(content), false, stop);
    }

    Result<void> remove(const ObjectKey& key, std::stop_token stop) override {
        {
            std::unique_lock lock(m_mutex);
            if (auto ready = gate(lock, stop); !ready) {
                return failure(ready.error());
            }
        }
        erase(key.type, key.nameSpace + "/" + key.name);
        return {};
    }

    Result<session::MintedKey> mintKey(const Object& request, std::stop_token stop) override {
        auto written = write(request, false, stop);
        if (!written) {
            return failure(written.error());
        }
        session::MintedKey minted;
        minted.key = *written;
        minted.value = Secret::copyOf("sk-aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb");
        return minted;
    }

    Result<session::MintedKey> rotateKey(const ObjectKey& key, const std::string&, std::stop_token stop) override {
        return mintKey(Object(json::Object{{"kind", "ApiKey"}, {"metadata", json::Object{{"name", key.name + "-2"}}}}),
                       stop);
    }

    Result<json::Value> getJson(const std::string& path, std::stop_token stop) override {
        std::unique_lock lock(m_mutex);
        if (auto ready = gate(lock, stop); !ready) {
            return failure(ready.error());
        }
        const auto found = m_documents.find(path);
        return found == m_documents.end() ? Result<json::Value>(failure(ErrorKind::NotFound, path + " is not here"))
                                          : found->second;
    }

    Result<std::string> getBytes(const std::string& path, std::stop_token) override { return "bytes of " + path; }

    std::string server() const override { return "https://127.0.0.1:1"; }

    std::string agentVersion() const override { return m_agentVersion; }

    std::string m_agentVersion = GATEHOUSE_VERSION; ///< set before use

private:
    struct Logged {
        long version;
        std::string plural;
        WatchEvent event;
    };

    Result<void> gate(std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
        m_changed.wait(lock, stop, [this] { return !m_hanging; });
        if (stop.stop_requested()) {
            return failure(ErrorKind::Cancelled, "stopped");
        }
        return m_down ? Result<void>(failure(*m_down)) : Result<void>();
    }

    Result<Object> write(const Object& object, bool dryRun, std::stop_token stop) {
        std::unique_lock lock(m_mutex);
        if (auto ready = gate(lock, stop); !ready) {
            return failure(ready.error());
        }
        if (m_refusal) {
            return failure(*m_refusal);
        }
        if (!dryRun) {
            m_written.push_back(object);
        }
        return object;
    }

    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::map<std::string, std::map<std::string, Object>> m_objects;
    std::vector<Logged> m_log;
    std::map<std::string, json::Value> m_documents;
    std::optional<Error> m_down;
    std::optional<Error> m_refusal;
    std::vector<Object> m_written;
    bool m_hanging = false;
    long m_version = 1;
    long m_oldest = 0;
    int m_lists = 0;
};

/// An object of a kind, with spec and status given as JSON text.
inline Object objectOf(const ResourceType& type, const std::string& name, const std::string& spec = "{}",
                       const std::string& status = "{}") {
    return Object(json::Object{{"apiVersion", type.apiVersion()},
                               {"kind", type.kind},
                               {"metadata", json::Object{{"name", name},
                                                         {"namespace", "default"},
                                                         {"uid", "uid-" + name},
                                                         {"creationTimestamp", "2026-11-20T12:00:00Z"}}},
                               {"spec", json::parse(spec).value()},
                               {"status", json::parse(status).value()}});
}

/// Turns the event loop until `done` holds or `patience` has passed; returns whether it holds.
template <typename Condition>
bool waitFor(Condition done, std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!done() && std::chrono::steady_clock::now() < until) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return done();
}

} // namespace gatehouse::testing
