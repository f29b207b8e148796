#pragma once

#include "app/theme/Tone.h"

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QString>

class QApplication;

namespace gatehouse::theme {

enum class Scheme { Light, Dark };

/// Colours by meaning; no widget names a colour itself.
struct Colors {
    QColor window, surface, raised, sunken, border, borderStrong;
    QColor text, muted, faint;
    QColor accent, accentHover, accentText, accentSoft;
    QColor sidebar, sidebarText, sidebarMuted, sidebarActive;
    QColor selection, hover;
    QColor good, goodSoft, warn, warnSoft, bad, badSoft, info, infoSoft, neutral, neutralSoft;
};

/// Distances in device-independent pixels.
namespace space {
inline constexpr int Tight = 4;
inline constexpr int Small = 8;
inline constexpr int Medium = 12;
inline constexpr int Large = 16;
inline constexpr int Page = 24;
} // namespace space

/// The look of the whole console: palette, style sheet, fonts. One instance, on the GUI thread.
class Theme : public QObject {
    Q_OBJECT
public:
    static Theme& instance();

    void apply(Scheme scheme);

    [[nodiscard]] Scheme scheme() const { return m_scheme; }

    [[nodiscard]] const Colors& colors() const { return m_colors; }

    [[nodiscard]] QColor strong(Tone tone) const;
    [[nodiscard]] QColor soft(Tone tone) const;
    [[nodiscard]] QFont mono() const;
    [[nodiscard]] QFont heading() const; ///< page titles
    [[nodiscard]] QFont figure() const;  ///< big numbers
    [[nodiscard]] QFont small() const;

    /// "light", "dark", or "system": what the desktop's own palette looks like.
    [[nodiscard]] static Scheme schemeFor(const QString& name);

signals:
    void changed();

private:
    Theme() = default;
    Scheme m_scheme = Scheme::Light;
    Colors m_colors;
};

/// A line icon of resources/icons in the given colour.
[[nodiscard]] QIcon icon(const QString& name, const QColor& color);
[[nodiscard]] QPixmap pixmap(const QString& name, const QColor& color, int size, double ratio);

} // namespace gatehouse::theme
