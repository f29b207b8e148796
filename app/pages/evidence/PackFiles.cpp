#include "app/pages/evidence/PackFiles.h"

#include "app/formatting/Text.h"
#include "app/theme/Theme.h"
#include "app/widgets/CodeView.h"
#include "app/widgets/Layouts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QSplitter>
#include <QVBoxLayout>

namespace gatehouse::pages {
namespace {

constexpr std::size_t MostShown = 2U << 20;

QString shownText(const QString& name, const std::string& content) {
    if (content.size() > MostShown) {
        return PackFiles::tr("This file has %1 and is too large to show here; save the archive to read it.")
            .arg(QLocale().formattedDataSize(static_cast<qint64>(content.size())));
    }
    if (content.find('\0') != std::string::npos) {
        return PackFiles::tr("This is no text file (%1).")
            .arg(QLocale().formattedDataSize(static_cast<qint64>(content.size())));
    }
    // Signed JSON is stored without line breaks; for reading it is laid out.
    if (name.endsWith(QLatin1String(".json"))) {
        if (const auto value = json::parse(content)) {
            return formatting::toQt(json::pretty(*value));
        }
    }
    return formatting::toQt(content);
}

} // namespace

PackFiles::PackFiles(QWidget* parent)
    : QWidget(parent),
      m_list(new QListWidget(this)),
      m_title(widgets::label({}, "caption", this)),
      m_text(new widgets::CodeView(widgets::CodeView::Language::Yaml, this)) {
    m_list->setObjectName(QStringLiteral("plainList"));
    m_list->setAccessibleName(tr("Files of the pack"));
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_text->setReadOnly(true);
    m_text->setAccessibleName(tr("Content of the file"));
    auto* right = new QWidget(this);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_title);
    column->addWidget(m_text, 1);
    auto* split = new QSplitter(this);
    split->setHandleWidth(16);
    split->setChildrenCollapsible(false);
    split->addWidget(m_list);
    split->addWidget(right);
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 5);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->addWidget(split);
    connect(m_list, &QListWidget::currentTextChanged, this, &PackFiles::showFile);
}

void PackFiles::clear() {
    m_files.clear();
    m_list->clear();
    m_text->clear();
    m_title->clear();
}

void PackFiles::setFiles(const evidence::Files& files) {
    const QString kept = m_list->currentItem() != nullptr ? m_list->currentItem()->text() : QStringLiteral("README.md");
    clear();
    m_files = files;
    for (const auto& [name, content] : files) {
        auto* item = new QListWidgetItem(formatting::toQt(name), m_list);
        item->setToolTip(QStringLiteral("%1  ·  %2")
                             .arg(item->text(), QLocale().formattedDataSize(static_cast<qint64>(content.size()))));
    }
    const auto found = m_list->findItems(kept, Qt::MatchExactly);
    m_list->setCurrentItem(found.isEmpty() ? m_list->item(0) : found.front());
}

void PackFiles::showFile(const QString& name) {
    const auto found = m_files.find(formatting::toStd(name));
    m_title->setText(name);
    m_text->setPlainText(found == m_files.end() ? QString() : shownText(name, found->second));
}

} // namespace gatehouse::pages
