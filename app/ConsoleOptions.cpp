#include "app/ConsoleOptions.h"

#include "app/formatting/Text.h"

#include <QCommandLineParser>
#include <QCoreApplication>

namespace gatehouse {
namespace {

/// The context of this file's texts.
class ConsoleOptionsText {
    Q_DECLARE_TR_FUNCTIONS(ConsoleOptionsText)
};

/// What options rule out each other.
Result<void> checkTogether(const ConsoleOptions& options) {
    if (!options.server.isEmpty() && options.tokenFile.isEmpty()) {
        return failure(ErrorKind::BadRequest, "--server needs --token-file",
                       "or name the agent's data folder with --data");
    }
    if (options.server.isEmpty() && (!options.tokenFile.isEmpty() || !options.caFile.isEmpty())) {
        return failure(ErrorKind::BadRequest, "--token-file and --ca need --server",
                       "or name the agent's data folder with --data");
    }
    if (!options.server.isEmpty() && !options.dataFolder.isEmpty()) {
        return failure(ErrorKind::BadRequest, "--server and --data cannot be combined", "give one of them");
    }
    if (!QStringList{QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("system")}.contains(
            options.theme)) {
        return failure(ErrorKind::BadRequest, "There is no theme \"" + formatting::toStd(options.theme) + "\"",
                       "use light, dark or system");
    }
    return {};
}

} // namespace

Result<ConsoleOptions> readOptions(const QStringList& arguments) {
    const QCommandLineOption data(
        QStringLiteral("data"),
        ConsoleOptionsText::tr("Data folder of a standalone agent (default ~/.local/share/gatehouse)."),
        QStringLiteral("DIR"));
    const QCommandLineOption server(
        QStringLiteral("server"),
        ConsoleOptionsText::tr("Address of an agent's admin API; needs --token-file and --ca."), QStringLiteral("URL"));
    const QCommandLineOption token(QStringLiteral("token-file"),
                                   ConsoleOptionsText::tr("File with the token, mode 0600."), QStringLiteral("FILE"));
    const QCommandLineOption ca(QStringLiteral("ca"),
                                ConsoleOptionsText::tr("CA that the agent's certificate must chain to."),
                                QStringLiteral("FILE"));
    const QCommandLineOption theme(QStringLiteral("theme"), ConsoleOptionsText::tr("light, dark or system."),
                                   QStringLiteral("NAME"), QStringLiteral("system"));
    const QCommandLineOption readOnly(QStringLiteral("read-only"),
                                      ConsoleOptionsText::tr("Show everything, change nothing."));
    const QCommandLineOption page(QStringLiteral("page"),
                                  ConsoleOptionsText::tr("Page to open: overview, models, endpoints, keys, evidence."),
                                  QStringLiteral("NAME"));
    const QCommandLineOption shots(QStringLiteral("screenshot"),
                                   ConsoleOptionsText::tr("Write pictures of every page to this folder and exit."),
                                   QStringLiteral("FOLDER"));
    QCommandLineParser parser;
    parser.setApplicationDescription(
        ConsoleOptionsText::tr("Gatehouse: the gates, the keys and the visitors' book of your language models."));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    parser.addOptions({data, server, token, ca, theme, readOnly, page, shots});
    if (!parser.parse(arguments)) {
        return failure(ErrorKind::BadRequest, formatting::toStd(parser.errorText()), "see gatehouse --help");
    }
    ConsoleOptions options;
    if (parser.isSet(help)) {
        options.printAndExit = parser.helpText();
        return options;
    }
    if (parser.isSet(version)) {
        options.printAndExit = QStringLiteral("gatehouse ") + QLatin1String(GATEHOUSE_VERSION) + QLatin1Char('\n');
        return options;
    }
    if (!parser.positionalArguments().isEmpty()) {
        return failure(ErrorKind::BadRequest,
                       "The argument \"" + formatting::toStd(parser.positionalArguments().front()) +
                           "\" is not understood",
                       "see gatehouse --help");
    }
    options.dataFolder = parser.value(data);
    options.server = parser.value(server);
    options.tokenFile = parser.value(token);
    options.caFile = parser.value(ca);
    options.theme = parser.value(theme);
    options.page = parser.value(page);
    options.screenshotFolder = parser.value(shots);
    options.readOnly = parser.isSet(readOnly);
    if (auto checked = checkTogether(options); !checked) {
        return failure(std::move(checked.error()));
    }
    return options;
}

} // namespace gatehouse
