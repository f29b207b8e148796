#include "app/pages/AllPages.h"

#include "app/pages/endpoints/EndpointsPage.h"
#include "app/pages/evidence/EvidencePage.h"
#include "app/pages/keys/KeysPage.h"
#include "app/pages/models/ModelsPage.h"
#include "app/pages/overview/OverviewPage.h"

#include <QCoreApplication>

namespace gatehouse::pages {
namespace {

template <typename T>
PageEntry entry(const char* id, const char* title) {
    return {QString::fromLatin1(id), QCoreApplication::translate("pages", title), QString::fromLatin1(id),
            [](session::Session& session) { return std::make_unique<T>(session); }};
}

} // namespace

QList<PageEntry> allPages() {
    return {
        entry<OverviewPage>("overview", "Overview"),    entry<ModelsPage>("models", "Models"),
        entry<EndpointsPage>("endpoints", "Endpoints"), entry<KeysPage>("keys", "Keys"),
        entry<EvidencePage>("evidence", "Evidence"),
    };
}

} // namespace gatehouse::pages
