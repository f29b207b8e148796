#pragma once

#include <QFrame>
#include <QList>
#include <functional>

class QLineEdit;
class QListWidget;

namespace gatehouse::shell {

struct Command {
    QString text;
    QString shortcut;
    std::function<void()> run;
};

/// Ctrl+K: type some letters of what you want, Enter does it.
class CommandPalette : public QFrame {
    Q_OBJECT
public:
    explicit CommandPalette(QWidget* parent);
    void setCommands(QList<Command> commands);
    void open();
    /// Whether every letter of `typed` stands in `text` in that order, case ignored.
    [[nodiscard]] static bool matches(const QString& text, const QString& typed);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter();
    void runCurrent();

    QList<Command> m_commands;
    QLineEdit* m_field;
    QListWidget* m_list;
};

} // namespace gatehouse::shell
