#include "agent/standalone/ModelMirror.h"

#include "core/object_store/KnownKinds.h"

namespace gatehouse::standalone {

void ModelMirror::follow(ObjectStore& store) {
    for (const ResourceType* type : {&kinds::LLMModel, &kinds::PassthroughModel}) {
        m_followers.push_back(std::make_unique<controllers::StoreFollower>(
            store, *type, [this](const Object& object, bool gone) { set(object, gone); },
            [this, kind = type->kind](const std::vector<Object>&) {
                const std::lock_guard lock(m_mutex);
                std::erase_if(m_models, [&](const auto& item) { return item.second.kind() == kind; });
            }));
    }
}

void ModelMirror::stop() {
    m_followers.clear();
}

std::vector<Object> ModelMirror::models() const {
    const std::lock_guard lock(m_mutex);
    std::vector<Object> all;
    for (const auto& [name, object] : m_models) {
        all.push_back(object);
    }
    return all;
}

void ModelMirror::set(const Object& object, bool gone) {
    const std::string name = object.kind() + "/" + object.nameSpace() + "/" + object.name();
    const std::lock_guard lock(m_mutex);
    if (gone) {
        m_models.erase(name);
    } else {
        m_models[name] = object;
    }
}

} // namespace gatehouse::standalone
