#pragma once

#include "core/object_store/KnownKinds.h"
#include "core/object_store/ObjectStore.h"

#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace gatehouse::test {

/// A store to run the contract on, with what belongs to it (folder, process, namespace).
class StoreHarness {
public:
    virtual ~StoreHarness() = default;
    [[nodiscard]] virtual ObjectStore& store() = 0;

    /// A namespace that exists and holds nothing of ours.
    [[nodiscard]] virtual std::string nameSpace() { return "contract"; }

    /// False where nobody runs garbage collection (an API server without its controller manager).
    [[nodiscard]] virtual bool collectsGarbage() { return true; }
};

struct ContractCase {
    std::string name; ///< of the store, in test names
    std::function<std::unique_ptr<StoreHarness>()> make;
};

/// What every ObjectStore must do. Only behaviour of a real API server is asked for, with one kind of ours (LLMModel)
/// and ConfigMap and Secret. To run it on a store, instantiate it:
///
///     INSTANTIATE_TEST_SUITE_P(Local, ObjectStoreContract, testing::Values(ContractCase{"sqlite", …}),
///     contractCaseName);
class ObjectStoreContract : public testing::TestWithParam<ContractCase> {
protected:
    void SetUp() override;
    void TearDown() override;

    [[nodiscard]] ObjectStore& store() { return m_harness->store(); }

    /// A valid LLMModel, not yet stored.
    [[nodiscard]] Object model(const std::string& name, const std::string& modelId = "org/model") const;
    [[nodiscard]] Object configMap(const std::string& name, const std::string& value = "1") const;
    /// Stores it; a failure fails the test and answers an empty object.
    [[nodiscard]] Object created(const Object& object);
    [[nodiscard]] ObjectKey keyOf(const Object& object) const;
    [[nodiscard]] Object read(const Object& object);
    /// The next event of the watch that is no bookmark, within ten seconds; fails the test when there is none.
    [[nodiscard]] WatchEvent nextEvent(Watch& watch);
    [[nodiscard]] std::unique_ptr<Watch> watchFrom(const ResourceType& type, const std::string& resourceVersion,
                                                   const std::string& labelSelector = {});
    /// True as soon as it is, within ten seconds.
    [[nodiscard]] static bool eventually(const std::function<bool()>& holds);

    std::unique_ptr<StoreHarness> m_harness;
    std::string m_nameSpace;
};

/// The kind of the error, and a failure of the test when there is none.
template <typename T>
ErrorKind errorKind(const Result<T>& result) {
    EXPECT_FALSE(result) << "expected an error";
    return result ? ErrorKind::Internal : result.error().kind;
}

[[nodiscard]] std::string contractCaseName(const testing::TestParamInfo<ContractCase>& info);

} // namespace gatehouse::test
