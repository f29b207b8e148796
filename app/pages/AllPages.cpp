#include "app/pages/AllPages.h"

#include "app/pages/endpoints/EndpointsPage.h"
#include "app/pages/evidence/EvidencePage.h"
#include "app/pages/keys/KeysPage.h"
#include "app/pages/models/ModelsPage.h"
#include "app/pages/overview/OverviewPage.h"

#include <QCoreApplication>

namespace gatehouse::pages {
namespace {

/// The context of this file's texts.
class PagesText {
    Q_DECLARE_TR_FUNCTIONS(PagesText)
};

template <typename T>
PageEntry entry(const char* id, const QString& title) {
    return {QString::fromLatin1(id), title, QString::fromLatin1(id),
            [](session::Session& session) { return std::make_unique<T>(session); }};
}

} // namespace

QList<PageEntry> allPages() {
    return {
        entry<OverviewPage>("overview", PagesText::tr("Overview")),
        entry<ModelsPage>("models", PagesText::tr("Models")),
        entry<EndpointsPage>("endpoints", PagesText::tr("Endpoints")),
        entry<KeysPage>("keys", PagesText::tr("Keys")),
        entry<EvidencePage>("evidence", PagesText::tr("Evidence")),
    };
}

} // namespace gatehouse::pages
