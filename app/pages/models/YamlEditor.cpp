#include "app/pages/models/YamlEditor.h"

#include "app/dialogs/DiffDialog.h"
#include "app/formatting/Text.h"
#include "app/pages/models/YamlEditing.h"
#include "app/widgets/Banner.h"
#include "app/widgets/CodeView.h"
#include "app/widgets/Layouts.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace gatehouse::pages {

namespace {

// Versions of one object grow; anything that is no number counts as old.
qulonglong versionOf(const Object& object) {
    return formatting::toQt(object.resourceVersion()).toULongLong();
}

} // namespace

YamlEditor::YamlEditor(ModelsController& controller, bool readOnly, QWidget* parent)
    : QWidget(parent),
      m_controller(controller),
      m_readOnly(readOnly),
      m_banner(new widgets::Banner(this)),
      m_code(new widgets::CodeView(widgets::CodeView::Language::Yaml, this)),
      m_reload(widgets::button(tr("Discard changes"), {}, "quiet", this)),
      m_check(widgets::button(tr("Check"), {}, nullptr, this)),
      m_review(widgets::button(tr("Review and apply…"), {}, "primary", this)) {
    m_code->setAccessibleName(tr("YAML of the model"));
    m_code->setReadOnly(readOnly);
    m_check->setToolTip(tr("Asks the agent whether it would accept this; nothing is changed."));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_banner);
    layout->addWidget(m_code, 1);
    auto* row = new QHBoxLayout;
    row->addWidget(m_reload);
    row->addStretch(1);
    row->addWidget(m_check);
    row->addWidget(m_review);
    layout->addLayout(row);
    for (QPushButton* action : {m_reload, m_check, m_review}) {
        action->setVisible(!readOnly);
    }
    connect(m_code, &QPlainTextEdit::textChanged, this, &YamlEditor::updateActions);
    connect(m_reload, &QPushButton::clicked, this, [this] {
        m_banner->clear();
        reload();
    });
    connect(m_check, &QPushButton::clicked, this, &YamlEditor::check);
    connect(m_review, &QPushButton::clicked, this, &YamlEditor::review);
    updateActions();
}

bool YamlEditor::modified() const {
    return m_code->toPlainText() != m_original;
}

void YamlEditor::updateActions() {
    const bool can = !m_busy && (modified() || !m_base);
    m_reload->setEnabled(!m_busy && modified());
    m_check->setEnabled(can);
    m_review->setEnabled(can);
}

void YamlEditor::setBusy(bool busy) {
    m_busy = busy;
    m_code->setReadOnly(busy || m_readOnly);
    updateActions();
}

void YamlEditor::setObject(const session::ObjectPtr& object) {
    const bool same = m_base && object && m_base->uid() == object->uid() && m_base->name() == object->name();
    if (!same) {
        keepDraft();
        m_latest = object;
        m_banner->clear();
        reload();
        takeDraft();
        return;
    }
    // The watch may be behind the answer to our own write.
    if (versionOf(*object) < versionOf(*m_latest)) {
        return;
    }
    m_latest = object;
    if (!modified()) {
        if (versionOf(*object) != versionOf(*m_base)) {
            reload();
        }
    } else if (yamlForEditing(*object) == m_original) {
        // Only its status moved on; that must not make the edit a conflict.
        m_base = object;
    } else if (!m_busy) {
        m_banner->show(theme::Tone::Warn, tr("Somebody else changed this model while you were editing."),
                       tr("Discard your changes to see it; applying them is refused as a conflict."));
    }
}

void YamlEditor::keepDraft() {
    if (m_base && modified() && !m_busy) {
        m_drafts[m_base->uid()] = {m_base, m_code->toPlainText()};
    }
}

void YamlEditor::takeDraft() {
    const auto found = m_base ? m_drafts.find(m_base->uid()) : m_drafts.end();
    if (found == m_drafts.end()) {
        return;
    }
    const Draft draft = std::move(found->second);
    m_drafts.erase(found);
    const session::ObjectPtr latest = m_latest;
    m_base = draft.base;
    m_latest = draft.base;
    m_original = yamlForEditing(*draft.base);
    m_code->setPlainText(draft.text);
    setObject(latest);
}

void YamlEditor::setNew(const QString& yaml) {
    m_banner->clear();
    m_code->markLine(0);
    m_base.reset();
    m_latest.reset();
    m_original = yaml;
    m_reload->setVisible(false);
    m_review->setText(tr("Create"));
    m_code->setPlainText(yaml);
    updateActions();
}

void YamlEditor::reload() {
    const bool sameText = m_base && m_latest && yamlForEditing(*m_latest) == m_code->toPlainText();
    m_base = m_latest;
    m_original = m_base ? yamlForEditing(*m_base) : QString();
    if (!sameText) {
        m_code->setPlainText(m_original);
    }
    m_code->markLine(0);
    updateActions();
}

Result<Object> YamlEditor::edited() const {
    return objectFromYaml(m_code->toPlainText(), m_base.get());
}

void YamlEditor::showError(const Error& error) {
    static const QRegularExpression lineNumber(QStringLiteral("\\bline (\\d+)"));
    int line = error.field.empty() ? 0 : lineOfField(m_code->toPlainText(), formatting::toQt(error.field));
    if (line == 0) {
        if (const auto match = lineNumber.match(formatting::toQt(error.message)); match.hasMatch()) {
            line = match.captured(1).toInt();
        }
    }
    m_code->markLine(line);
    const QString where = error.field.empty() ? QString() : tr("Field %1: ").arg(formatting::toQt(error.field));
    m_banner->show(theme::Tone::Bad, where + formatting::sentence(error), formatting::mend(error));
}

void YamlEditor::check() {
    auto object = edited();
    m_code->markLine(0);
    if (!object) {
        showError(object.error());
        return;
    }
    setBusy(true);
    m_controller.write(this, *object, true, [this](Result<Object> answer) {
        setBusy(false);
        if (!answer) {
            showError(answer.error());
        } else {
            m_banner->show(theme::Tone::Good, tr("The agent would accept this. Nothing has been changed yet."));
        }
    });
}

void YamlEditor::review() {
    auto object = edited();
    m_code->markLine(0);
    if (!object) {
        showError(object.error());
        return;
    }
    if (!m_base) {
        apply(*object);
        return;
    }
    setBusy(true);
    m_controller.write(this, *object, true, [this, object = *object](Result<Object> answer) {
        setBusy(false);
        if (!answer) {
            showError(answer.error());
            return;
        }
        if (!m_base || m_base->uid() != answer->uid()) {
            return; // another model is shown by now
        }
        const QStringList lines = lineDiff(yamlForEditing(*m_base), yamlForEditing(*answer));
        if (lines.isEmpty()) {
            m_banner->show(theme::Tone::Info, tr("Nothing would change."));
            return;
        }
        auto* dialog = new dialogs::DiffDialog(formatting::toQt(m_base->name()), lines, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QDialog::accepted, this, [this, object]() mutable {
            // The base moves on with the status while the dialog is open, never with what is edited.
            object.metadata()["resourceVersion"] = m_base->resourceVersion();
            apply(object);
        });
        dialog->open();
    });
}

void YamlEditor::apply(const Object& object) {
    setBusy(true);
    m_controller.write(this, object, false, [this](Result<Object> answer) {
        setBusy(false);
        if (!answer) {
            showError(answer.error());
            return;
        }
        if (m_base && m_base->uid() != answer->uid()) {
            emit applied(*answer); // another model is shown by now
            return;
        }
        if (!m_latest || m_latest->uid() != answer->uid() || versionOf(*m_latest) < versionOf(*answer)) {
            m_latest = std::make_shared<const Object>(*answer);
        }
        reload();
        m_banner->show(theme::Tone::Good, tr("Applied."));
        emit applied(*answer);
    });
}

} // namespace gatehouse::pages
