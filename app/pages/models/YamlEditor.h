#pragma once

#include "app/pages/models/ModelsController.h"

#include <QWidget>
#include <map>

class QPushButton;

namespace gatehouse::widgets {
class Banner;
class CodeView;
} // namespace gatehouse::widgets

namespace gatehouse::pages {

/// YAML of one model with check (server dry-run), review (diff of what would be stored) and apply. Errors are marked at
/// the line of the field they are about.
class YamlEditor : public QWidget {
    Q_OBJECT
public:
    YamlEditor(ModelsController& controller, bool readOnly, QWidget* parent = nullptr);

    /// Shows an object. While the user edits the same object, a newer version does not touch the text; what was
    /// edited of another one is kept and comes back with it.
    void setObject(const session::ObjectPtr& object);
    /// Starts a new object from a text.
    void setNew(const QString& yaml);

    [[nodiscard]] widgets::CodeView* code() const { return m_code; }

    [[nodiscard]] bool modified() const;

signals:
    void applied(const Object& object);

private:
    struct Draft {
        session::ObjectPtr base;
        QString text;
    };

    void keepDraft();
    void takeDraft();
    void reload();
    void check();
    void review();
    void apply(const Object& object);
    void showError(const Error& error);
    void updateActions();
    void setBusy(bool busy);
    [[nodiscard]] Result<Object> edited() const;

    ModelsController& m_controller;
    const bool m_readOnly;
    session::ObjectPtr m_base;   ///< what the text was made of
    session::ObjectPtr m_latest; ///< what the agent says now
    QString m_original;
    std::map<std::string, Draft> m_drafts; ///< by uid, of models that are not shown now
    widgets::Banner* m_banner;
    widgets::CodeView* m_code;
    QPushButton* m_reload;
    QPushButton* m_check;
    QPushButton* m_review;
    bool m_busy = false;
};

} // namespace gatehouse::pages
