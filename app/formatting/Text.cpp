#include "app/formatting/Text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace gatehouse::formatting {
namespace {

/// The context of this file's texts.
class Formatting {
    Q_DECLARE_TR_FUNCTIONS(Formatting)
};

qint64 secondsBetween(TimePoint from, TimePoint to) {
    return std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
}

QString shortSpan(qint64 seconds) {
    if (seconds < 60) {
        return Formatting::tr("%1s").arg(seconds);
    }
    if (seconds < 3600) {
        return Formatting::tr("%1m").arg(seconds / 60);
    }
    if (seconds < 86400) {
        return Formatting::tr("%1h").arg(seconds / 3600);
    }
    return Formatting::tr("%1d").arg(seconds / 86400);
}

QString longSpan(qint64 seconds) {
    if (seconds < 60) {
        return counted(seconds, Formatting::tr("1 second"), Formatting::tr("%1 seconds"));
    }
    if (seconds < 3600) {
        return counted(seconds / 60, Formatting::tr("1 minute"), Formatting::tr("%1 minutes"));
    }
    if (seconds < 86400) {
        return counted(seconds / 3600, Formatting::tr("1 hour"), Formatting::tr("%1 hours"));
    }
    return counted(seconds / 86400, Formatting::tr("1 day"), Formatting::tr("%1 days"));
}

} // namespace

QString toQt(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::string toStd(const QString& text) {
    return text.toUtf8().toStdString();
}

QString age(TimePoint then, TimePoint now) {
    const qint64 seconds = secondsBetween(then, now);
    return seconds < -1 ? Formatting::tr("in %1").arg(shortSpan(-seconds)) : shortSpan(std::max<qint64>(seconds, 0));
}

QString ageInWords(TimePoint then, TimePoint now) {
    const qint64 seconds = secondsBetween(then, now);
    if (seconds < -1) {
        return Formatting::tr("in %1").arg(longSpan(-seconds));
    }
    return seconds < 5 ? Formatting::tr("just now") : Formatting::tr("%1 ago").arg(longSpan(seconds));
}

QString duration(qint64 seconds) {
    return Formatting::tr("about %1").arg(longSpan(std::max<qint64>(seconds, 1)));
}

QString counted(qint64 count, const QString& one, const QString& many) {
    return count == 1 ? one : many.arg(QLocale().toString(count));
}

QString percent(double ratio) {
    // Never rounded up to 100 %: a gap must stay visible.
    const double shown = ratio >= 1.0 ? 100.0 : std::min(99.9, ratio * 100.0);
    return QLocale().toString(shown, 'f', shown == 100.0 || shown == 0.0 ? 0 : 1) + QStringLiteral(" %");
}

QString dateTime(TimePoint time) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
    return QLocale().toString(QDateTime::fromSecsSinceEpoch(seconds), QLocale::ShortFormat);
}

std::optional<TimePoint> timeOf(std::string_view rfc3339) {
    if (rfc3339.empty()) {
        return std::nullopt;
    }
    const auto time = parseRfc3339(rfc3339);
    return time ? std::optional(*time) : std::nullopt;
}

QString sentence(const Error& error) {
    QString said = toQt(error.message);
    if (!said.isEmpty()) {
        said[0] = said[0].toUpper();
    }
    switch (error.kind) {
    case ErrorKind::Unreachable:
        return Formatting::tr("The agent does not answer. %1").arg(said);
    case ErrorKind::Timeout:
        return Formatting::tr("The agent took too long to answer. %1").arg(said);
    case ErrorKind::Unauthenticated:
        return Formatting::tr("The agent does not accept this token. %1").arg(said);
    case ErrorKind::TlsRejected:
        return Formatting::tr("The agent's certificate is not trusted. %1").arg(said);
    case ErrorKind::Conflict:
        return Formatting::tr("Somebody else changed this in the meantime. %1").arg(said);
    case ErrorKind::Forbidden:
        return Formatting::tr("This is not allowed for you. %1").arg(said);
    default:
        break;
    }
    QString text = said;
    for (auto cause = error.cause; cause; cause = cause->cause) {
        text += QStringLiteral(": ") + toQt(cause->message);
    }
    return text;
}

QString mend(const Error& error) {
    if (!error.hint.empty()) {
        return toQt(error.hint);
    }
    switch (error.kind) {
    case ErrorKind::Unreachable:
    case ErrorKind::Timeout:
        return Formatting::tr("Check that gatehouse-agent is running; the console keeps trying.");
    case ErrorKind::Unauthenticated:
        return Formatting::tr(
            "Start the console with the token file of this agent (--token-file), or with its data folder.");
    case ErrorKind::TlsRejected:
        return Formatting::tr("Start the console with the CA file of this agent (--ca), or with its data folder.");
    case ErrorKind::Conflict:
        return Formatting::tr("Load the current version and make your change again.");
    default:
        return {};
    }
}

} // namespace gatehouse::formatting
