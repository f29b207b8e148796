#include "app/formatting/Text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace gatehouse::formatting {
namespace {

QString translated(const char* text, int count = -1) {
    return QCoreApplication::translate("formatting", text, nullptr, count);
}

qint64 secondsBetween(TimePoint from, TimePoint to) {
    return std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
}

QString shortSpan(qint64 seconds) {
    if (seconds < 60) {
        return translated("%1s").arg(seconds);
    }
    if (seconds < 3600) {
        return translated("%1m").arg(seconds / 60);
    }
    if (seconds < 86400) {
        return translated("%1h").arg(seconds / 3600);
    }
    return translated("%1d").arg(seconds / 86400);
}

QString plural(qint64 count, const char* one, const char* many) {
    return count == 1 ? translated(one) : translated(many).arg(count);
}

QString longSpan(qint64 seconds) {
    if (seconds < 60) {
        return plural(seconds, "1 second", "%1 seconds");
    }
    if (seconds < 3600) {
        return plural(seconds / 60, "1 minute", "%1 minutes");
    }
    if (seconds < 86400) {
        return plural(seconds / 3600, "1 hour", "%1 hours");
    }
    return plural(seconds / 86400, "1 day", "%1 days");
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
    return seconds < -1 ? translated("in %1").arg(shortSpan(-seconds)) : shortSpan(std::max<qint64>(seconds, 0));
}

QString ageInWords(TimePoint then, TimePoint now) {
    const qint64 seconds = secondsBetween(then, now);
    if (seconds < -1) {
        return translated("in %1").arg(longSpan(-seconds));
    }
    return seconds < 5 ? translated("just now") : translated("%1 ago").arg(longSpan(seconds));
}

QString duration(qint64 seconds) {
    return translated("about %1").arg(longSpan(std::max<qint64>(seconds, 1)));
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
        return translated("The agent does not answer. %1").arg(said);
    case ErrorKind::Timeout:
        return translated("The agent took too long to answer. %1").arg(said);
    case ErrorKind::Unauthenticated:
        return translated("The agent does not accept this token. %1").arg(said);
    case ErrorKind::TlsRejected:
        return translated("The agent's certificate is not trusted. %1").arg(said);
    case ErrorKind::Conflict:
        return translated("Somebody else changed this in the meantime. %1").arg(said);
    case ErrorKind::Forbidden:
        return translated("This is not allowed for you. %1").arg(said);
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
        return translated("Check that gatehouse-agent is running; the console keeps trying.");
    case ErrorKind::Unauthenticated:
        return translated(
            "Start the console with the token file of this agent (--token-file), or with its data folder.");
    case ErrorKind::TlsRejected:
        return translated("Start the console with the CA file of this agent (--ca), or with its data folder.");
    case ErrorKind::Conflict:
        return translated("Load the current version and make your change again.");
    default:
        return {};
    }
}

} // namespace gatehouse::formatting
