#include "agent/http_server/Session.h"

#include <cstdio>

namespace gatehouse::http_server {
namespace {

constexpr std::size_t MaxLastWords = 16U << 10;

} // namespace

bool StreamQueue::write(std::string bytes) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_gone || m_finished) {
            return false;
        }
        // One message larger than the limit may pass when nothing else waits.
        if (m_backlog > 0 && m_backlog + bytes.size() > m_limit) {
            m_lagging = true;
            return false;
        }
        append(std::move(bytes));
    }
    m_wake();
    return true;
}

bool StreamQueue::lagging() const {
    const std::lock_guard lock(m_mutex);
    return m_lagging;
}

void StreamQueue::finish(std::string lastWords) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_gone || m_finished) {
            return;
        }
        m_finished = true;
        if (lastWords.size() <= MaxLastWords) {
            append(std::move(lastWords));
        }
    }
    m_wake();
}

void StreamQueue::append(std::string&& bytes) {
    m_backlog += bytes.size();
    if (m_waiting.empty()) {
        m_waiting = std::move(bytes);
    } else {
        m_waiting += bytes;
    }
}

void StreamQueue::end() {
    {
        const std::lock_guard lock(m_mutex);
        m_ended = true;
    }
    m_wake();
}

void StreamQueue::abandon() {
    const std::lock_guard lock(m_mutex);
    m_gone = true;
    m_waiting.clear();
    m_waiting.shrink_to_fit();
}

StreamQueue::Batch StreamQueue::take() {
    const std::lock_guard lock(m_mutex);
    Batch batch;
    batch.payload = m_waiting.size();
    batch.last = m_ended;
    if (batch.payload > 0) {
        char size[24];
        const int length = std::snprintf(size, sizeof size, "%zx\r\n", m_waiting.size());
        batch.bytes.reserve(m_waiting.size() + 32);
        batch.bytes.append(size, static_cast<std::size_t>(length)).append(m_waiting).append("\r\n");
        std::string().swap(m_waiting);
    }
    if (batch.last) {
        batch.bytes += "0\r\n\r\n";
    }
    return batch;
}

void StreamQueue::sent(std::size_t payload) {
    const std::lock_guard lock(m_mutex);
    m_backlog -= payload;
}

} // namespace gatehouse::http_server
