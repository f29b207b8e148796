#pragma once

#include <QFrame>
#include <QString>

class QBoxLayout;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace gatehouse::widgets {

[[nodiscard]] QLabel* label(const QString& text, const char* role = nullptr, QWidget* parent = nullptr);
[[nodiscard]] QLabel* heading(const QString& text, QWidget* parent = nullptr);
/// `kind`: "primary", "danger", "quiet" or null.
[[nodiscard]] QPushButton* button(const QString& text, const QString& icon = {}, const char* kind = nullptr,
                                  QWidget* parent = nullptr);
[[nodiscard]] QLineEdit* filterField(const QString& placeholder, QWidget* parent = nullptr);
/// Removes and deletes everything in the layout.
void empty(QLayout& layout);

/// A bordered surface with an optional title.
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(const QString& title = {}, QWidget* parent = nullptr);

    [[nodiscard]] QVBoxLayout* body() const { return m_body; }

    /// Makes the whole card a link, for the mouse and for the keyboard.
    void setClickable(const QString& accessibleName);

signals:
    void clicked();

protected:
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QVBoxLayout* m_body;
    bool m_clickable = false;
};

/// Names and values in two columns; values can be selected and copied.
class Facts : public QWidget {
    Q_OBJECT
public:
    explicit Facts(QWidget* parent = nullptr);
    void clear();
    void add(const QString& name, const QString& value, bool mono = false);
    void addWidget(const QString& name, QWidget* value);

private:
    QGridLayout* m_grid;
    int m_rows = 0;
};

} // namespace gatehouse::widgets
