// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/look/theme.h"

#include <QGuiApplication>

#include "app/gui/look/tinted_icon.h"

namespace alloclens {
namespace {

// Memories in the order of enum Memory: DRAM, L1, L1_SMALL, SYSTEM_MEMORY, TRACE, unknown.
Theme makeLight() {
    Theme theme;
    theme.window = QColor(0xf4, 0xf4, 0xf3);
    theme.base = QColor(0xff, 0xff, 0xff);
    theme.alternate = QColor(0xf9, 0xf9, 0xf8);
    theme.text = QColor(0x1f, 0x23, 0x28);
    theme.mutedText = QColor(0x59, 0x61, 0x6b);
    theme.line = QColor(0xdc, 0xde, 0xe1);
    theme.accent = QColor(0x5b, 0x4b, 0xd6);
    theme.refusedFree = QColor(0xd5, 0x5e, 0x00);
    theme.undetermined = QColor(0x7a, 0x5c, 0x3a);
    theme.trackingArtefact = QColor(0x4a, 0x62, 0x74);
    theme.lacking = {QColor(0x58, 0x98, 0xd0), QColor(0x32, 0x73, 0xb0), QColor(0x17, 0x4f, 0x89),
                     QColor(0x0b, 0x31, 0x59)};
    theme.surplus = {QColor(0xb5, 0x8a, 0x33), QColor(0x8a, 0x62, 0x24), QColor(0x63, 0x3f, 0x12),
                     QColor(0x3a, 0x23, 0x06)};
    theme.memory = {QColor(0x00, 0x72, 0xb2), QColor(0x00, 0x9e, 0x73), QColor(0x56, 0xb4, 0xe9),
                    QColor(0xcc, 0x79, 0xa7), QColor(0xe6, 0x9f, 0x00), QColor(0x7a, 0x80, 0x88)};
    theme.memoryShade = {QColor(0x4c, 0x9c, 0xcb), QColor(0x4d, 0xbb, 0x9c), QColor(0x9a, 0xd3, 0xf2),
                         QColor(0xdf, 0xa6, 0xc5), QColor(0xf0, 0xc2, 0x5a), QColor(0xa6, 0xab, 0xb2)};
    return theme;
}

Theme makeDark() {
    Theme theme;
    theme.isDark = true;
    theme.window = QColor(0x20, 0x22, 0x25);
    theme.base = QColor(0x18, 0x1a, 0x1c);
    theme.alternate = QColor(0x1d, 0x1f, 0x22);
    theme.text = QColor(0xe4, 0xe6, 0xe9);
    theme.mutedText = QColor(0xa2, 0xa9, 0xb2);
    theme.line = QColor(0x37, 0x3b, 0x40);
    theme.accent = QColor(0xa8, 0x9b, 0xff);
    theme.refusedFree = QColor(0xff, 0x7d, 0x2e);
    theme.undetermined = QColor(0xe0, 0xc9, 0xa0);
    theme.trackingArtefact = QColor(0x7f, 0x8b, 0x98);
    theme.lacking = {QColor(0x37, 0x6b, 0x9f), QColor(0x4a, 0x8c, 0xc7), QColor(0x7b, 0xb4, 0xe6),
                     QColor(0xb9, 0xdc, 0xf8)};
    theme.surplus = {QColor(0x80, 0x62, 0x2b), QColor(0xa9, 0x82, 0x3b), QColor(0xd0, 0xab, 0x62),
                     QColor(0xef, 0xd7, 0xa4)};
    theme.memory = {QColor(0x3a, 0x9b, 0xd9), QColor(0x22, 0xb5, 0x8b), QColor(0x7c, 0xc8, 0xf2),
                    QColor(0xd9, 0x8b, 0xb8), QColor(0xeb, 0xae, 0x2b), QColor(0x90, 0x97, 0xa0)};
    theme.memoryShade = {QColor(0x24, 0x72, 0xa6), QColor(0x17, 0x80, 0x62), QColor(0x4d, 0x96, 0xc0),
                         QColor(0xa1, 0x62, 0x86), QColor(0xad, 0x7f, 0x1a), QColor(0x66, 0x6c, 0x74)};
    return theme;
}

}  // namespace

const Theme& Theme::light() {
    static const Theme theme = makeLight();
    return theme;
}

const Theme& Theme::dark() {
    static const Theme theme = makeDark();
    return theme;
}

const Theme& Theme::current() {
    const QPalette palette = QGuiApplication::palette();
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness() ? dark()
                                                                                                         : light();
}

QPalette Theme::palette() const {
    QPalette palette;
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, alternate);
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, window);
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, text);
    palette.setColor(QPalette::PlaceholderText, mutedText);
    palette.setColor(QPalette::ToolTipBase, base);
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::Highlight, accent);
    palette.setColor(QPalette::HighlightedText, isDark ? base : QColor(Qt::white));
    palette.setColor(QPalette::Link, accent);
    palette.setColor(QPalette::LinkVisited, accent);
    palette.setColor(QPalette::Light, isDark ? line : QColor(Qt::white));
    palette.setColor(QPalette::Midlight, line);
    palette.setColor(QPalette::Mid, line);
    palette.setColor(QPalette::Dark, isDark ? QColor(Qt::black) : mutedText);
    palette.setColor(QPalette::Shadow, line);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText}) {
        palette.setColor(QPalette::Disabled, role, mutedText);
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, line);
    return palette;
}

QIcon Theme::icon(const QString& name) const {
    return tintedIcon(":/icons/" + name + ".svg", text, line.darker(isDark ? 60 : 120));
}

}  // namespace alloclens
