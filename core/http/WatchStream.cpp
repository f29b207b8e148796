#include "core/http/WatchStream.h"

#include "core/http/StatusError.h"

namespace gatehouse::http {

Result<WatchEvent> readWatchEvent(std::string_view line) {
    auto parsed = json::parse(line);
    if (!parsed) {
        return failure(because("a watch event cannot be read", std::move(parsed.error())));
    }
    const std::string type = json::text(*parsed, "type");
    json::Object* content = parsed->if_object();
    json::Value* inner = content == nullptr ? nullptr : content->if_contains("object");
    if (inner == nullptr || !inner->is_object()) {
        return failure(ErrorKind::BadRequest, "a watch event holds no object");
    }
    if (type == "ERROR") {
        const int code = static_cast<int>(json::number(*inner, "code", 500));
        return failure(errorOfStatus(code, *inner, "the watch failed"));
    }
    WatchEvent event;
    if (type == "ADDED") {
        event.type = WatchEventType::Added;
    } else if (type == "MODIFIED") {
        event.type = WatchEventType::Modified;
    } else if (type == "DELETED") {
        event.type = WatchEventType::Deleted;
    } else if (type == "BOOKMARK") {
        event.type = WatchEventType::Bookmark;
    } else {
        return failure(ErrorKind::BadRequest, "a watch event of the unknown type '" + type.substr(0, 40) + "' came");
    }
    // Bookmarks carry a resourceVersion and no name, so they do not go through Object::from.
    event.object = Object(std::move(inner->get_object()));
    return event;
}

Result<std::unique_ptr<Watch>> WatchStream::open(HttpClient& client, Request request, std::stop_token stop,
                                                 const Check& check) {
    std::unique_ptr<WatchStream> watch(new WatchStream());
    WatchStream* self = watch.get();
    const std::stop_callback wake(stop, [self] { self->m_stop.request_stop(); });
    watch->m_thread = std::jthread([self, &client, request = std::move(request), check] {
        self->run(client, request, check, self->m_stop.get_token());
    });
    std::unique_lock lock(watch->m_mutex);
    watch->m_changed.wait(lock, [self] { return self->m_opened || self->m_end; });
    if (!watch->m_opened) {
        Error error = *watch->m_end;
        lock.unlock();
        return failure(std::move(error));
    }
    lock.unlock();
    return std::unique_ptr<Watch>(std::move(watch));
}

WatchStream::~WatchStream() {
    m_stop.request_stop();
    m_changed.notify_all();
}

void WatchStream::run(HttpClient& client, const Request& request, const Check& check, std::stop_token stop) {
    std::optional<Error> refused;
    StreamHandlers handlers;
    handlers.opened = [&](const Response& header) {
        if (auto checked = check(header); !checked) {
            refused = std::move(checked.error());
            m_stop.request_stop();
            return;
        }
        const std::lock_guard lock(m_mutex);
        m_opened = true;
        m_changed.notify_all();
    };
    handlers.line = [&](std::string_view line) { return !refused && take(line); };
    auto result = client.stream(request, handlers, {}, stop);
    if (refused) {
        end(std::move(*refused));
    } else if (!result) {
        end(std::move(result.error()));
    } else if (result->status / 100 != 2) {
        if (auto checked = check(*result); !checked) {
            end(std::move(checked.error()));
        } else {
            end(errorFromStatus(result->status, result->body, "the watch was refused"));
        }
    } else {
        Error ended = makeError(ErrorKind::Unreachable, "the server ended the watch");
        ended.httpStatus = 200;
        end(std::move(ended));
    }
}

bool WatchStream::take(std::string_view line) {
    if (line.empty()) {
        return true;
    }
    auto event = readWatchEvent(line);
    if (!event) {
        end(std::move(event.error()));
        return false;
    }
    std::unique_lock lock(m_mutex);
    const auto token = m_stop.get_token();
    m_changed.wait(lock, token, [this] { return m_events.size() < MaxQueued; });
    if (token.stop_requested()) {
        return false;
    }
    m_events.push_back(std::move(*event));
    m_changed.notify_all();
    return true;
}

void WatchStream::end(Error error) {
    const std::lock_guard lock(m_mutex);
    if (!m_end) {
        m_end = std::move(error);
    }
    m_changed.notify_all();
}

Result<std::optional<WatchEvent>> WatchStream::next(std::chrono::milliseconds patience, std::stop_token stop) {
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, stop, patience, [this] { return !m_events.empty() || m_end; });
    if (stop.stop_requested()) {
        return failure(ErrorKind::Cancelled, "the watch was stopped");
    }
    if (!m_events.empty()) {
        WatchEvent event = std::move(m_events.front());
        m_events.pop_front();
        m_changed.notify_all();
        return std::optional<WatchEvent>(std::move(event));
    }
    if (m_end) {
        return failure(*m_end);
    }
    return std::optional<WatchEvent>();
}

} // namespace gatehouse::http
