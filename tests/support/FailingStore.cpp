#include "tests/support/FailingStore.h"

#include "core/object_store/KnownKinds.h"

namespace gatehouse::test {
namespace {

ObjectKey keyOfObject(const Object& object) {
    return {findKind(object.apiVersion(), object.kind())->type, object.nameSpace(), object.name()};
}

} // namespace

Result<Object> FailingStore::get(const ObjectKey& key) {
    return m_dead ? Result<Object>(failure(m_error)) : m_inner.get(key);
}

Result<ObjectList> FailingStore::list(const ResourceType& type, const ListOptions& options) {
    return m_dead ? Result<ObjectList>(failure(m_error)) : m_inner.list(type, options);
}

Result<std::unique_ptr<Watch>> FailingStore::watch(const ResourceType& type, const WatchOptions& options) {
    return m_inner.watch(type, options);
}

Result<Object> FailingStore::create(const Object& object, const WriteOptions& options) {
    return write(keyOfObject(object), [&] { return m_inner.create(object, options); });
}

Result<Object> FailingStore::update(const Object& object, const WriteOptions& options) {
    return write(keyOfObject(object), [&] { return m_inner.update(object, options); });
}

Result<Object> FailingStore::updateStatus(const Object& object, const WriteOptions& options) {
    return write(keyOfObject(object), [&] { return m_inner.updateStatus(object, options); });
}

Result<Object> FailingStore::patch(const ObjectKey& key, PatchType type, const json::Value& patch,
                                   const std::string& subresource, const WriteOptions& options) {
    return write(key, [&] { return m_inner.patch(key, type, patch, subresource, options); });
}

Result<Object> FailingStore::apply(const Object& object, const ApplyOptions& options) {
    return write(keyOfObject(object), [&] { return m_inner.apply(object, options); });
}

Result<Object> FailingStore::remove(const ObjectKey& key, const DeleteOptions& options) {
    return write(key, [&] { return m_inner.remove(key, options); });
}

Result<Object> FailingStore::write(const ObjectKey& key, const std::function<Result<Object>()>& work) {
    if (m_dead) {
        return failure(m_error);
    }
    const Outcome outcome = m_decide(++m_writes, key);
    if (outcome == Outcome::Pass) {
        return work();
    }
    m_dead = m_deadAfterwards;
    if (outcome == Outcome::FailAfter) {
        (void)work();
    }
    return failure(m_error);
}

} // namespace gatehouse::test
