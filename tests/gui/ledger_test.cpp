// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ledger's tab: the grade in words, what fails and where, and the grade in the status line.
#include <QAction>
#include <QFile>
#include <QLabel>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>

#include "app/gui/panels/ledger/ledger_checks_model.h"
#include "app/gui/panels/ledger/ledger_failures_model.h"
#include "app/gui/panels/ledger/ledger_panel.h"
#include "app/gui/window/workspace.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class LedgerTest : public WindowTest {
protected:
    LedgerPanel& panel() { return *window->findChild<LedgerPanel*>(); }
    QLabel& head() { return *window->findChild<QLabel*>("ledgerHead"); }
    QTableView& failures() { return dynamic_cast<QTableView&>(view("ledgerFailures")); }
    QTableView& checks() { return dynamic_cast<QTableView&>(view("ledgerChecks")); }
    QToolButton& grade() { return *window->findChild<QToolButton*>("statusLedger"); }
    void openLedger(const QString& path) {
        open(path);
        trigger(Command::ShowLedger);
        ASSERT_TRUE(soon([&] { return panel().ledger() != nullptr; }));
    }
    // The sample without one line.
    QString sampleWithout(int line) {
        QFile sample(samplePath());
        EXPECT_TRUE(sample.open(QIODevice::ReadOnly));
        QByteArray bytes;
        for (int at = 1; !sample.atEnd(); ++at) {
            const QByteArray text = sample.readLine();
            if (at != line) bytes += text;
        }
        return writeFile("without.log", bytes);
    }
    [[nodiscard]] int shownTab() { return window->findChild<QTabWidget*>("tables")->currentIndex(); }
    static QString cell(const QTableView& view, int row, int column) {
        return view.model()->index(row, column).data().toString();
    }
};

TEST_F(LedgerTest, TheStatusLineHasTheGradeAndAClickOpensTheTab) {
    EXPECT_FALSE(grade().isVisible()) << "nothing is open";
    openSample();
    EXPECT_TRUE(grade().isVisible());
    ASSERT_TRUE(soon([&] { return grade().text() == "ledger: proven"; })) << grade().text().toStdString();
    EXPECT_FALSE(grade().toolTip().contains("First divergence")) << grade().toolTip().toStdString();
    EXPECT_NE(shownTab(), Workspace::Ledger);
    QTest::mouseClick(&grade(), Qt::LeftButton);
    EXPECT_EQ(shownTab(), Workspace::Ledger);
    EXPECT_NE(panel().ledger(), nullptr);
}

TEST_F(LedgerTest, TheTipOfTheGradeNamesTheFirstDivergence) {
    open(sampleWithout(14896));
    ASSERT_TRUE(soon([&] { return grade().text() == "ledger: gaps"; })) << grade().text().toStdString();
    EXPECT_TRUE(grade().toolTip().contains("First divergence: line 14,935: ")) << grade().toolTip().toStdString();
    openSample();
    EXPECT_TRUE(soon([&] { return grade().text() == "ledger: proven"; })) << "that of the other file";
    EXPECT_FALSE(grade().toolTip().contains("14,935"));
}

TEST_F(LedgerTest, AProvenLogSaysSoAndListsNoFailures) {
    openLedger(samplePath());
    EXPECT_TRUE(head().text().contains("Proven")) << head().text().toStdString();
    EXPECT_TRUE(head().text().contains("numbers agree")) << head().text().toStdString();
    EXPECT_FALSE(head().text().contains("First divergence")) << head().text().toStdString();
    EXPECT_FALSE(failures().isVisible());
    EXPECT_EQ(checks().model()->rowCount(), static_cast<int>(kCheckKindCount));
    EXPECT_EQ(cell(checks(), 0, LedgerChecksModel::State), "holds");
    const int last = checks().model()->rowCount() - 1;
    EXPECT_EQ(cell(checks(), last, LedgerChecksModel::State), "nothing to compare it with");
    EXPECT_EQ(cell(checks(), last, LedgerChecksModel::Held), "");
}

TEST_F(LedgerTest, TheFirstDivergenceLeadsToItsLineInTheSource) {
    openLedger(sampleWithout(14896));
    const Ledger& ledger = *panel().ledger();
    ASSERT_EQ(ledger.grade, LedgerGrade::Gaps);
    ASSERT_TRUE(ledger.firstDivergence.has_value());
    const std::uint32_t line = ledger.firstDivergence->line;
    EXPECT_EQ(line, 14935U) << "the free of the allocation that is missing";
    EXPECT_TRUE(head().text().contains("line:14935")) << head().text().toStdString();
    EXPECT_TRUE(head().text().contains("missing at or before")) << head().text().toStdString();
    emit head().linkActivated("line:14935");
    EXPECT_EQ(state().selection().line, line);
    EXPECT_EQ(shownTab(), Workspace::Source);
}

TEST_F(LedgerTest, AFailureLeadsToItsLineAndACheckToItsFirstFailure) {
    openLedger(sampleWithout(14896));
    const Ledger& ledger = *panel().ledger();
    ASSERT_TRUE(failures().isVisible());
    ASSERT_EQ(failures().model()->rowCount(), static_cast<int>(ledger.failures.size()));
    ASSERT_GE(ledger.failures.size(), 2U);
    EXPECT_EQ(cell(checks(), 0, LedgerChecksModel::State), "fails");
    failures().setCurrentIndex(failures().model()->index(1, 0));
    EXPECT_EQ(state().selection().line, ledger.failures[1].line);
    EXPECT_EQ(shownTab(), Workspace::Ledger) << "walking through the rows leaves the list in sight";

    const auto& model = dynamic_cast<const LedgerChecksModel&>(*checks().model());
    checks().setCurrentIndex(model.index(0, 0));
    const auto row = static_cast<std::size_t>(failures().currentIndex().row());
    EXPECT_EQ(ledger.failures[row].kind, model.checkAt(model.index(0, 0)));
    ASSERT_NE(ledger.failures[row].line, 0U);
    EXPECT_EQ(state().selection().line, ledger.failures[row].line);

    failures().setFocus();
    QTest::keyClick(&failures(), Qt::Key_Return);
    EXPECT_EQ(shownTab(), Workspace::Source);
}

TEST_F(LedgerTest, AnotherFileHasItsOwnLedger) {
    openLedger(sampleWithout(14896));
    ASSERT_EQ(panel().ledger()->grade, LedgerGrade::Gaps);
    open(samplePath());
    EXPECT_TRUE(soon([&] { return panel().ledger() && panel().ledger()->grade == LedgerGrade::Proven; }));
    EXPECT_FALSE(failures().isVisible());
}

TEST_F(LedgerTest, ALogWithoutSumsIsConsistentAndSaysThatItPrintsNone) {
    openLedger(writeFile("short.log", "✓ [PID 7] Allocated 4096 bytes of DRAM on device 0 (buffer_id=1024)\n"
                                      "✗ [PID 7] Freed buffer 1024 on device 0 (4096 bytes, FINAL)\n"));
    EXPECT_TRUE(head().text().contains("Consistent")) << head().text().toStdString();
    EXPECT_TRUE(head().text().contains("the log prints no sums")) << head().text().toStdString();
}

TEST_F(LedgerTest, AClickOnNothingInParticularIsNoLine) {
    openLedger(samplePath());
    emit head().linkActivated("https://example.org");
    EXPECT_EQ(state().selection().line, 0U);
    EXPECT_EQ(shownTab(), Workspace::Ledger);
}

TEST_F(LedgerTest, AHiddenTabKeepsNothingOfTheFileBefore) {
    openLedger(samplePath());
    trigger(Command::ShowFindings);
    EXPECT_NE(panel().ledger(), nullptr) << "that of the file that is open may stay";
    open(QStringLiteral(ALLOCLENS_SAMPLES_DIR "/g1e.log"));
    EXPECT_EQ(panel().ledger(), nullptr);
    trigger(Command::ShowLedger);
    EXPECT_EQ(panel().ledger().get(), &state().analysis()->findings.ledger);
}

}  // namespace
}  // namespace alloclens
