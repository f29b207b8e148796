#pragma once

#include "core/secrets/Secret.h"

#include <QString>
#include <chrono>

namespace gatehouse::widgets {

/// Puts a secret on the clipboard, marked so that clipboard managers do not keep it, and takes it off again after
/// `lifetime` if it is still there.
void copySecret(const Secret& secret, std::chrono::milliseconds lifetime = std::chrono::seconds(60));
void copyText(const QString& text);
/// Takes a copied secret off the clipboard now; called when the console ends.
void clearCopiedSecret();

} // namespace gatehouse::widgets
