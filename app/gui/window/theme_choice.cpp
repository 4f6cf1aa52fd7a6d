// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/theme_choice.h"

#include <QApplication>
#include <QMainWindow>
#include <QSettings>
#include <QStyleFactory>

#include <array>

#include "app/gui/document/settings.h"
#include "app/gui/look/style_sheet.h"
#include "app/gui/look/theme.h"

namespace alloclens {
namespace {

constexpr auto kKey = "view/theme";
const std::array<QString, 3> kNames = {QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark")};

bool systemIsDark() {
    static const bool isDark = Theme::current().isDark;  // before AllocLens sets a palette of its own
    return isDark;
}

}  // namespace

std::optional<ThemeChoice> themeChoiceFromName(const QString& name) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == name) return static_cast<ThemeChoice>(i);
    }
    return std::nullopt;
}

QString themeChoiceName(ThemeChoice choice) { return kNames[static_cast<std::size_t>(choice)]; }

ThemeChoice rememberedThemeChoice() {
    return themeChoiceFromName(QSettings().value(kKey).toString()).value_or(ThemeChoice::System);
}

void rememberThemeChoice(ThemeChoice choice) { storeSetting(kKey, themeChoiceName(choice)); }

void applyTheme(ThemeChoice choice) {
    const bool system = systemIsDark();
    const bool dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && system);
    const Theme& theme = dark ? Theme::dark() : Theme::light();
    static const bool styled = [] {
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        return true;
    }();
    Q_UNUSED(styled)
    QApplication::setPalette(theme.palette());
    // Of each window and not of the application, which takes four times as long.
    const QString sheet = styleSheet(theme);
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        if (qobject_cast<QMainWindow*>(widget) != nullptr) widget->setStyleSheet(sheet);
    }
}

}  // namespace alloclens
