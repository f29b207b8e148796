#include "app/theme/Colors.h"

namespace gatehouse::theme {

Colors lightColors() {
    Colors c;
    c.window = QColor(0xF5F6F8);
    c.surface = QColor(0xFFFFFF);
    c.raised = QColor(0xFFFFFF);
    c.sunken = QColor(0xF0F2F5);
    c.border = QColor(0xE4E7EC);
    c.borderStrong = QColor(0xCDD2DB);
    c.text = QColor(0x171B24);
    c.muted = QColor(0x5B6472);
    c.faint = QColor(0x8A93A1);
    c.accent = QColor(0x3B5BDB);
    c.accentHover = QColor(0x2F4BC0);
    c.accentText = QColor(0xFFFFFF);
    c.accentSoft = QColor(0xE9EDFD);
    c.sidebar = QColor(0x131826);
    c.sidebarText = QColor(0xE7EAF2);
    c.sidebarMuted = QColor(0x8F98AD);
    c.sidebarActive = QColor(0x252D44);
    c.selection = QColor(0xE6EBFD);
    c.hover = QColor(0xF3F5F9);
    c.good = QColor(0x0B7A55);
    c.goodSoft = QColor(0xDDF4EA);
    c.warn = QColor(0x8F5B00);
    c.warnSoft = QColor(0xFDF0CF);
    c.bad = QColor(0xBE2A1A);
    c.badSoft = QColor(0xFCE6E3);
    c.info = QColor(0x2B4ECB);
    c.infoSoft = QColor(0xE6ECFD);
    c.neutral = QColor(0x5B6472);
    c.neutralSoft = QColor(0xECEFF3);
    return c;
}

Colors darkColors() {
    Colors c;
    c.window = QColor(0x0F131B);
    c.surface = QColor(0x161B26);
    c.raised = QColor(0x1C2230);
    c.sunken = QColor(0x121722);
    c.border = QColor(0x272E3D);
    c.borderStrong = QColor(0x3A4356);
    c.text = QColor(0xE8EBF2);
    c.muted = QColor(0x9BA5B7);
    c.faint = QColor(0x6F7A8E);
    c.accent = QColor(0x6685FF);
    c.accentHover = QColor(0x7D97FF);
    c.accentText = QColor(0x0B0F1A);
    c.accentSoft = QColor(0x1E2A52);
    c.sidebar = QColor(0x0B0E15);
    c.sidebarText = QColor(0xE3E7F0);
    c.sidebarMuted = QColor(0x828CA1);
    c.sidebarActive = QColor(0x1B2233);
    c.selection = QColor(0x22305C);
    c.hover = QColor(0x1D2432);
    c.good = QColor(0x4CD6A0);
    c.goodSoft = QColor(0x11352A);
    c.warn = QColor(0xF0BE56);
    c.warnSoft = QColor(0x3A2D10);
    c.bad = QColor(0xFF8272);
    c.badSoft = QColor(0x421C1A);
    c.info = QColor(0x8FA8FF);
    c.infoSoft = QColor(0x1C2850);
    c.neutral = QColor(0xA5AEBF);
    c.neutralSoft = QColor(0x262D3B);
    return c;
}

} // namespace gatehouse::theme
