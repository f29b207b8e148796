#include "app/theme/StyleSheet.h"

namespace gatehouse::theme {
namespace {

// "@name" stands for a colour of the palette.
constexpr const char* Sheet = R"qss(
* { outline: 0; }
QMainWindow, QDialog { background: @window; }
QWidget { color: @text; }
QToolTip { background: @raised; color: @text; border: 1px solid @borderStrong; padding: 5px 8px; }

#pageHost, #pageBody { background: @window; }
#card { background: @surface; border: 1px solid @border; border-radius: 8px; }
#card[link="true"]:hover, #card[link="true"]:focus { border-color: @accent; }
#toolbarLine { background: transparent; }
#separator { background: @border; border: none; }
QLabel { background: transparent; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="faint"] { color: @faint; }
QLabel[role="caption"] { color: @muted; font-weight: 600; }
QLabel[role="bad"] { color: @bad; }
QLabel[role="link"] { color: @accent; }

QPushButton { background: @surface; border: 1px solid @borderStrong; border-radius: 6px; padding: 6px 14px; min-height: 18px; font-weight: 500; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @sunken; }
QPushButton:focus { border-color: @accent; }
QPushButton:disabled { color: @faint; border-color: @border; background: @window; }
QPushButton[kind="primary"] { background: @accent; border-color: @accent; color: @accentText; }
QPushButton[kind="primary"]:hover { background: @accentHover; border-color: @accentHover; }
QPushButton[kind="primary"]:disabled { background: @neutralSoft; border-color: @neutralSoft; color: @faint; }
QPushButton[kind="danger"] { color: @bad; border-color: @borderStrong; }
QPushButton[kind="danger"]:hover { background: @badSoft; border-color: @bad; }
QPushButton[kind="danger"]:disabled { color: @faint; border-color: @border; background: @window; }
QPushButton[kind="dangerSolid"] { background: @badSolid; border-color: @badSolid; color: #ffffff; }
QPushButton[kind="dangerSolid"]:disabled { background: @neutralSoft; border-color: @neutralSoft; color: @faint; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; padding: 6px 10px; color: @muted; }
QPushButton[kind="quiet"]:hover { background: @hover; color: @text; }
QPushButton[kind="quiet"]:focus { border-color: @accent; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 5px; color: @muted; }
QToolButton:hover { background: @hover; }
QToolButton:focus { border-color: @accent; }

QLineEdit, QComboBox, QSpinBox, QPlainTextEdit, QTextEdit { background: @surface; border: 1px solid @borderStrong; border-radius: 6px; padding: 5px 9px; selection-background-color: @accent; selection-color: @accentText; }
QLineEdit, QComboBox, QSpinBox { min-height: 20px; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QSpinBox:focus { border-color: @accent; }
QLineEdit:disabled, QComboBox:disabled { color: @faint; background: @sunken; }
QLineEdit[invalid="true"], QComboBox[invalid="true"] { border-color: @bad; }
QLineEdit:read-only { background: @sunken; }
QPlainTextEdit#code { background: @surface; border: none; border-radius: 0; padding: 4px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url(:/icons/@scheme/chevron-down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @borderStrong; padding: 4px; selection-background-color: @selection; selection-color: @text; }

QTableView, QListView, QTreeView { background: @surface; border: none; gridline-color: @border; selection-background-color: @selection; selection-color: @text; alternate-background-color: @surface; }
QListView#plainList::item { padding: 5px 8px; border-radius: 5px; }
QListView#plainList::item:selected { background: @selection; color: @text; }
QListView#plainList::item:hover:!selected { background: @hover; }
QHeaderView { background: @surface; border: none; }
QHeaderView::section { background: @surface; color: @muted; border: none; border-bottom: 1px solid @border; padding: 7px 12px; font-weight: 600; }
QHeaderView::up-arrow { image: url(:/icons/@scheme/chevron-up.svg); width: 10px; height: 10px; subcontrol-position: center right; right: 4px; }
QHeaderView::down-arrow { image: url(:/icons/@scheme/chevron-down.svg); width: 10px; height: 10px; subcontrol-position: center right; right: 4px; }
QTableCornerButton::section { background: @surface; border: none; }

QTabWidget::pane { border: none; background: transparent; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @muted; padding: 8px 2px; margin-right: 20px; border: none; border-bottom: 2px solid transparent; font-weight: 500; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabBar::tab:hover:!selected { color: @text; }
QTabBar::tab:focus { color: @accent; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget#scrollBody { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: @borderStrong; border-radius: 3px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: @faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: transparent; }
QProgressBar { background: @neutralSoft; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QMenu { background: @raised; border: 1px solid @borderStrong; border-radius: 8px; padding: 5px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 5px; }
QMenu::item:selected { background: @selection; color: @text; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @border; margin: 5px 6px; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: 15px; height: 15px; border: 1px solid @borderStrong; border-radius: 4px; background: @surface; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url(:/icons/check-on-accent-@scheme.svg); }
QCheckBox::indicator:focus { border-color: @accent; }

#sidebar { background: @sidebar; border: none; }
#sidebar QLabel { color: @sidebarText; }
#sidebar QLabel[role="muted"] { color: @sidebarMuted; }
#sidebar QToolButton { color: @sidebarMuted; border: 1px solid transparent; border-radius: 6px; padding: 8px 10px; text-align: left; font-weight: 500; }
#sidebar QToolButton:hover { background: @sidebarActive; color: @sidebarText; }
#sidebar QToolButton:checked { background: @sidebarActive; color: #ffffff; }
#sidebar QToolButton:focus { border-color: @accent; }

#banner[tone="bad"] { background: @badSoft; border: 1px solid @bad; border-radius: 8px; }
#banner[tone="warn"] { background: @warnSoft; border: 1px solid @warn; border-radius: 8px; }
#banner[tone="info"] { background: @infoSoft; border: 1px solid @info; border-radius: 8px; }
#banner[tone="good"] { background: @goodSoft; border: 1px solid @good; border-radius: 8px; }
#note { background: @warnSoft; border-radius: 6px; }
#note QLabel { color: @warn; }
#palette { background: @raised; border: 1px solid @borderStrong; border-radius: 10px; }
#palette QLineEdit { border: none; background: transparent; padding: 10px 12px; }
#palette QListWidget { background: transparent; border: none; }
#palette QListWidget::item { padding: 8px 12px; border-radius: 6px; }
#palette QListWidget::item:selected { background: @selection; color: @text; }
#secretBox { background: @sunken; border: 1px solid @borderStrong; border-radius: 8px; }
#secretBox QLineEdit { background: transparent; border: none; }
#detailPane { background: @surface; border: 1px solid @border; border-radius: 8px; }
)qss";

} // namespace

QString styleSheet(const Colors& c, Scheme scheme) {
    // Longer names first: "@border" is a prefix of "@borderStrong".
    const QList<QPair<QString, QString>> values{
        {QStringLiteral("@accentHover"), c.accentHover.name()},
        {QStringLiteral("@accentText"), c.accentText.name()},
        {QStringLiteral("@accentSoft"), c.accentSoft.name()},
        {QStringLiteral("@accent"), c.accent.name()},
        {QStringLiteral("@borderStrong"), c.borderStrong.name()},
        {QStringLiteral("@border"), c.border.name()},
        {QStringLiteral("@sidebarActive"), c.sidebarActive.name()},
        {QStringLiteral("@sidebarMuted"), c.sidebarMuted.name()},
        {QStringLiteral("@sidebarText"), c.sidebarText.name()},
        {QStringLiteral("@sidebar"), c.sidebar.name()},
        {QStringLiteral("@badSolid"), QStringLiteral("#c53a2a")},
        {QStringLiteral("@badSoft"), c.badSoft.name()},
        {QStringLiteral("@bad"), c.bad.name()},
        {QStringLiteral("@warnSoft"), c.warnSoft.name()},
        {QStringLiteral("@warn"), c.warn.name()},
        {QStringLiteral("@goodSoft"), c.goodSoft.name()},
        {QStringLiteral("@good"), c.good.name()},
        {QStringLiteral("@infoSoft"), c.infoSoft.name()},
        {QStringLiteral("@info"), c.info.name()},
        {QStringLiteral("@neutralSoft"), c.neutralSoft.name()},
        {QStringLiteral("@selection"), c.selection.name()},
        {QStringLiteral("@surface"), c.surface.name()},
        {QStringLiteral("@sunken"), c.sunken.name()},
        {QStringLiteral("@scheme"), scheme == Scheme::Dark ? QStringLiteral("dark") : QStringLiteral("light")},
        {QStringLiteral("@raised"), c.raised.name()},
        {QStringLiteral("@window"), c.window.name()},
        {QStringLiteral("@hover"), c.hover.name()},
        {QStringLiteral("@muted"), c.muted.name()},
        {QStringLiteral("@faint"), c.faint.name()},
        {QStringLiteral("@text"), c.text.name()},
    };
    QString sheet = QString::fromLatin1(Sheet);
    for (const auto& [name, value] : values) {
        sheet.replace(name, value);
    }
    return sheet;
}

} // namespace gatehouse::theme
