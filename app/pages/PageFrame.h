#pragma once

#include <QList>
#include <QString>

class QVBoxLayout;
class QWidget;

namespace gatehouse::pages {

/// The outer layout every page has: margins and spacing.
[[nodiscard]] QVBoxLayout* pageLayout(QWidget& page);
/// Title and one line below it on the left, actions on the right.
[[nodiscard]] QWidget* pageHeader(const QString& title, const QString& subtitle, const QList<QWidget*>& actions,
                                  QWidget* parent);
/// A bordered surface with a tool row (filter on the left, `tools` on the right) above a table.
[[nodiscard]] QWidget* tableCard(QWidget* filter, const QList<QWidget*>& tools, QWidget* table, QWidget* parent);

} // namespace gatehouse::pages
