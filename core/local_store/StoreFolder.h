#pragma once

#include "core/result/Result.h"

#include <filesystem>

namespace gatehouse::local_store {

/// The folder of a store, held by one process: mode 0700, with a lock file that names the holder's pid.
/// The lock (flock) goes with the process, however it ends.
class StoreFolder {
public:
    /// Makes the folder and the empty file `objects.sqlite` (0600) when they are missing, and takes the lock.
    [[nodiscard]] static Result<StoreFolder> take(const std::filesystem::path& folder);
    StoreFolder(StoreFolder&& other) noexcept;
    StoreFolder& operator=(StoreFolder&&) = delete;
    ~StoreFolder();

    [[nodiscard]] const std::filesystem::path& file() const { return m_file; }

private:
    StoreFolder(std::filesystem::path file, int lock) : m_file(std::move(file)), m_lock(lock) {}

    std::filesystem::path m_file;
    int m_lock;
};

} // namespace gatehouse::local_store
