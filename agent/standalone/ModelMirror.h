#pragma once

#include "agent/controllers/StoreFollower.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace gatehouse::standalone {

/// The models there are, for rules across objects (two models with one id). Follows the store a moment late; the
/// serving plan settles what slips through. Thread-safe.
class ModelMirror {
public:
    /// Begins to follow; `store` must outlive what follow() started until stop().
    void follow(ObjectStore& store);
    void stop();
    [[nodiscard]] std::vector<Object> models() const;

private:
    void set(const Object& object, bool gone);

    mutable std::mutex m_mutex;
    std::map<std::string, Object> m_models;
    std::vector<std::unique_ptr<controllers::StoreFollower>> m_followers;
};

} // namespace gatehouse::standalone
