#include "agent/controllers/StatusWriter.h"

namespace gatehouse::controllers {

Result<void> writeStatus(ObjectStore& store, const ObjectKey& key, const json::Object& status) {
    auto object = store.get(key);
    if (!object) {
        return object.error().kind == ErrorKind::NotFound ? Result<void>() : failure(std::move(object.error()));
    }
    object->content()["status"] = status;
    object->metadata().erase("resourceVersion"); // the newest status wins; spec is not touched by this write
    auto written = store.updateStatus(*object);
    if (!written && written.error().kind != ErrorKind::NotFound) {
        return failure(std::move(written.error()));
    }
    return {};
}

} // namespace gatehouse::controllers
