#include "app/widgets/Layouts.h"

#include "app/theme/Theme.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::widgets {

QLabel* label(const QString& text, const char* role, QWidget* parent) {
    auto* made = new QLabel(text, parent);
    made->setTextFormat(Qt::PlainText);
    if (role != nullptr) {
        made->setProperty("role", QString::fromLatin1(role));
    }
    return made;
}

QLabel* heading(const QString& text, QWidget* parent) {
    QLabel* made = label(text, nullptr, parent);
    made->setFont(theme::Theme::instance().heading());
    return made;
}

QPushButton* button(const QString& text, const QString& icon, const char* kind, QWidget* parent) {
    // Qt puts icon and text too close together, and a style sheet cannot part them.
    auto* made = new QPushButton(icon.isEmpty() ? text : QLatin1Char(' ') + text, parent);
    if (!icon.isEmpty()) {
        made->setAccessibleName(text); // without the space; other buttons are named by their text, also when it changes
    }
    made->setCursor(Qt::PointingHandCursor);
    if (kind != nullptr) {
        made->setProperty("kind", QString::fromLatin1(kind));
    }
    if (!icon.isEmpty()) {
        const QString kindName = kind != nullptr ? QString::fromLatin1(kind) : QString();
        const auto paint = [made, icon, kindName] {
            const theme::Colors& c = theme::Theme::instance().colors();
            const QColor color = kindName == QLatin1String("primary")  ? c.accentText
                                 : kindName == QLatin1String("danger") ? c.bad
                                                                       : c.muted;
            made->setIcon(theme::icon(icon, color));
        };
        QObject::connect(&theme::Theme::instance(), &theme::Theme::changed, made, paint);
        paint();
        made->setIconSize({15, 15});
    }
    return made;
}

QLineEdit* filterField(const QString& placeholder, QWidget* parent) {
    auto* field = new QLineEdit(parent);
    field->setPlaceholderText(placeholder);
    field->setAccessibleName(placeholder);
    field->setClearButtonEnabled(true);
    field->setMinimumWidth(220);
    field->setMaximumWidth(340);
    auto* action = field->addAction(theme::icon(QStringLiteral("search"), theme::Theme::instance().colors().faint),
                                    QLineEdit::LeadingPosition);
    QObject::connect(&theme::Theme::instance(), &theme::Theme::changed, field, [action] {
        action->setIcon(theme::icon(QStringLiteral("search"), theme::Theme::instance().colors().faint));
    });
    return field;
}

void empty(QLayout& layout) {
    while (QLayoutItem* item = layout.takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        } else if (QLayout* inner = item->layout()) {
            empty(*inner);
        }
        delete item;
    }
}

Card::Card(const QString& title, QWidget* parent) : QFrame(parent), m_body(new QVBoxLayout(this)) {
    setObjectName(QStringLiteral("card"));
    m_body->setContentsMargins(16, 14, 16, 14);
    m_body->setSpacing(8);
    if (!title.isEmpty()) {
        m_body->addWidget(label(title, "caption", this));
        setAccessibleName(title);
    }
}

void Card::setClickable(const QString& accessibleName) {
    m_clickable = true;
    setAccessibleName(accessibleName);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
    setProperty("link", true);
}

void Card::mouseReleaseEvent(QMouseEvent* event) {
    if (m_clickable && event->button() == Qt::LeftButton && rect().contains(event->position().toPoint())) {
        emit clicked();
    } else {
        QFrame::mouseReleaseEvent(event);
    }
}

void Card::keyPressEvent(QKeyEvent* event) {
    if (m_clickable && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Space)) {
        emit clicked();
    } else {
        QFrame::keyPressEvent(event);
    }
}

Facts::Facts(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(7);
    m_grid->setColumnMinimumWidth(0, 108);
    m_grid->setColumnStretch(1, 1);
}

void Facts::clear() {
    empty(*m_grid);
    m_rows = 0; // the grid itself never forgets a row
}

void Facts::add(const QString& name, const QString& value, bool mono) {
    QLabel* text = label(value.isEmpty() ? QStringLiteral("–") : value, nullptr, this);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    // Short values never wrap: a wrapping label that was measured while narrow keeps its height.
    text->setWordWrap(value.size() > 110);
    // A word-wrapping label keeps a minimum width for its longest word; long ids must not widen the pane.
    text->setMinimumWidth(40);
    text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    if (mono) {
        text->setFont(theme::Theme::instance().mono());
    }
    addWidget(name, text);
}

void Facts::addWidget(const QString& name, QWidget* value) {
    const int row = m_rows++;
    QLabel* caption = label(name, "muted", this);
    if (qobject_cast<QLabel*>(value) == nullptr) {
        caption->setMinimumHeight(std::min(value->sizeHint().height(), 22)); // level with a badge
    }
    m_grid->addWidget(caption, row, 0, Qt::AlignTop);
    const bool fixed = value->sizePolicy().horizontalPolicy() == QSizePolicy::Fixed;
    m_grid->addWidget(value, row, 1, fixed ? Qt::AlignLeft | Qt::AlignTop : Qt::AlignTop);
    value->setAccessibleName(name + QStringLiteral(": ") + value->accessibleName());
}

} // namespace gatehouse::widgets
