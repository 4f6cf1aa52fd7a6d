// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs the tests inside an application, offscreen unless the environment says otherwise, with settings of its own.
#include <QApplication>
#include <QLocale>
#include <QSettings>
#include <QTemporaryDir>

#include <gtest/gtest.h>

#include "app/gui/window/theme_choice.h"

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    ::testing::InitGoogleTest(&argc, argv);
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    QCoreApplication::setOrganizationName("AllocLensTests");
    QCoreApplication::setApplicationName("AllocLensTests");
    const QTemporaryDir settings;
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
    QLocale::setDefault(QLocale::c());
    QApplication application(argc, argv);
    alloclens::applyTheme(alloclens::ThemeChoice::Light);
    return RUN_ALL_TESTS();
}
