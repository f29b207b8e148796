#pragma once

#include "core/evidence/EvidenceBundle.h"

#include <QWidget>

class QLabel;
class QListWidget;

namespace gatehouse::widgets {
class CodeView;
}

namespace gatehouse::pages {

/// The files of a pack and the text of the chosen one. Everything is shown as text, HTML too: nothing in a pack is
/// ever run or fetched.
class PackFiles : public QWidget {
    Q_OBJECT
public:
    explicit PackFiles(QWidget* parent = nullptr);
    void setFiles(const evidence::Files& files);
    void clear();

private:
    void showFile(const QString& name);

    evidence::Files m_files;
    QListWidget* m_list;
    QLabel* m_title;
    widgets::CodeView* m_text;
};

} // namespace gatehouse::pages
