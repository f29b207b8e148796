#pragma once

#include "app/dialogs/DialogFrame.h"
#include "app/pages/evidence/EvidenceController.h"

namespace gatehouse::pages {

/// A pack file of this machine: whether it holds, and what is in it.
class PackFileDialog : public dialogs::DialogFrame {
    Q_OBJECT
public:
    PackFileDialog(const OpenedPack& pack, QWidget* parent);
};

} // namespace gatehouse::pages
