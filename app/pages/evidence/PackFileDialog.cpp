#include "app/pages/evidence/PackFileDialog.h"

#include "app/formatting/Text.h"
#include "app/pages/evidence/EvidenceModel.h"
#include "app/pages/evidence/PackFiles.h"
#include "app/widgets/Banner.h"
#include "app/widgets/Layouts.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::pages {

PackFileDialog::PackFileDialog(const OpenedPack& pack, QWidget* parent)
    : DialogFrame(tr("Evidence pack"), pack.title, parent) {
    setMinimumSize(900, 640);
    const PackWord word = verificationInWords(pack.verification);
    banner()->show(word.tone, word.text,
                   pack.verification.valid ? tr("Result %1, signed with %2")
                                                 .arg(formatting::toQt(pack.verification.result),
                                                      formatting::toQt(pack.verification.keyFingerprint))
                                           : tr("Do not rely on anything in it."));
    auto* files = new PackFiles(this);
    files->setFiles(pack.files);
    body()->addWidget(files, 1);
    QPushButton* close = widgets::button(tr("Close"), {}, nullptr, this);
    buttons()->addWidget(close);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

} // namespace gatehouse::pages
