#include "app/pages/PageFrame.h"

#include "app/theme/Theme.h"
#include "app/widgets/Layouts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace gatehouse::pages {

QVBoxLayout* pageLayout(QWidget& page) {
    auto* layout = new QVBoxLayout(&page);
    layout->setContentsMargins(theme::space::Page, 20, theme::space::Page, theme::space::Page);
    layout->setSpacing(theme::space::Medium);
    return layout;
}

QWidget* pageHeader(const QString& title, const QString& subtitle, const QList<QWidget*>& actions, QWidget* parent) {
    auto* header = new QWidget(parent);
    auto* layout = new QHBoxLayout(header);
    layout->setContentsMargins(0, 0, 0, 4);
    layout->setSpacing(theme::space::Small);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(widgets::heading(title, header));
    words->addWidget(widgets::label(subtitle, "muted", header));
    layout->addLayout(words, 1);
    for (QWidget* action : actions) {
        layout->addWidget(action, 0, Qt::AlignVCenter);
    }
    return header;
}

QWidget* tableCard(QWidget* filter, const QList<QWidget*>& tools, QWidget* table, QWidget* parent) {
    auto* card = new QFrame(parent);
    card->setObjectName(QStringLiteral("card"));
    auto* layout = new QVBoxLayout(card);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    if (filter != nullptr || !tools.isEmpty()) {
        auto* row = new QHBoxLayout;
        row->setContentsMargins(12, 10, 12, 8);
        row->setSpacing(theme::space::Small);
        if (filter != nullptr) {
            row->addWidget(filter, 1);
        }
        row->addStretch(1);
        for (QWidget* tool : tools) {
            row->addWidget(tool);
        }
        layout->addLayout(row);
    }
    layout->addWidget(table, 1);
    return card;
}

} // namespace gatehouse::pages
