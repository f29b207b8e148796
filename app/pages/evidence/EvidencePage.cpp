#include "app/pages/evidence/EvidencePage.h"

#include "app/dialogs/MakePackDialog.h"
#include "app/formatting/Text.h"
#include "app/pages/PageFrame.h"
#include "app/pages/evidence/EvidenceModel.h"
#include "app/pages/evidence/PackFileDialog.h"
#include "app/pages/evidence/PackFiles.h"
#include "app/theme/Theme.h"
#include "app/widgets/Banner.h"
#include "app/widgets/DataTable.h"
#include "app/widgets/EmptyState.h"
#include "app/widgets/Layouts.h"
#include "app/widgets/StatusBadge.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

namespace gatehouse::pages {

EvidencePage::EvidencePage(session::Session& session)
    : m_session(session),
      m_controller(session),
      m_filter(widgets::filterField(tr("Filter packs"), this)),
      m_banner(new widgets::Banner(this)),
      m_make(widgets::button(tr("Make a pack"), QStringLiteral("evidence"), "primary", this)),
      m_openFile(widgets::button(tr("Open pack file…"), QStringLiteral("folder"), nullptr, this)),
      m_strip(new QFrame(this)),
      m_stripText(widgets::label({}, nullptr, m_strip)),
      m_stripBar(new QProgressBar(m_strip)) {
    auto* nothing = new widgets::EmptyState(QStringLiteral("evidence"));
    nothing->setText(tr("No evidence yet"), tr("A pack probes every endpoint, records what happened and signs it, so "
                                               "that others can check it without this system."));
    if (!session.readOnly()) {
        nothing->setAction(tr("Make a pack"));
    }
    connect(nothing, &widgets::EmptyState::triggered, this, &EvidencePage::makePack);
    m_table = new widgets::DataTable(m_controller.table(), tr("Evidence packs"), nothing, this);
    m_table->setFilterField(m_filter);
    m_table->setLoaded(session.packs().loaded());
    connect(&session.packs(), &session::ObjectFeed::changed, m_table, [this] { m_table->setLoaded(true); });
    m_table->setRowHeight(46);
    m_table->setSort(5, Qt::AscendingOrder);

    m_strip->setObjectName(QStringLiteral("card"));
    auto* stripLayout = new QHBoxLayout(m_strip);
    stripLayout->setContentsMargins(16, 12, 16, 12);
    stripLayout->setSpacing(16);
    stripLayout->addWidget(m_stripText);
    stripLayout->addWidget(m_stripBar, 1);
    m_stripBar->setTextVisible(false);
    m_stripBar->setAccessibleName(tr("Progress of the pack"));

    auto* split = new QSplitter(Qt::Vertical, this);
    split->setHandleWidth(12);
    split->setChildrenCollapsible(false);
    split->addWidget(tableCard(m_filter, {}, m_table, this));
    split->addWidget(makeDetail());
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 5);

    auto* layout = pageLayout(*this);
    layout->addWidget(
        pageHeader(tr("Evidence"), tr("Signed packs that anybody can check offline."), {m_openFile, m_make}, this));
    layout->addWidget(m_banner);
    layout->addWidget(m_strip);
    layout->addWidget(split, 1);

    m_make->setEnabled(!session.readOnly());
    connect(m_make, &QPushButton::clicked, this, &EvidencePage::makePack);
    connect(m_openFile, &QPushButton::clicked, this, &EvidencePage::openFile);
    connect(m_table, &widgets::DataTable::currentChanged, this, &EvidencePage::showCurrent);
    connect(&m_controller, &EvidenceController::packsChanged, this, &EvidencePage::showCurrent);
    connect(&session, &session::Session::aged, this, &EvidencePage::showCurrent);
    connect(&m_controller, &EvidenceController::packsChanged, this, &EvidencePage::showProgress);
    connect(&session.probeRuns(), &session::ObjectFeed::changed, this, &EvidencePage::showProgress);
    showCurrent();
    showProgress();
}

QWidget* EvidencePage::makeDetail() {
    auto* pane = new QFrame(this);
    pane->setObjectName(QStringLiteral("detailPane"));
    auto* layout = new QVBoxLayout(pane);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    auto* top = new QHBoxLayout;
    m_title = widgets::label({}, nullptr, pane);
    QFont font = theme::Theme::instance().heading();
    font.setPixelSize(16);
    m_title->setFont(font);
    m_verify = widgets::button(tr("Verify now"), QStringLiteral("check"), nullptr, pane);
    m_save = widgets::button(tr("Save archive…"), QStringLiteral("download"), nullptr, pane);
    top->addWidget(m_title, 1);
    top->addWidget(m_verify);
    top->addWidget(m_save);
    layout->addLayout(top);
    m_verification = new widgets::Banner(pane);
    layout->addWidget(m_verification);
    m_tabs = new QTabWidget(pane);
    m_tabs->setDocumentMode(true);
    auto* scroll = new QScrollArea(m_tabs);
    scroll->setWidgetResizable(true);
    auto* body = new QWidget(scroll);
    body->setObjectName(QStringLiteral("scrollBody"));
    m_summary = new QVBoxLayout(body);
    m_summary->setContentsMargins(0, 10, 8, 0);
    scroll->setWidget(body);
    m_files = new PackFiles(m_tabs);
    m_tabs->addTab(scroll, tr("Summary"));
    m_tabs->addTab(m_files, tr("Files"));
    layout->addWidget(m_tabs, 1);
    connect(m_verify, &QPushButton::clicked, this, &EvidencePage::verifyPack);
    connect(m_save, &QPushButton::clicked, this, &EvidencePage::savePack);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this](int tab) {
        if (tab == 1) {
            openPack();
        }
    });
    m_detail = pane;
    return pane;
}

void EvidencePage::showError(const Error& error) {
    m_banner->show(theme::Tone::Bad, formatting::sentence(error), formatting::mend(error));
}

void EvidencePage::showCurrent() {
    const QString id = m_table->currentId();
    const session::ObjectPtr pack = m_controller.pack(id);
    m_detail->setVisible(pack != nullptr);
    if (!pack) {
        m_shownId.clear();
        return;
    }
    if (id != m_shownId) {
        m_shownId = id;
        m_openedId.clear();
        m_files->clear();
        m_verification->clear();
        if (m_tabs->currentIndex() == 1) {
            openPack();
        }
    }
    const bool done = pack->text("status.phase") == "Completed";
    m_title->setText(formatting::toQt(pack->name()));
    m_verify->setEnabled(done);
    m_save->setEnabled(done);
    m_tabs->setTabEnabled(1, done);
    fillSummary(*pack);
}

void EvidencePage::fillSummary(const Object& pack) {
    widgets::empty(*m_summary);
    auto* facts = new widgets::Facts;
    const PackWord state = packState(pack);
    auto* badge = new widgets::StatusBadge;
    badge->setStatus(state.text, state.tone);
    facts->addWidget(tr("Result"), badge);
    const item_models::Row row = packRow(pack);
    facts->add(tr("Coverage"), row.cells[2].text);
    facts->add(tr("Findings"), row.cells[3].text);
    if (const auto made = formatting::timeOf(pack.text("status.madeAt"))) {
        facts->add(tr("Made"), tr("%1 (%2)").arg(formatting::dateTime(*made),
                                                 formatting::ageInWords(*made, m_session.clock().now())));
    }
    facts->add(tr("Reason"), formatting::toQt(pack.text("spec.reason")));
    facts->add(tr("Run"), formatting::toQt(pack.text("status.runId")), true);
    facts->add(tr("Signed with"), formatting::toQt(pack.text("status.keyFingerprint")), true);
    facts->add(tr("Folder"), formatting::toQt(pack.text("status.path")), true);
    for (const char* path : {"status.message", "status.verifyProblem"}) {
        if (const std::string text = pack.text(path); !text.empty()) {
            facts->add(std::string_view(path) == "status.message" ? tr("Message") : tr("Problem"),
                       formatting::toQt(text));
        }
    }
    m_summary->addWidget(facts);
    m_summary->addStretch(1);
}

void EvidencePage::showProgress() {
    const session::ObjectPtr pack = m_controller.inProgress();
    m_strip->setVisible(pack != nullptr);
    m_make->setEnabled(!pack && !m_session.readOnly());
    if (!pack) {
        return;
    }
    const std::string phase = pack->text("status.phase", "Pending");
    qint64 done = 0;
    qint64 total = 0;
    for (const auto& [name, run] : m_session.probeRuns().objects()) {
        if (run->text("status.phase") == "Running") {
            done = json::number(run->value(), "status.done");
            total = json::number(run->value(), "status.total");
        }
    }
    QString text = phase == "Probing"    ? tr("Step 1 of 2: probing every endpoint")
                   : phase == "Building" ? tr("Step 2 of 2: writing and signing")
                                         : tr("The pack is about to be made");
    if (phase == "Probing" && total > 0) {
        text += tr(", %1 of %2 checks").arg(done).arg(total);
    }
    m_stripText->setText(text);
    const bool counted = phase == "Probing" && total > 0;
    m_stripBar->setRange(0, counted ? static_cast<int>(total) : 0);
    m_stripBar->setValue(static_cast<int>(done));
}

void EvidencePage::makePack() {
    auto* dialog = new dialogs::MakePackDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_banner->clear();
        m_make->setEnabled(false);
        m_controller.make(this, dialog->reason(), [this](Result<void> done) {
            showProgress();
            if (!done) {
                showError(done.error());
            }
        });
    });
    dialog->open();
}

void EvidencePage::verifyPack() {
    m_verify->setEnabled(false);
    const QString id = m_shownId;
    m_controller.verify(this, id, [this, id](Result<signing::VerifyResult> result) {
        m_verify->setEnabled(true);
        if (id != m_shownId) {
            return;
        }
        if (!result) {
            m_verification->show(theme::Tone::Bad, formatting::sentence(result.error()),
                                 formatting::mend(result.error()));
            return;
        }
        const PackWord word = verificationInWords(*result);
        m_verification->show(word.tone, word.text,
                             result->valid ? tr("Signed with %1").arg(formatting::toQt(result->keyFingerprint))
                                           : QString());
    });
}

void EvidencePage::openPack() {
    const QString id = m_shownId;
    if (id.isEmpty() || id == m_openedId) {
        return;
    }
    m_openedId = id;
    m_controller.open(this, id, [this, id](Result<OpenedPack> opened) {
        if (id != m_shownId) {
            return;
        }
        if (!opened) {
            m_openedId.clear();
            m_verification->show(theme::Tone::Bad, formatting::sentence(opened.error()),
                                 formatting::mend(opened.error()));
            return;
        }
        const PackWord word = verificationInWords(opened->verification);
        m_verification->show(word.tone, word.text);
        m_files->setFiles(opened->files);
    });
}

void EvidencePage::openFile() {
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Open a pack"), {}, tr("Evidence packs (*.zip manifest.json)"));
    if (path.isEmpty()) {
        return;
    }
    // A pack folder is named by the manifest in it.
    const QString pack = path.endsWith(QLatin1String("/manifest.json")) ? path.section(QLatin1Char('/'), 0, -2) : path;
    QString key = m_controller.publicKeyFile();
    if (key.isEmpty() || !QFile::exists(key)) {
        key =
            QFileDialog::getOpenFileName(this, tr("Public key to check it with"), {}, tr("Public keys (*.pub *.pem)"));
    }
    if (key.isEmpty()) {
        return;
    }
    m_banner->clear();
    m_controller.openLocal(this, pack, key, [this](Result<OpenedPack> opened) {
        if (!opened) {
            showError(opened.error());
            return;
        }
        auto* dialog = new PackFileDialog(*opened, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
}

void EvidencePage::savePack() {
    const QString id = m_shownId;
    const QString target = QFileDialog::getSaveFileName(
        this, tr("Save archive"), id.section(QLatin1Char('/'), 1) + QStringLiteral(".zip"), tr("Zip archives (*.zip)"));
    if (target.isEmpty()) {
        return;
    }
    m_save->setEnabled(false);
    m_controller.save(this, id, target, [this, target](Result<void> done) {
        m_save->setEnabled(true);
        if (!done) {
            showError(done.error());
        } else {
            emit said(tr("Saved to %1.").arg(target));
        }
    });
}

QList<Scene> EvidencePage::scenes() {
    const auto newest = [this] {
        if (m_table->shown().rowCount() > 0) {
            m_table->select(m_table->shown().index(0, 0).data(item_models::RowIdRole).toString());
        }
    };
    return {{QStringLiteral("summary"),
             [this, newest] {
                 newest();
                 m_tabs->setCurrentIndex(0);
                 verifyPack();
             }},
            {QStringLiteral("files"), [this, newest] {
                 newest();
                 m_tabs->setCurrentIndex(1);
             }}};
}

} // namespace gatehouse::pages
