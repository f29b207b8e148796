#pragma once

#include "core/local_store/SqlConnection.h"

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace gatehouse::local_store {

/// A connection on a thread of its own; work is done there one after another, in the order it came.
class SqlThread {
public:
    [[nodiscard]] static Result<std::unique_ptr<SqlThread>> start(const std::filesystem::path& file,
                                                                  SqlConnection::Mode mode);
    /// Does what was asked for before, then ends.
    ~SqlThread();
    SqlThread(const SqlThread&) = delete;
    SqlThread& operator=(const SqlThread&) = delete;

    /// Runs `work` there and waits. Unreachable when the store is closing. Never call it from inside work.
    template <typename T>
    [[nodiscard]] Result<T> call(std::function<Result<T>(SqlConnection&)> work) {
        const auto answer = std::make_shared<std::promise<Result<T>>>();
        std::future<Result<T>> future = answer->get_future();
        const bool taken = post([&work, answer](SqlConnection& connection) { answer->set_value(work(connection)); });
        return taken ? future.get() : failure(ErrorKind::Unreachable, "the store is closing");
    }

    /// False when it will not be done because the thread is ending.
    bool post(std::function<void(SqlConnection&)> work);
    /// Refuses new work, waits until what was asked for before is done, and closes the connection.
    void close();

private:
    SqlThread() = default;
    void serve(std::unique_ptr<SqlConnection> connection);

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void(SqlConnection&)>> m_work;
    bool m_closing = false;
    std::jthread m_thread;
};

} // namespace gatehouse::local_store
