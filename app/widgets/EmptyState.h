#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace gatehouse::widgets {

/// What stands where nothing is yet: what belongs here, and what to do about it.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(const QString& icon, QWidget* parent = nullptr);
    void setText(const QString& title, const QString& text);
    /// Shows a button; empty text hides it.
    void setAction(const QString& text);

signals:
    void triggered();

private:
    QString m_iconName;
    QLabel* m_icon;
    QLabel* m_title;
    QLabel* m_text;
    QPushButton* m_button;
};

} // namespace gatehouse::widgets
