#pragma once

#include "core/keys/KeyTable.h"
#include "core/time/Clock.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace gatehouse::authorizer {

/// When each key was last let through, to within a minute; in memory only. Thread-safe.
class LastUsed {
public:
    void record(const keys::KeyEntry& key, TimePoint now);
    [[nodiscard]] std::optional<TimePoint> of(const std::string& nameSpace, const std::string& modelName,
                                              const std::string& clientId) const;
    /// Forgets keys that are no longer in the table.
    void keepOnly(const keys::KeyTable& table);

private:
    struct Identity {
        std::string nameSpace;
        std::string modelName;
        std::string clientId;
        auto operator<=>(const Identity&) const = default;
    };

    mutable std::mutex m_mutex;
    std::map<Identity, TimePoint> m_times;
};

} // namespace gatehouse::authorizer
