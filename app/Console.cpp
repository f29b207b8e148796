#include "app/Console.h"

#include "app/ConsoleOptions.h"
#include "app/formatting/Text.h"
#include "app/jobs/RunThen.h"
#include "app/pages/AllPages.h"
#include "app/session/HttpAgentClient.h"
#include "app/shell/MainWindow.h"
#include "app/shell/Screenshots.h"
#include "app/theme/Theme.h"
#include "app/widgets/Clipboard.h"
#include "core/session/AgentConnection.h"

#include <QApplication>
#include <QMessageBox>
#include <cstdio>

namespace gatehouse {
namespace {

void printLine(std::FILE* stream, const QString& text) {
    std::fputs(formatting::toStd(text).c_str(), stream);
}

Result<session::AgentConnection> connectionOf(const ConsoleOptions& options) {
    if (!options.server.isEmpty()) {
        return session::readConnection(formatting::toStd(options.server), formatting::toStd(options.tokenFile),
                                       formatting::toStd(options.caFile));
    }
    return session::readConnection(options.dataFolder.isEmpty()
                                       ? session::defaultDataFolder()
                                       : std::filesystem::path(formatting::toStd(options.dataFolder)));
}

int refuse(const Error& error, bool window) {
    printLine(stderr, QStringLiteral("gatehouse: ") + formatting::toQt(error.describe()) + QLatin1Char('\n'));
    if (window) {
        QMessageBox box(QMessageBox::Warning, QCoreApplication::translate("Console", "Gatehouse cannot start"),
                        formatting::sentence(error));
        box.setInformativeText(formatting::mend(error));
        box.exec();
    }
    return 1;
}

/// --help and --version must work without a display.
bool printsOnly(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument(argv[i]);
        if (argument == "--help" || argument == "-h" || argument == "--version" || argument == "-v" ||
            argument == "--help-all") {
            return true;
        }
    }
    return false;
}

int printAndExit(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    const auto options = readOptions(QCoreApplication::arguments());
    if (!options) {
        printLine(stderr,
                  QStringLiteral("gatehouse: ") + formatting::toQt(options.error().describe()) + QLatin1Char('\n'));
        return 2;
    }
    printLine(stdout, options->printAndExit);
    return 0;
}

} // namespace

int runConsole(int argc, char** argv) {
    QCoreApplication::setApplicationName(QStringLiteral("gatehouse"));
    QCoreApplication::setApplicationVersion(QLatin1String(GATEHOUSE_VERSION));
    if (printsOnly(argc, argv)) {
        return printAndExit(argc, argv);
    }
    QApplication application(argc, argv);
    QGuiApplication::setDesktopFileName(QStringLiteral("gatehouse"));
    QGuiApplication::setWindowIcon(theme::icon(QStringLiteral("gate"), QColor(0x3B5BDB)));
    const auto options = readOptions(QApplication::arguments());
    if (!options) {
        printLine(stderr,
                  QStringLiteral("gatehouse: ") + formatting::toQt(options.error().describe()) + QLatin1Char('\n'));
        return 2;
    }
    theme::Theme::instance().apply(theme::Theme::schemeFor(options->theme));
    const bool forPictures = !options->screenshotFolder.isEmpty();
    auto connection = connectionOf(*options);
    if (!connection) {
        return refuse(connection.error(), !forPictures);
    }

    const SystemClock clock;
    const auto client = std::make_shared<session::HttpAgentClient>(std::move(*connection));
    int code = 0;
    {
        session::Session session(client, clock, {options->readOnly});
        shell::MainWindow window(session, pages::allPages());
        if (!options->page.isEmpty()) {
            if (!window.pageIds().contains(options->page)) {
                return refuse(
                    makeError(ErrorKind::BadRequest, "There is no page \"" + formatting::toStd(options->page) + "\"",
                              "the pages are " + formatting::toStd(window.pageIds().join(QStringLiteral(", ")))),
                    false);
            }
            window.showPage(options->page);
        }
        session.start();
        window.show();
        std::unique_ptr<shell::Screenshots> pictures;
        if (forPictures) {
            pictures = std::make_unique<shell::Screenshots>(window, session, options->screenshotFolder);
            QObject::connect(pictures.get(), &shell::Screenshots::finished, &application,
                             [](bool good) { QApplication::exit(good ? 0 : 1); });
        }
        code = QApplication::exec();
        jobs::stopAll();
    }
    widgets::clearCopiedSecret();
    return code;
}

} // namespace gatehouse
