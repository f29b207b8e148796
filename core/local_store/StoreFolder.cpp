#include "core/local_store/StoreFolder.h"

#include "core/files/Files.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace gatehouse::local_store {
namespace {

tl::unexpected<Error> folderFailure(const char* what, const std::filesystem::path& path, int code) {
    const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
    return failure(ErrorKind::Storage, std::string(what) + " " + path.string() + ": " + std::strerror(code),
                   full ? "free some space on that disk"
                        : "give the user who runs this the right to it, or choose another folder");
}

Result<int> openPrivate(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        return folderFailure("cannot open", path, errno);
    }
    if (::fchmod(file, 0600) != 0) {
        const int code = errno;
        ::close(file);
        return folderFailure("cannot set the mode of", path, code);
    }
    return file;
}

std::string holderOf(int lock) {
    char text[32] = {};
    const ssize_t length = ::pread(lock, text, sizeof text - 1, 0);
    const std::string_view read(text, length > 0 ? static_cast<std::size_t>(length) : 0);
    const std::string pid(read.substr(0, read.find_first_not_of("0123456789")));
    return pid;
}

} // namespace

Result<StoreFolder> StoreFolder::take(const std::filesystem::path& folder) {
    if (auto made = files::makeFolder(folder, 0700); !made) {
        return failure(made.error());
    }
    if (::chmod(folder.c_str(), 0700) != 0) {
        return folderFailure("cannot set the mode of", folder, errno);
    }
    const auto lock = openPrivate(folder / "lock");
    if (!lock) {
        return failure(lock.error());
    }
    StoreFolder taken(folder / "objects.sqlite", *lock);
    // A holder that was just killed may keep its lock for a moment after it is gone from the process table.
    int held = ::flock(*lock, LOCK_EX | LOCK_NB);
    for (int left = 20; left > 0 && held != 0 && errno == EWOULDBLOCK; --left) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        held = ::flock(*lock, LOCK_EX | LOCK_NB);
    }
    if (held != 0) {
        const std::string pid = holderOf(*lock);
        return failure(ErrorKind::Storage,
                       "the store " + folder.string() + " is in use by process " + (pid.empty() ? "(unknown)" : pid),
                       "end that process, or choose another data folder");
    }
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(*lock, 0) != 0 || ::pwrite(*lock, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
        return folderFailure("cannot write", folder / "lock", errno);
    }
    const auto file = openPrivate(taken.m_file);
    if (!file) {
        return failure(file.error());
    }
    ::close(*file);
    for (const char* suffix : {"-wal", "-shm"}) {
        const std::string beside = taken.m_file.string() + suffix;
        if (::chmod(beside.c_str(), 0600) != 0 && errno != ENOENT) {
            return folderFailure("cannot set the mode of", beside, errno);
        }
    }
    return taken;
}

StoreFolder::StoreFolder(StoreFolder&& other) noexcept
    : m_file(std::move(other.m_file)),
      m_lock(std::exchange(other.m_lock, -1)) {}

StoreFolder::~StoreFolder() {
    if (m_lock >= 0) {
        ::close(m_lock);
    }
}

} // namespace gatehouse::local_store
