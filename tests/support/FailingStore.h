#pragma once

#include "core/object_store/ObjectStore.h"

#include <functional>

namespace gatehouse::test {

/// A store that passes everything on, and fails or dies where a test says so.
class FailingStore final : public ObjectStore {
public:
    enum class Outcome {
        Pass,
        FailBefore, ///< an error, nothing written
        FailAfter,  ///< an error, but it was written (the answer got lost)
    };
    /// Decides on each write; `number` counts writes from 1. With `failReads` reads fail too once a write has failed,
    /// as when the process dies there.
    using Decide = std::function<Outcome(int number, const ObjectKey& key)>;

    FailingStore(ObjectStore& inner, Decide decide, Error error, bool deadAfterwards)
        : m_inner(inner),
          m_decide(std::move(decide)),
          m_error(std::move(error)),
          m_deadAfterwards(deadAfterwards) {}

    [[nodiscard]] int writes() const { return m_writes; }

    [[nodiscard]] Result<Object> get(const ObjectKey& key) override;
    [[nodiscard]] Result<ObjectList> list(const ResourceType& type, const ListOptions& options) override;
    [[nodiscard]] Result<std::unique_ptr<Watch>> watch(const ResourceType& type, const WatchOptions& options) override;
    [[nodiscard]] Result<Object> create(const Object& object, const WriteOptions& options) override;
    [[nodiscard]] Result<Object> update(const Object& object, const WriteOptions& options) override;
    [[nodiscard]] Result<Object> updateStatus(const Object& object, const WriteOptions& options) override;
    [[nodiscard]] Result<Object> patch(const ObjectKey& key, PatchType type, const json::Value& patch,
                                       const std::string& subresource, const WriteOptions& options) override;
    [[nodiscard]] Result<Object> apply(const Object& object, const ApplyOptions& options) override;
    [[nodiscard]] Result<Object> remove(const ObjectKey& key, const DeleteOptions& options) override;

private:
    [[nodiscard]] Result<Object> write(const ObjectKey& key, const std::function<Result<Object>()>& work);

    ObjectStore& m_inner;
    Decide m_decide;
    Error m_error;
    bool m_deadAfterwards;
    bool m_dead = false;
    int m_writes = 0;
};

} // namespace gatehouse::test
