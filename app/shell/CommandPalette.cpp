#include "app/shell/CommandPalette.h"

#include <QGraphicsDropShadowEffect>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

namespace gatehouse::shell {

CommandPalette::CommandPalette(QWidget* parent)
    : QFrame(parent),
      m_field(new QLineEdit(this)),
      m_list(new QListWidget(this)) {
    setObjectName(QStringLiteral("palette"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 8);
    layout->setSpacing(4);
    layout->addWidget(m_field);
    layout->addWidget(m_list);
    m_field->setPlaceholderText(tr("What do you want to do?"));
    m_field->setAccessibleName(tr("Command"));
    m_list->setAccessibleName(tr("Matching commands"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_field->installEventFilter(this);
    auto* shadow = new QGraphicsDropShadowEffect(this);
    shadow->setBlurRadius(40);
    shadow->setOffset(0, 10);
    shadow->setColor(QColor(0, 0, 0, 90));
    setGraphicsEffect(shadow);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::runCurrent);
    hide();
}

void CommandPalette::setCommands(QList<Command> commands) {
    m_commands = std::move(commands);
}

bool CommandPalette::matches(const QString& text, const QString& typed) {
    qsizetype at = 0;
    for (const QChar letter : typed) {
        if (letter.isSpace()) {
            continue;
        }
        at = text.indexOf(letter, at, Qt::CaseInsensitive);
        if (at < 0) {
            return false;
        }
        ++at;
    }
    return true;
}

void CommandPalette::open() {
    const int width = std::min(560, parentWidget()->width() - 80);
    setGeometry((parentWidget()->width() - width) / 2, 90, width, 360);
    m_field->clear();
    filter();
    show();
    raise();
    m_field->setFocus();
}

void CommandPalette::filter() {
    m_list->clear();
    for (int i = 0; i < m_commands.size(); ++i) {
        if (!matches(m_commands[i].text, m_field->text())) {
            continue;
        }
        const QString text = m_commands[i].shortcut.isEmpty()
                                 ? m_commands[i].text
                                 : QStringLiteral("%1    %2").arg(m_commands[i].text, m_commands[i].shortcut);
        auto* item = new QListWidgetItem(text, m_list);
        item->setData(Qt::UserRole, i);
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::runCurrent() {
    const QListWidgetItem* item = m_list->currentItem();
    hide();
    if (item != nullptr) {
        m_commands[item->data(Qt::UserRole).toInt()].run();
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape) {
            hide();
            return true;
        }
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int step = key == Qt::Key_Down ? 1 : -1;
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, std::max(0, m_list->count() - 1)));
            return true;
        }
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            runCurrent();
            return true;
        }
    }
    if (event->type() == QEvent::FocusOut && watched == m_field) {
        hide();
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace gatehouse::shell
