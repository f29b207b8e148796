#include "app/theme/Theme.h"

#include "app/theme/Colors.h"
#include "app/theme/StyleSheet.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QStyleFactory>
#include <QSvgRenderer>

namespace gatehouse::theme {
namespace {

QPalette paletteOf(const Colors& c) {
    QPalette palette;
    palette.setColor(QPalette::Window, c.window);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.surface);
    palette.setColor(QPalette::AlternateBase, c.sunken);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::Button, c.surface);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, c.bad);
    palette.setColor(QPalette::Highlight, c.accent);
    palette.setColor(QPalette::HighlightedText, c.accentText);
    palette.setColor(QPalette::PlaceholderText, c.faint);
    palette.setColor(QPalette::ToolTipBase, c.raised);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::Link, c.accent);
    palette.setColor(QPalette::Mid, c.border);
    palette.setColor(QPalette::Dark, c.borderStrong);
    palette.setColor(QPalette::Light, c.raised);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, c.faint);
    }
    return palette;
}

QFont uiFont() {
    QFont font = QApplication::font();
    for (const char* family : {"Inter", "Noto Sans", "DejaVu Sans"}) {
        if (QFontDatabase::hasFamily(QString::fromLatin1(family))) {
            font = QFont(QString::fromLatin1(family));
            break;
        }
    }
    font.setPixelSize(13);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

} // namespace

Theme& Theme::instance() {
    static Theme theme;
    return theme;
}

void Theme::apply(Scheme scheme) {
    m_scheme = scheme;
    m_colors = scheme == Scheme::Dark ? darkColors() : lightColors();
    QPixmapCache::clear();
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(paletteOf(m_colors));
    QApplication::setFont(uiFont());
    qApp->setStyleSheet(styleSheet(m_colors, scheme));
    emit changed();
}

QColor Theme::strong(Tone tone) const {
    switch (tone) {
    case Tone::Good:
        return m_colors.good;
    case Tone::Warn:
        return m_colors.warn;
    case Tone::Bad:
        return m_colors.bad;
    case Tone::Info:
        return m_colors.info;
    default:
        return m_colors.neutral;
    }
}

QColor Theme::soft(Tone tone) const {
    switch (tone) {
    case Tone::Good:
        return m_colors.goodSoft;
    case Tone::Warn:
        return m_colors.warnSoft;
    case Tone::Bad:
        return m_colors.badSoft;
    case Tone::Info:
        return m_colors.infoSoft;
    default:
        return m_colors.neutralSoft;
    }
}

QFont Theme::mono() const {
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    for (const char* family : {"JetBrains Mono", "Noto Sans Mono", "DejaVu Sans Mono"}) {
        if (QFontDatabase::hasFamily(QString::fromLatin1(family))) {
            font = QFont(QString::fromLatin1(family));
            break;
        }
    }
    font.setPixelSize(12);
    font.setFixedPitch(true);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

QFont Theme::heading() const {
    QFont font = uiFont();
    font.setPixelSize(20);
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont Theme::figure() const {
    QFont font = uiFont();
    font.setPixelSize(26);
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont Theme::small() const {
    QFont font = uiFont();
    font.setPixelSize(12);
    return font;
}

Scheme Theme::schemeFor(const QString& name) {
    if (name == QLatin1String("dark")) {
        return Scheme::Dark;
    }
    if (name == QLatin1String("light")) {
        return Scheme::Light;
    }
    return QApplication::palette().color(QPalette::Window).lightness() < 128 ? Scheme::Dark : Scheme::Light;
}

QPixmap pixmap(const QString& name, const QColor& color, int size, double ratio) {
    const QString key = QStringLiteral("gh:%1:%2:%3:%4").arg(name, color.name()).arg(size).arg(ratio);
    QPixmap picture;
    if (QPixmapCache::find(key, &picture)) {
        return picture;
    }
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    QByteArray svg = file.readAll();
    svg.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    picture = QPixmap(QSize(size, size) * ratio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    renderer.render(&painter);
    painter.end();
    picture.setDevicePixelRatio(ratio);
    QPixmapCache::insert(key, picture);
    return picture;
}

QIcon icon(const QString& name, const QColor& color) {
    QIcon made;
    for (const double ratio : {1.0, 2.0}) {
        made.addPixmap(pixmap(name, color, 18, ratio));
        made.addPixmap(pixmap(name, Theme::instance().colors().faint, 18, ratio), QIcon::Disabled);
    }
    return made;
}

} // namespace gatehouse::theme
