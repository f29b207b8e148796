#include "app/pages/models/ModelsPage.h"

#include "app/dialogs/ConfirmDialog.h"
#include "app/formatting/Text.h"
#include "app/pages/PageFrame.h"
#include "app/pages/models/ModelsModel.h"
#include "app/pages/models/NewModelDialog.h"
#include "app/pages/models/YamlEditor.h"
#include "app/theme/Theme.h"
#include "app/widgets/Banner.h"
#include "app/widgets/DataTable.h"
#include "app/widgets/EmptyState.h"
#include "app/widgets/Layouts.h"
#include "app/widgets/StatusBadge.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

namespace gatehouse::pages {
namespace {

theme::Tone toneOfCondition(const std::string& type, const std::string& status) {
    // These say that something is wrong when they are True.
    const bool negative =
        type == "Degraded" || type == "Stalled" || type.ends_with("Failed") || type.ends_with("Conflict");
    if (status == "Unknown") {
        return theme::Tone::Warn;
    }
    return (status == "True") != negative ? theme::Tone::Good : theme::Tone::Bad;
}

} // namespace

ModelsPage::ModelsPage(session::Session& session)
    : m_session(session),
      m_controller(session),
      m_filter(widgets::filterField(tr("Filter models"), this)),
      m_banner(new widgets::Banner(this)),
      m_new(widgets::button(tr("New model"), QStringLiteral("plus"), "primary", this)),
      m_delete(widgets::button(tr("Delete…"), QStringLiteral("trash"), "danger", this)) {
    auto* nothing = new widgets::EmptyState(QStringLiteral("models"));
    nothing->setText(tr("No models yet"),
                     tr("Add a model server of this host, or a provider, and the gateway guards it."));
    if (!session.readOnly()) {
        nothing->setAction(tr("New model"));
    }
    connect(nothing, &widgets::EmptyState::triggered, this, &ModelsPage::newModel);
    m_table = new widgets::DataTable(m_controller.table(), tr("Models"), nothing, this);
    m_table->setFilterField(m_filter);
    m_table->setLoaded(session.models().loaded());
    connect(&session.models(), &session::ObjectFeed::changed, m_table, [this] { m_table->setLoaded(true); });
    m_table->setRowHeight(46);

    auto* split = new QSplitter(Qt::Vertical, this);
    split->setHandleWidth(12);
    split->addWidget(tableCard(m_filter, {}, m_table, this));
    m_detail = makeDetail();
    split->addWidget(m_detail);
    split->setStretchFactor(0, 4);
    split->setStretchFactor(1, 5);
    split->setChildrenCollapsible(false);
    m_detail->hide();

    auto* layout = pageLayout(*this);
    layout->addWidget(
        pageHeader(tr("Models"), tr("What is served here, and where it answers."), {m_delete, m_new}, this));
    layout->addWidget(m_banner);
    layout->addWidget(split, 1);

    connect(m_new, &QPushButton::clicked, this, &ModelsPage::newModel);
    connect(m_delete, &QPushButton::clicked, this, &ModelsPage::removeModel);
    connect(m_table, &widgets::DataTable::currentChanged, this, &ModelsPage::showCurrent);
    connect(&m_controller, &ModelsController::objectsChanged, this, &ModelsPage::showCurrent);
    connect(&session.keys(), &session::ObjectFeed::changed, this, &ModelsPage::showCurrent);
    connect(&session, &session::Session::aged, this, &ModelsPage::showCurrent);
    updateActions();
}

QWidget* ModelsPage::makeDetail() {
    auto* pane = new QFrame(this);
    pane->setObjectName(QStringLiteral("detailPane"));
    auto* layout = new QVBoxLayout(pane);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(6);
    auto* top = new QHBoxLayout;
    top->setSpacing(10);
    m_name = widgets::label({}, nullptr, pane);
    QFont font = theme::Theme::instance().heading();
    font.setPixelSize(16);
    m_name->setFont(font);
    m_phase = new widgets::StatusBadge(pane);
    m_id = widgets::label({}, "muted", pane);
    m_id->setTextInteractionFlags(Qt::TextSelectableByMouse);
    top->addWidget(m_name);
    top->addWidget(m_phase);
    top->addStretch(1);
    top->addWidget(m_id);
    layout->addLayout(top);
    m_tabs = new QTabWidget(pane);
    m_tabs->setDocumentMode(true);
    auto* scroll = new QScrollArea(m_tabs);
    scroll->setWidgetResizable(true);
    auto* body = new QWidget(scroll);
    body->setObjectName(QStringLiteral("scrollBody"));
    m_status = new QVBoxLayout(body);
    m_status->setContentsMargins(0, 10, 8, 0);
    m_status->setSpacing(14);
    scroll->setWidget(body);
    m_editor = new YamlEditor(m_controller, m_session.readOnly(), m_tabs);
    m_tabs->addTab(scroll, tr("Status"));
    m_tabs->addTab(m_editor, tr("YAML"));
    layout->addWidget(m_tabs, 1);
    connect(m_editor, &YamlEditor::applied, this,
            [this](const Object& object) { emit said(tr("%1 is applied.").arg(formatting::toQt(object.name()))); });
    return pane;
}

void ModelsPage::updateActions() {
    m_new->setEnabled(!m_session.readOnly());
    m_delete->setEnabled(!m_session.readOnly() && !m_table->currentId().isEmpty());
}

void ModelsPage::selectWanted() {
    // A new model's row comes with the watch, before or after the answer to its creation.
    if (!m_wantedId.isEmpty() && m_controller.table().row(m_wantedId) != nullptr) {
        m_table->select(std::exchange(m_wantedId, {}));
    }
}

void ModelsPage::showCurrent() {
    selectWanted();
    updateActions();
    const QString id = m_table->currentId();
    const session::ObjectPtr model = m_controller.object(id);
    m_detail->setVisible(model != nullptr);
    if (!model) {
        return;
    }
    m_shownId = id;
    m_name->setText(formatting::toQt(model->name()));
    m_id->setText(modelIds(*model));
    const PhaseWord phase = phaseOf(*model);
    m_phase->setStatus(phase.text, phase.tone);
    fillStatus(*model);
    m_editor->setObject(model);
}

void ModelsPage::fillStatus(const Object& model) {
    widgets::empty(*m_status);
    if (const QString note = noteOf(model); !note.isEmpty()) {
        auto* banner = new widgets::Banner(this);
        banner->show(theme::Tone::Warn, note);
        m_status->addWidget(banner);
    }
    auto* facts = new widgets::Facts;
    facts->add(tr("Model id"), modelIds(model), true);
    facts->add(tr("Kind"),
               QStringLiteral("%1  %2").arg(formatting::toQt(model.kind()), formatting::toQt(model.apiVersion())));
    facts->add(tr("Namespace"), formatting::toQt(model.nameSpace()));
    facts->add(tr("Endpoint"), formatting::toQt(model.text("status.endpoints.external")), true);
    if (const std::string upstream = model.annotation("gatehouse.dev/upstream"); !upstream.empty()) {
        facts->add(tr("Model server"), formatting::toQt(upstream), true);
    }
    if (const std::string host = model.text("spec.provider.hostname"); !host.empty()) {
        facts->add(tr("Provider"), formatting::toQt(host), true);
    }
    if (const auto made = formatting::timeOf(model.text("metadata.creationTimestamp"))) {
        facts->add(tr("Created"), tr("%1 (%2)").arg(formatting::dateTime(*made),
                                                    formatting::ageInWords(*made, m_session.clock().now())));
    }
    facts->add(tr("Keys"), formatting::counted(m_controller.keysOf(model), tr("1 key opens this model"),
                                               tr("%1 keys open this model")));
    m_status->addWidget(facts);
    const json::Value* conditions = model.at("status.conditions");
    if (conditions != nullptr && conditions->is_array() && !conditions->get_array().empty()) {
        m_status->addWidget(widgets::label(tr("Conditions"), "caption"));
        auto* list = new widgets::Facts;
        for (const json::Value& condition : conditions->get_array()) {
            const std::string type = json::text(condition, "type");
            const std::string status = json::text(condition, "status");
            auto* cell = new QWidget;
            auto* row = new QHBoxLayout(cell);
            row->setContentsMargins(0, 0, 0, 0);
            row->setSpacing(10);
            auto* badge = new widgets::StatusBadge(cell);
            badge->setStatus(formatting::toQt(json::text(condition, "reason", status)), toneOfCondition(type, status));
            QLabel* message = widgets::label(formatting::toQt(json::text(condition, "message")), "muted", cell);
            message->setWordWrap(true);
            row->addWidget(badge, 0, Qt::AlignTop);
            row->addWidget(message, 1);
            list->addWidget(formatting::toQt(type), cell);
        }
        m_status->addWidget(list);
    }
    m_status->addStretch(1);
}

void ModelsPage::newModel() {
    auto* dialog = new NewModelDialog(m_controller, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewModelDialog::created, this, [this](const QString& rowId, const QString& name) {
        m_wantedId = rowId;
        selectWanted();
        emit said(tr("%1 is created.").arg(name));
    });
    dialog->open();
}

void ModelsPage::removeModel() {
    const session::ObjectPtr model = m_controller.object(m_table->currentId());
    if (!model) {
        return;
    }
    m_banner->clear();
    const QString name = formatting::toQt(model->name());
    const int keys = m_controller.keysOf(*model);
    const QString consequences =
        tr("The gateway stops serving %1 at once. %2 The model server itself keeps running.")
            .arg(modelIds(*model),
                 keys == 0 ? tr("No key opens it.")
                           : formatting::counted(keys, tr("The key that opens it stops working and is removed."),
                                                 tr("The %1 keys that open it stop working and are removed.")));
    auto* dialog = new dialogs::ConfirmDialog(tr("Delete %1?").arg(name), consequences, name, tr("Delete model"), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, name, id = m_table->currentId()] {
        m_controller.remove(this, id, [this, name](Result<void> done) {
            if (!done) {
                m_banner->show(theme::Tone::Bad, formatting::sentence(done.error()), formatting::mend(done.error()));
            } else {
                emit said(tr("%1 is deleted.").arg(name));
            }
        });
    });
    dialog->open();
}

QList<Scene> ModelsPage::scenes() {
    const auto selectFirst = [this] {
        if (m_controller.table().rowCount() > 0) {
            m_table->select(m_controller.table().at(0).id);
        }
    };
    return {{QStringLiteral("status"),
             [this, selectFirst] {
                 selectFirst();
                 m_tabs->setCurrentIndex(0);
             }},
            {QStringLiteral("yaml"),
             [this, selectFirst] {
                 selectFirst();
                 m_tabs->setCurrentIndex(1);
             }},
            {QStringLiteral("new"), [this] { newModel(); }}};
}

} // namespace gatehouse::pages
