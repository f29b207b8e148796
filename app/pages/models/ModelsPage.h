#pragma once

#include "app/pages/Page.h"
#include "app/pages/models/ModelsController.h"

class QLabel;
class QPushButton;
class QTabWidget;
class QVBoxLayout;

namespace gatehouse::widgets {
class Banner;
class DataTable;
class StatusBadge;
} // namespace gatehouse::widgets

namespace gatehouse::pages {

class YamlEditor;

/// The models of this installation: table, status, YAML.
class ModelsPage : public Page {
    Q_OBJECT
public:
    explicit ModelsPage(session::Session& session);

    QLineEdit* filterField() const override { return m_filter; }

    QList<Scene> scenes() override;

private:
    QWidget* makeDetail();
    void showCurrent();
    void selectWanted();
    void fillStatus(const Object& model);
    void newModel();
    void removeModel();
    void updateActions();

    session::Session& m_session;
    ModelsController m_controller;
    QLineEdit* m_filter;
    widgets::Banner* m_banner;
    widgets::DataTable* m_table;
    QPushButton* m_new;
    QPushButton* m_delete;
    QWidget* m_detail;
    QLabel* m_name;
    QLabel* m_id;
    widgets::StatusBadge* m_phase;
    QTabWidget* m_tabs;
    QVBoxLayout* m_status;
    YamlEditor* m_editor;
    QString m_shownId;
    QString m_wantedId; ///< just created, not in the table yet
};

} // namespace gatehouse::pages
