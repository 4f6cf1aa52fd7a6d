// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whatever somebody does in the window: nothing crashes, nothing hangs, nothing warns, and afterwards it still works.
// ALLOCLENS_RANDOM_STEPS says how many steps, ALLOCLENS_RANDOM_SEED which.
#include "random_actions.h"

#include <QAction>
#include <QApplication>
#include <QFile>
#include <QTemporaryDir>

#include <cstdlib>
#include <mutex>

#include "last_steps.h"
#include "suspect_log.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

constexpr unsigned kSecondsAStep = 30;

std::uint32_t fromEnvironment(const char* name, std::uint32_t otherwise) {
    bool isNumber = false;
    const std::uint32_t value = qEnvironmentVariable(name).toUInt(&isNumber);
    return isNumber ? value : otherwise;
}

// What Qt warned of, but for what the platform without a display cannot do.
QStringList& warnings() {
    static QStringList all;
    return all;
}

void collect(QtMsgType type, const QMessageLogContext& /*context*/, const QString& text) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    const bool isOfPlatform = text.startsWith("This plugin does not support")
                              || text.contains("fontconfig", Qt::CaseInsensitive)
                              || text.endsWith("not accepted by receiving widget")  // a dialog is open
                              || text.startsWith("QFileSystemWatcher") || text.contains("XDG_RUNTIME_DIR");
    if (type != QtDebugMsg && type != QtInfoMsg && !isOfPlatform) {
        warnings() += text;
        std::fprintf(stderr, "Qt: %s\n", qPrintable(text));
    }
    if (type == QtFatalMsg) std::abort();
}

class RandomActionsTest : public WindowTest {
protected:
    RandomActionsTest() { QApplication::setQuitOnLastWindowClosed(false); }
    ~RandomActionsTest() override { QApplication::setQuitOnLastWindowClosed(true); }

    [[nodiscard]] static QByteArray sample(const char* name) {
        QFile file(QStringLiteral(ALLOCLENS_SAMPLES_DIR "/") + name);
        EXPECT_TRUE(file.open(QIODevice::ReadOnly));
        return file.readAll();
    }
    /// Small, as the steps are many: one with suspects, one of several devices, a damaged one, and no log at all.
    [[nodiscard]] QStringList logs() const {
        QByteArray damaged = sample("g3.log");
        damaged.replace(4000, 700, QByteArray(700, '\0'));
        damaged.remove(9000, 37);
        return {writeFile("suspect.log", suspectLog()), writeFile("devices.log", sample("g2.log")),
                writeFile("damaged.log", damaged), writeFile("holiday.txt", "Dear all,\nthe sea is warm.\n")};
    }
};

TEST_F(RandomActionsTest, NothingThatSomebodyDoesCrashesTheWindow) {
    const std::uint32_t seed = fromEnvironment("ALLOCLENS_RANDOM_SEED", 1);
    const std::uint32_t steps = fromEnvironment("ALLOCLENS_RANDOM_STEPS", 2000);
    RecordProperty("seed", static_cast<int>(seed));
    const QTemporaryDir folder;
    warnings().clear();
    const auto handler = qInstallMessageHandler(collect);
    test::printStepsOnCrash(seed, kSecondsAStep);
    open(logs().front());
    {
        test::RandomActions somebody(*window, logs(), folder.path(), seed);
        for (std::uint32_t step = 0; step < steps; ++step) somebody.step();
        somebody.closeAll();
    }
    // The window is as good as before.
    if (window->recording().isRunning()) window->recording().stop();
    EXPECT_TRUE(soon([this] { return !window->recording().isRunning(); }));
    open(samplePath());
    EXPECT_TRUE(window->windowTitle().startsWith("reference.log")) << window->windowTitle().toStdString();
    filter("device:4");
    EXPECT_GT(state().filterResult()->eventCount, 0U);
    test::forgetSteps();
    qInstallMessageHandler(handler);
    EXPECT_EQ(warnings().join('\n').toStdString(), "") << "seed " << seed;
}

}  // namespace
}  // namespace alloclens
