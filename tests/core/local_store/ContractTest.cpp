#include "core/local_store/LocalStore.h"
#include "tests/support/ObjectStoreContract.h"
#include "tests/support/TemporaryFolder.h"

namespace gatehouse::test {
namespace {

class LocalHarness final : public StoreHarness {
public:
    LocalHarness() : m_store(local_store::LocalStore::open(m_folder / "store", m_clock).value()) {}

    ObjectStore& store() override { return *m_store; }

private:
    TemporaryFolder m_folder;
    SystemClock m_clock;
    std::unique_ptr<local_store::LocalStore> m_store;
};

} // namespace

INSTANTIATE_TEST_SUITE_P(LocalStore, ObjectStoreContract,
                         testing::Values(ContractCase{"sqlite", [] { return std::make_unique<LocalHarness>(); }}),
                         contractCaseName);

} // namespace gatehouse::test
