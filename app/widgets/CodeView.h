#pragma once

#include <QPlainTextEdit>

namespace gatehouse::widgets {

/// Monospaced text with line numbers; YAML and JSON names, strings and comments are coloured. A line can be marked as
/// wrong.
class CodeView : public QPlainTextEdit {
    Q_OBJECT
public:
    enum class Language { Plain, Yaml, Transcript, Diff };

    explicit CodeView(Language language, QWidget* parent = nullptr);
    /// 1-based; 0 clears the mark. Scrolls there.
    void markLine(int line);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    class Gutter;
    class Highlighter;
    friend class Gutter;

    void layoutGutter();
    [[nodiscard]] int gutterWidth() const;
    void paintGutter(QPaintEvent* event);
    void applyTheme();

    Gutter* m_gutter;
    Highlighter* m_highlighter;
    int m_marked = 0;
};

} // namespace gatehouse::widgets
