#pragma once

#include <unistd.h>

namespace gatehouse::files {

/// Owns a file descriptor, or none (-1).
class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) {}

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    ~Descriptor() {
        if (valid()) {
            ::close(m_fd);
        }
    }

    [[nodiscard]] int get() const { return m_fd; }

    [[nodiscard]] bool valid() const { return m_fd >= 0; }

private:
    int m_fd;
};

} // namespace gatehouse::files
