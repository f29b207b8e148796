#include "core/local_store/SqlThread.h"

namespace gatehouse::local_store {

Result<std::unique_ptr<SqlThread>> SqlThread::start(const std::filesystem::path& file, SqlConnection::Mode mode) {
    std::unique_ptr<SqlThread> thread(new SqlThread());
    const auto opened = std::make_shared<std::promise<Result<void>>>();
    std::future<Result<void>> answer = opened->get_future();
    SqlThread* self = thread.get();
    thread->m_thread = std::jthread([self, file, mode, opened] {
        auto connection = SqlConnection::open(file, mode);
        if (!connection) {
            opened->set_value(failure(connection.error()));
            return;
        }
        opened->set_value({});
        self->serve(std::move(*connection));
    });
    if (auto done = answer.get(); !done) {
        return failure(done.error());
    }
    return thread;
}

SqlThread::~SqlThread() {
    close();
}

bool SqlThread::post(std::function<void(SqlConnection&)> work) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_closing) {
            return false;
        }
        m_work.push_back(std::move(work));
    }
    m_wake.notify_one();
    return true;
}

void SqlThread::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
    }
    m_wake.notify_one();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void SqlThread::serve(std::unique_ptr<SqlConnection> connection) {
    for (;;) {
        std::function<void(SqlConnection&)> work;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_closing || !m_work.empty(); });
            if (m_work.empty()) {
                return;
            }
            work = std::move(m_work.front());
            m_work.pop_front();
        }
        work(*connection);
    }
}

} // namespace gatehouse::local_store
