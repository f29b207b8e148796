#pragma once

#include "core/object_store/ObjectStore.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <thread>

namespace gatehouse::standalone {

/// Applies the YAML files of a folder (`*.yaml`, `*.yml`, not its subfolders) as field manager `gatehouse-manifests`:
/// all of them at the start, then each whose content changed, looked at every two seconds. A file with anything wrong
/// in it is not applied at all and named in the log once. Taking a file away deletes nothing.
class ManifestFolder {
public:
    ManifestFolder(ObjectStore& store, std::filesystem::path folder,
                   std::chrono::milliseconds interval = std::chrono::milliseconds(2'000));

    /// One look, as the thread does it. Returns how many objects were applied.
    std::size_t scan();

private:
    [[nodiscard]] Result<std::size_t> applyFile(const std::string& text);

    ObjectStore& m_store;
    const std::filesystem::path m_folder;
    const std::chrono::milliseconds m_interval;
    std::map<std::filesystem::path, std::string> m_seen; ///< file → digest of its content; of the thread alone
    std::jthread m_thread;                               ///< last, so that it ends first
};

} // namespace gatehouse::standalone
