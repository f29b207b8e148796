#include "app/widgets/CodeView.h"

#include "app/theme/Theme.h"

#include <QPainter>
#include <QRegularExpression>
#include <QSyntaxHighlighter>
#include <QTextBlock>

namespace gatehouse::widgets {

class CodeView::Gutter : public QWidget {
public:
    explicit Gutter(CodeView* view) : QWidget(view), m_view(view) {}

protected:
    void paintEvent(QPaintEvent* event) override { m_view->paintGutter(event); }

private:
    CodeView* m_view;
};

class CodeView::Highlighter : public QSyntaxHighlighter {
public:
    Highlighter(QTextDocument* document, Language language) : QSyntaxHighlighter(document), m_language(language) {}

protected:
    void highlightBlock(const QString& text) override {
        switch (m_language) {
        case Language::Yaml:
            yaml(text);
            break;
        case Language::Diff:
            diff(text);
            break;
        case Language::Transcript:
            transcript(text);
            break;
        case Language::Plain:
            break;
        }
    }

private:
    static QTextCharFormat ink(const QColor& color) {
        QTextCharFormat format;
        format.setForeground(color);
        return format;
    }

    void yaml(const QString& text) {
        static const QRegularExpression name(
            QStringLiteral("^(\\s*(?:- )*)([^\\s:#\"'][^:#]*|\"[^\"]*\")(?=:(\\s|$))"));
        static const QRegularExpression value(QStringLiteral(":\\s+(true|false|null|-?[0-9][0-9.]*)\\s*$"));
        static const QRegularExpression quoted(QStringLiteral("(\"[^\"]*\"|'[^']*')\\s*$"));
        const theme::Colors& c = theme::Theme::instance().colors();
        if (const auto match = name.match(text); match.hasMatch()) {
            setFormat(static_cast<int>(match.capturedStart(2)), static_cast<int>(match.capturedLength(2)),
                      ink(c.accent));
        }
        if (const auto match = quoted.match(text); match.hasMatch()) {
            setFormat(static_cast<int>(match.capturedStart(1)), static_cast<int>(match.capturedLength(1)), ink(c.good));
        }
        if (const auto match = value.match(text); match.hasMatch()) {
            setFormat(static_cast<int>(match.capturedStart(1)), static_cast<int>(match.capturedLength(1)), ink(c.warn));
        }
        if (text.trimmed().startsWith(QLatin1Char('#'))) {
            setFormat(0, static_cast<int>(text.size()), ink(c.faint));
        }
    }

    void diff(const QString& text) {
        const theme::Theme& theme = theme::Theme::instance();
        if (text.startsWith(QLatin1Char('+'))) {
            setFormat(0, static_cast<int>(text.size()), ink(theme.colors().good));
        } else if (text.startsWith(QLatin1Char('-'))) {
            setFormat(0, static_cast<int>(text.size()), ink(theme.colors().bad));
        } else {
            setFormat(0, static_cast<int>(text.size()), ink(theme.colors().muted));
        }
    }

    // A refusal is what a probe hopes for, a 2xx what it fears; the verdict stands in the table.
    static QColor inkOfStatus(const QString& status) {
        const theme::Colors& c = theme::Theme::instance().colors();
        if (status == QLatin1String("401") || status == QLatin1String("403")) {
            return c.good;
        }
        return status.startsWith(QLatin1Char('2')) ? c.bad : c.warn;
    }

    void transcript(const QString& text) {
        static const QRegularExpression redacted(QStringLiteral("<redacted:[^>]*>"));
        static const QRegularExpression header(QStringLiteral("^([A-Za-z0-9-]+):"));
        static const QRegularExpression statusLine(QStringLiteral("^HTTP/[0-9.]+ ([0-9]{3})"));
        const theme::Colors& c = theme::Theme::instance().colors();
        if (text.startsWith(QLatin1Char('#'))) {
            setFormat(0, static_cast<int>(text.size()), ink(c.faint));
            return;
        }
        if (const auto match = header.match(text); match.hasMatch()) {
            setFormat(0, static_cast<int>(match.capturedLength(1)), ink(c.accent));
        }
        if (const auto match = statusLine.match(text); match.hasMatch()) {
            setFormat(0, static_cast<int>(text.size()), ink(inkOfStatus(match.captured(1))));
        }
        for (auto matches = redacted.globalMatch(text); matches.hasNext();) {
            const auto match = matches.next();
            setFormat(static_cast<int>(match.capturedStart()), static_cast<int>(match.capturedLength()), ink(c.bad));
        }
    }

    Language m_language;
};

CodeView::CodeView(Language language, QWidget* parent)
    : QPlainTextEdit(parent),
      m_gutter(new Gutter(this)),
      m_highlighter(new Highlighter(document(), language)) {
    setObjectName(QStringLiteral("code"));
    setFrameShape(QFrame::NoFrame);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabChangesFocus(true);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &CodeView::layoutGutter);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& rect, int dy) {
        if (dy != 0) {
            m_gutter->scroll(0, dy);
        } else {
            m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
        }
    });
    connect(&theme::Theme::instance(), &theme::Theme::changed, this, &CodeView::applyTheme);
    applyTheme();
}

void CodeView::applyTheme() {
    setFont(theme::Theme::instance().mono());
    m_highlighter->rehighlight();
    layoutGutter();
    markLine(m_marked);
}

void CodeView::changeEvent(QEvent* event) {
    QPlainTextEdit::changeEvent(event);
    // A style sheet change resets the font to the application's.
    if (event->type() == QEvent::StyleChange && font().family() != theme::Theme::instance().mono().family()) {
        setFont(theme::Theme::instance().mono());
        layoutGutter();
    }
}

int CodeView::gutterWidth() const {
    const int digits = std::max(2, static_cast<int>(QString::number(blockCount()).size()));
    return fontMetrics().horizontalAdvance(QLatin1Char('9')) * digits + 20;
}

void CodeView::layoutGutter() {
    setViewportMargins(gutterWidth(), 0, 0, 0);
    const QRect area = contentsRect();
    m_gutter->setGeometry(area.left(), area.top(), gutterWidth(), area.height());
}

void CodeView::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    layoutGutter();
}

void CodeView::paintGutter(QPaintEvent* event) {
    const theme::Colors& colors = theme::Theme::instance().colors();
    QPainter painter(m_gutter);
    painter.fillRect(event->rect(), colors.surface);
    painter.setFont(font());
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF box = blockBoundingGeometry(block).translated(contentOffset());
        if (box.top() > event->rect().bottom()) {
            break;
        }
        const bool marked = block.blockNumber() + 1 == m_marked;
        painter.setPen(marked ? colors.bad : colors.faint);
        painter.drawText(QRectF(0, box.top(), m_gutter->width() - 12, box.height()), Qt::AlignRight | Qt::AlignVCenter,
                         QString::number(block.blockNumber() + 1));
    }
}

void CodeView::markLine(int line) {
    m_marked = line;
    QList<QTextEdit::ExtraSelection> selections;
    const QTextBlock block = document()->findBlockByNumber(line - 1);
    if (line > 0 && block.isValid()) {
        QTextEdit::ExtraSelection selection;
        selection.format.setBackground(theme::Theme::instance().colors().badSoft);
        selection.format.setProperty(QTextFormat::FullWidthSelection, true);
        selection.cursor = QTextCursor(block);
        selections.append(selection);
        setTextCursor(selection.cursor);
        centerCursor();
    }
    setExtraSelections(selections);
    m_gutter->update();
}

} // namespace gatehouse::widgets
