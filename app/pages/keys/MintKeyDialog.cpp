#include "app/pages/keys/MintKeyDialog.h"

#include "app/formatting/Text.h"
#include "app/widgets/Banner.h"
#include "app/widgets/Layouts.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

namespace gatehouse::pages {

MintKeyDialog::MintKeyDialog(const QList<ModelChoice>& models, QWidget* parent)
    : dialogs::DialogFrame(tr("New key"),
                           tr("The key opens one model. Its value is shown once, as soon as the gateway accepts it."),
                           parent),
      m_model(new QComboBox(this)),
      m_owner(new QLineEdit(this)),
      m_description(new QLineEdit(this)),
      m_tenant(new QLineEdit(this)),
      m_expires(new QComboBox(this)),
      m_go(widgets::button(tr("Make key"), {}, "primary", this)) {
    for (const auto& model : models) {
        m_model->addItem(model.id == model.name ? model.name : QStringLiteral("%1  (%2)").arg(model.name, model.id),
                         model.name);
    }
    m_expires->setEditable(true);
    m_expires->addItems(
        {QStringLiteral("30d"), QStringLiteral("7d"), QStringLiteral("90d"), QStringLiteral("365d"), QString()});
    m_expires->setItemText(4, QString());
    m_expires->setCurrentIndex(0);
    m_owner->setPlaceholderText(tr("alice@example.com or team-search"));
    m_description->setPlaceholderText(tr("what it is used for"));
    m_tenant->setPlaceholderText(tr("same as owner"));
    addField(tr("Model"), m_model, {}, QStringLiteral("model"));
    addField(tr("Owner"), m_owner, tr("Who answers for this key. Shown in evidence."), QStringLiteral("owner"));
    addField(tr("Description"), m_description, {}, QStringLiteral("description"));
    addField(tr("Tenant"), m_tenant, tr("Who pays for its use; requests are attributed to it."),
             QStringLiteral("tenant"));
    addField(tr("Expires after"), m_expires, tr("12h, 30d, 90d …; empty means never."), QStringLiteral("expires"));
    QPushButton* cancel = widgets::button(tr("Cancel"), {}, nullptr, this);
    buttons()->addWidget(cancel);
    buttons()->addWidget(m_go);
    m_go->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_go, &QPushButton::clicked, this, &MintKeyDialog::tryIt);
    m_owner->setFocus();
    if (models.isEmpty()) {
        m_go->setEnabled(false);
        banner()->show(theme::Tone::Warn, tr("There is no model yet."), tr("Add one on the Models page first."));
    }
}

void MintKeyDialog::addField(const QString& name, QWidget* field, const QString& help, const QString& id) {
    QLabel* caption = widgets::label(name, "caption", this);
    caption->setBuddy(field);
    field->setAccessibleName(name);
    auto* column = new QVBoxLayout;
    column->setSpacing(4);
    column->addWidget(caption);
    column->addWidget(field);
    QLabel* below = widgets::label(help, "faint", this);
    below->setVisible(!help.isEmpty());
    column->addWidget(below);
    body()->addLayout(column);
    m_help[id] = below;
    m_helpText[id] = help;
    m_fields[id] = field;
}

MintForm MintKeyDialog::form() const {
    return {m_model->currentData().toString(), m_owner->text(), m_description->text(), m_tenant->text(),
            m_expires->currentText()};
}

void MintKeyDialog::mark(const QString& field, const QString& problem) {
    for (auto it = m_help.begin(); it != m_help.end(); ++it) {
        const bool wrong = it.key() == field;
        it.value()->setText(wrong ? problem : m_helpText[it.key()]);
        it.value()->setVisible(!it.value()->text().isEmpty());
        it.value()->setProperty("role", wrong ? QStringLiteral("bad") : QStringLiteral("faint"));
        m_fields[it.key()]->setProperty("invalid", wrong);
        for (QWidget* widget : {static_cast<QWidget*>(it.value()), m_fields[it.key()]}) {
            widget->style()->unpolish(widget);
            widget->style()->polish(widget);
        }
    }
    if (QWidget* wrong = m_fields.value(field)) {
        wrong->setFocus();
    }
}

void MintKeyDialog::tryIt() {
    banner()->clear();
    const auto problem = problemOf(form());
    mark(problem.field, problem.text);
    if (problem.field.isEmpty()) {
        emit wanted(form());
    }
}

void MintKeyDialog::setBusy(bool busy) {
    m_go->setEnabled(!busy);
    m_go->setText(busy ? tr("Waiting for the gateway…") : tr("Make key"));
    for (QWidget* field : m_fields) {
        field->setEnabled(!busy);
    }
}

void MintKeyDialog::showError(const Error& error) {
    const QString field = formatting::toQt(error.field).section(QLatin1Char('.'), -1);
    if (m_fields.contains(field)) {
        mark(field, formatting::sentence(error));
    } else {
        banner()->show(theme::Tone::Bad, formatting::sentence(error), formatting::mend(error));
    }
}

} // namespace gatehouse::pages
