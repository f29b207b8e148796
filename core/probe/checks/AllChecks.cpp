#include "core/probe/checks/EmptyCredential.h"
#include "core/probe/checks/ForeignKey.h"
#include "core/probe/checks/IdentitySpoof.h"
#include "core/probe/checks/MalformedCredential.h"
#include "core/probe/checks/NoCredential.h"
#include "core/probe/checks/WrongKey.h"

namespace gatehouse::probe {

const std::vector<std::unique_ptr<Check>>& allChecks() {
    static const std::vector<std::unique_ptr<Check>> all = [] {
        std::vector<std::unique_ptr<Check>> list;
        list.push_back(std::make_unique<NoCredential>());
        list.push_back(std::make_unique<EmptyCredential>());
        list.push_back(std::make_unique<MalformedCredential>());
        list.push_back(std::make_unique<WrongKey>());
        list.push_back(std::make_unique<ForeignKey>());
        list.push_back(std::make_unique<IdentitySpoof>());
        return list;
    }();
    return all;
}

} // namespace gatehouse::probe
