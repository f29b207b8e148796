#pragma once

#include "app/pages/Page.h"
#include "app/pages/evidence/EvidenceController.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QTabWidget;
class QVBoxLayout;

namespace gatehouse::widgets {
class Banner;
class DataTable;
} // namespace gatehouse::widgets

namespace gatehouse::pages {

class PackFiles;

/// Signed evidence packs: make, verify, read, save.
class EvidencePage : public Page {
    Q_OBJECT
public:
    explicit EvidencePage(session::Session& session);

    QLineEdit* filterField() const override { return m_filter; }

    QList<Scene> scenes() override;

private:
    QWidget* makeDetail();
    void showCurrent();
    void fillSummary(const Object& pack);
    void showProgress();
    void makePack();
    void verifyPack();
    void openPack();
    void openFile();
    void savePack();
    void showOpened(const OpenedPack& opened);
    void showError(const Error& error);

    session::Session& m_session;
    EvidenceController m_controller;
    QLineEdit* m_filter;
    widgets::Banner* m_banner;
    widgets::DataTable* m_table;
    QPushButton* m_make;
    QPushButton* m_openFile;
    QWidget* m_strip;
    QLabel* m_stripText;
    QProgressBar* m_stripBar;
    QWidget* m_detail = nullptr;
    QLabel* m_title = nullptr;
    QPushButton* m_verify = nullptr;
    QPushButton* m_save = nullptr;
    widgets::Banner* m_verification = nullptr;
    QTabWidget* m_tabs = nullptr;
    QVBoxLayout* m_summary = nullptr;
    PackFiles* m_files = nullptr;
    QString m_shownId;
    QString m_openedId;
};

} // namespace gatehouse::pages
