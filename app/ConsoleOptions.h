#pragma once

#include "core/result/Result.h"

#include <QString>
#include <QStringList>

namespace gatehouse {

/// The console's command line.
struct ConsoleOptions {
    QString dataFolder;
    QString server;
    QString tokenFile;
    QString caFile;
    QString theme = QStringLiteral("system");
    QString page;
    QString screenshotFolder;
    bool readOnly = false;
    QString printAndExit; ///< text of --help or --version
};

/// Fails (BadRequest) on what it does not know or cannot combine. Pure.
[[nodiscard]] Result<ConsoleOptions> readOptions(const QStringList& arguments);

} // namespace gatehouse
