#pragma once

#include "core/http/HttpClient.h"
#include "core/object_store/ObjectStore.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace gatehouse::http {

/// A Watch over a streaming request. A thread reads; next() takes from a bounded queue, so that a reader that lags
/// makes the server notice instead of filling this process.
class WatchStream final : public Watch {
public:
    /// Checks the header of the answer before anything else is believed.
    using Check = std::function<Result<void>(const Response& header)>;

    /// Returns when the server has accepted the watch, or with its error. `client` must outlive the watch.
    [[nodiscard]] static Result<std::unique_ptr<Watch>> open(HttpClient& client, Request request, std::stop_token stop,
                                                             const Check& check);
    ~WatchStream() override;

    [[nodiscard]] Result<std::optional<WatchEvent>> next(std::chrono::milliseconds patience,
                                                         std::stop_token stop) override;

private:
    WatchStream() = default;
    void run(HttpClient& client, const Request& request, const Check& check, std::stop_token stop);
    bool take(std::string_view line);
    void end(Error error);

    static constexpr std::size_t MaxQueued = 1000;

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<WatchEvent> m_events;
    bool m_opened = false;
    std::optional<Error> m_end;
    std::stop_source m_stop;
    std::jthread m_thread;
};

/// One line of a watch: {"type": "ADDED", "object": {…}}. An ERROR event is the Error its Status stands for.
[[nodiscard]] Result<WatchEvent> readWatchEvent(std::string_view line);

} // namespace gatehouse::http
