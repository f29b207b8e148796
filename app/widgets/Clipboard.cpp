#include "app/widgets/Clipboard.h"

#include "app/formatting/Text.h"
#include "core/crypto/Crypto.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QTimer>
#include <optional>

namespace gatehouse::widgets {
namespace {

// A digest is enough to know our own secret again without keeping it.
std::optional<crypto::Sha256>& copied() {
    static std::optional<crypto::Sha256> digest;
    return digest;
}

crypto::Sha256 digestOfClipboard() {
    std::string text = formatting::toStd(QGuiApplication::clipboard()->text());
    const auto digest = crypto::sha256(text);
    wipe(text);
    return digest;
}

} // namespace

void copySecret(const Secret& secret, std::chrono::milliseconds lifetime) {
    auto* data = new QMimeData;
    data->setText(formatting::toQt(secret.reveal()));
    // Understood by KDE's Klipper and others.
    data->setData(QStringLiteral("x-kde-passwordManagerHint"), QByteArrayLiteral("secret"));
    QGuiApplication::clipboard()->setMimeData(data);
    const auto digest = crypto::sha256(secret.reveal());
    copied() = digest;
    QTimer::singleShot(lifetime, qGuiApp, [digest] {
        if (copied() && *copied() == digest) {
            clearCopiedSecret();
        }
    });
}

void copyText(const QString& text) {
    QGuiApplication::clipboard()->setText(text);
}

void clearCopiedSecret() {
    if (copied() && digestOfClipboard() == *copied()) {
        QGuiApplication::clipboard()->clear();
    }
    copied().reset();
}

} // namespace gatehouse::widgets
