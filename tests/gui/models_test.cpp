// SPDX-License-Identifier: GPL-3.0-or-later
//
// Qt's own checker watches every model of the window while files are opened, filtered and sorted.
#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QIcon>
#include <QLabel>
#include <QTableView>
#include <QTreeView>

#include <algorithm>
#include <numeric>
#include <random>
#include <stop_token>

#include "app/gui/look/theme.h"
#include "app/gui/look/verdict_mark.h"
#include "app/gui/panels/events/events_panel.h"
#include "app/gui/panels/findings/findings_model.h"
#include "app/gui/panels/table/sort_header.h"
#include "tests/support/flags_of.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

using Mode = QAbstractItemModelTester::FailureReportingMode;

class ModelsTest : public WindowTest {
protected:
    ModelsTest() {
        for (const char* name : {"findingsView", "eventsView", "addressesView", "diagnosticsView", "ledgerChecks",
                                 "ledgerFailures", "sideTree"}) {
            m_testers.push_back(std::make_unique<QAbstractItemModelTester>(view(name).model(), Mode::Fatal));
        }
    }

private:
    std::vector<std::unique_ptr<QAbstractItemModelTester>> m_testers;
};

TEST_F(ModelsTest, EveryRowOfTheSampleIsInItsTable) {
    openSample();
    const Analysis& analysis = *state().analysis();
    const auto rows = [this](const char* name) { return static_cast<std::size_t>(view(name).model()->rowCount()); };
    trigger(Command::ShowEvents);
    EXPECT_TRUE(soon([&] { return rows("eventsView") == analysis.trace->events.count(); }));
    trigger(Command::ShowAddresses);
    EXPECT_TRUE(soon([&] { return rows("addressesView") == analysis.trace->addresses.size(); }));
    EXPECT_TRUE(soon([&] { return rows("sideTree") == 3; }));
    EXPECT_EQ(rows("diagnosticsView"), analysis.trace->diagnostics.kept().size());
}

TEST_F(ModelsTest, WhatNobodySeesIsFilledWhenItIsShown) {
    openSample();
    auto& events = dynamic_cast<QTableView&>(view("eventsView"));
    const auto rows = [&] { return static_cast<std::uint64_t>(events.model()->rowCount()); };
    EXPECT_EQ(rows(), 0U);
    trigger(Command::ShowEvents);
    EXPECT_TRUE(soon([&] { return rows() == state().analysis()->trace->events.count(); }));
    trigger(Command::ShowAddresses);
    filter("device:4");
    const std::uint64_t before = rows();
    EXPECT_GT(before, state().filterResult()->eventCount);
    trigger(Command::ShowEvents);
    EXPECT_TRUE(soon([&] { return rows() == state().filterResult()->eventCount; }));
    trigger(Command::ShowFindings);
    open(QStringLiteral(ALLOCLENS_SAMPLES_DIR "/g1e.log"));
    EXPECT_EQ(rows(), 0U) << "nothing of the file before is kept";
    trigger(Command::ShowEvents);
    EXPECT_TRUE(soon([&] { return rows() == state().analysis()->trace->events.count(); }));
}

TEST_F(ModelsTest, TheFindingsTreeHoldsEachFindingOnce) {
    openSample();
    const Analysis& analysis = *state().analysis();
    const QAbstractItemModel& model = *view("findingsView").model();
    ASSERT_TRUE(soon([&] { return model.rowCount() > 0; }));
    std::size_t leaves = 0;
    EXPECT_EQ(static_cast<std::size_t>(model.rowCount()), analysis.findings.clusters.size());
    for (int cluster = 0; cluster < model.rowCount(); ++cluster) {
        const QModelIndex ofCluster = model.index(cluster, 0);
        for (int group = 0; group < model.rowCount(ofCluster); ++group) {
            const int findings = model.rowCount(model.index(group, 0, ofCluster));
            leaves += findings == 0 ? 1 : static_cast<std::size_t>(findings);
        }
    }
    EXPECT_EQ(leaves, analysis.findings.rows.size());
}

TEST_F(ModelsTest, RefusedFreesHaveTheMarkOfTheirVerdictAndOthersNone) {
    openSample();
    const Findings& findings = state().analysis()->findings;
    const auto& model = dynamic_cast<const FindingsModel&>(*view("findingsView").model());
    ASSERT_TRUE(soon([&] { return model.rowCount() > 0; }));
    const auto picture = [](const QModelIndex& index) {
        return index.data(Qt::DecorationRole).value<QIcon>().pixmap(12).toImage();
    };
    for (int row = 0; row < model.rowCount(); ++row) {
        const Cluster& cluster = findings.clusters[static_cast<std::size_t>(row)];
        const QModelIndex ofCluster = model.index(row, FindingsModel::What);
        const QModelIndex ofFirst = model.index(0, FindingsModel::CauseColumn, ofCluster);
        const bool isRefused = isRefusedFree(findings.row(model.findingAt(ofFirst)));
        ASSERT_EQ(ofCluster.data(Qt::DecorationRole).isValid(), isRefused) << cluster.sentence;
        if (!isRefused) continue;
        const QImage wanted = markIcon(Theme::current(), blameOf(cluster.cause)).pixmap(12).toImage();
        EXPECT_EQ(picture(ofCluster), wanted) << cluster.sentence;
        if (model.rowCount(ofFirst.siblingAtColumn(0)) > 0) continue;
        EXPECT_EQ(picture(ofFirst), wanted) << cluster.sentence;
    }
}

TEST_F(ModelsTest, ClustersAreSortedByEveryHeadingAndFillEveryColumnThatTheyHave) {
    openSample();
    auto& tree = dynamic_cast<QTreeView&>(view("findingsView"));
    const auto& model = dynamic_cast<const FindingsModel&>(*tree.model());
    ASSERT_TRUE(soon([&] { return model.rowCount() > 3; }));
    const auto rows = [&](int column) {
        QStringList texts;
        for (int row = 0; row < model.rowCount(); ++row) texts += model.index(row, column).data().toString();
        return texts;
    };
    const auto numbers = [&](int column) {
        std::vector<qulonglong> values;
        for (QString text : rows(column)) values.push_back(text.remove(',').section(' ', 0, 0).toULongLong());
        return values;
    };
    for (const int column : {FindingsModel::Device, FindingsModel::Line, FindingsModel::Count}) {
        EXPECT_FALSE(rows(column).contains("")) << column;
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            tree.header()->setSortIndicator(column, order);
            EXPECT_TRUE(soon([&] {
                const auto values = numbers(column);
                return order == Qt::AscendingOrder ? std::is_sorted(values.begin(), values.end())
                                                   : std::is_sorted(values.rbegin(), values.rend());
            })) << column
                << rows(column).join(" | ").toStdString();
        }
    }
    for (int column = 0; column < FindingsModel::ColumnCount; ++column) {
        std::vector<QStringList> orders;
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            const FindingTree* before = model.tree();
            tree.header()->setSortIndicator(column, order);
            ASSERT_TRUE(soon([&] { return model.tree() != before; }));
            orders.push_back(rows(FindingsModel::What));
        }
        EXPECT_NE(orders[0], orders[1]) << "heading " << column << " sorts";
    }
}

TEST_F(ModelsTest, TheSignOfTheOrderCoversNoLetterAndPointsTheRightWay) {
    EXPECT_EQ(sortedTitle("Line", Qt::AlignRight, Qt::DescendingOrder), QString::fromUtf8("\u25be Line"));
    EXPECT_EQ(sortedTitle("Finding", Qt::AlignLeft, Qt::AscendingOrder), QString::fromUtf8("Finding \u25b4"));
    for (const char* name : {"diagnosticsView", "ledgerChecks", "ledgerFailures"}) {
        EXPECT_FALSE(dynamic_cast<QTableView&>(view(name)).horizontalHeader()->sectionsClickable()) << name;
    }
}

TEST_F(ModelsTest, TablesAreSortedByTheHeadingThatIsClicked) {
    openSample();
    auto& table = dynamic_cast<QTableView&>(view("addressesView"));
    trigger(Command::ShowAddresses);
    ASSERT_TRUE(soon([&] { return table.model()->rowCount() > 0; }));
    constexpr int kSurplus = 4;
    table.horizontalHeader()->setSortIndicator(kSurplus, Qt::DescendingOrder);
    const auto surplus = [&](int row) { return table.model()->index(row, kSurplus).data().toString().toInt(); };
    EXPECT_TRUE(soon([&] { return surplus(0) > 0; }));
    for (int row = 1; row < table.model()->rowCount(); ++row) ASSERT_GE(surplus(row - 1), surplus(row));
}

TEST_F(ModelsTest, ModelsHoldThroughFiltersSortsAndOtherFiles) {
    openSample();
    auto& events = dynamic_cast<QTableView&>(view("eventsView"));
    auto& findings = dynamic_cast<QTreeView&>(view("findingsView"));
    filter("device:4");
    events.horizontalHeader()->setSortIndicator(5, Qt::AscendingOrder);
    findings.header()->setSortIndicator(5, Qt::DescendingOrder);
    filter("device:4 kind:double-free");
    const auto shown = state().filterResult()->eventCount;
    trigger(Command::ShowEvents);
    EXPECT_TRUE(soon([&] { return static_cast<std::uint64_t>(events.model()->rowCount()) == shown; }));
    open(QStringLiteral(ALLOCLENS_SAMPLES_DIR "/g1e.log"));
    const std::size_t count = state().analysis()->trace->events.count();
    EXPECT_TRUE(soon([&] { return static_cast<std::size_t>(events.model()->rowCount()) == count; }));
}

TEST_F(ModelsTest, ALogWithNothingWrongSaysSo) {
    open(writeFile("clean.log", "✓ [PID 7] Allocated 4096 bytes of DRAM on device 0 (buffer_id=1024)\n"
                                "✗ [PID 7] Freed buffer 1024 on device 0 (4096 bytes, FINAL)\n"));
    EXPECT_EQ(view("findingsView").model()->rowCount(), 0);
    const auto* note = view("findingsView").findChild<QLabel*>();
    EXPECT_TRUE(soon([&] { return note->text() == "AllocLens found nothing wrong in this log."; }));
    EXPECT_TRUE(note->isVisible());
}

TEST(RowTableModel, MillionsOfRowsAreToldInPartsUntilAllAreThere) {
    const TableSpec spec = eventsTable();
    RowTableModel model(spec);
    const auto order = orderRows(1'500'000, nullptr, {}, false, {});
    ASSERT_TRUE(order);
    model.show({}, std::make_shared<const RowOrder>(*order));
    EXPECT_LT(model.rowCount(), 1'500'000);
    while (model.grow()) {}
    EXPECT_EQ(model.rowCount(), 1'500'000);
}

TEST(RowOrder, AFilteredRowIsFoundWhereItStands) {
    const RowFlags flags = test::flagsOf({0, 1, 1, 0, 1});
    const auto order = orderRows(flags.size(), &flags, {}, false, {});
    ASSERT_TRUE(order);
    EXPECT_EQ(order->rows, (std::vector<std::uint32_t>{1, 2, 4}));
    EXPECT_EQ(order->placeOf(4), 2U);
    EXPECT_EQ(order->placeOf(3), order->count);
    const auto sorted = orderRows(flags.size(), &flags, [](std::uint32_t row) { return row % 2; }, true, {});
    ASSERT_TRUE(sorted);
    EXPECT_EQ(sorted->rows, (std::vector<std::uint32_t>{1, 2, 4}));  // the odd one first, ties as they were
    EXPECT_EQ(sorted->placeOf(2), 1U);
}

TEST(RowOrder, IsThatOfAStableSortWhateverTheKeys) {
    constexpr std::uint32_t kRows = 200'000;
    std::mt19937_64 random(5);
    for (const unsigned shift : {63U, 40U, 20U, 0U}) {  // from two different keys to all of them
        std::vector<std::uint64_t> keys(kRows);
        for (std::uint64_t& key : keys) key = random() >> shift;
        keys[17] = kNoSize;
        std::vector<std::uint32_t> expected(kRows);
        std::iota(expected.begin(), expected.end(), 0U);
        const auto keyOf = [&keys](std::uint32_t row) { return keys[row]; };
        std::stable_sort(expected.begin(), expected.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return keys[a] < keys[b]; });
        const auto up = orderRows(kRows, nullptr, keyOf, false, {});
        ASSERT_TRUE(up);
        EXPECT_TRUE(up->rows == expected) << shift;
        std::stable_sort(expected.begin(), expected.end(), [&](std::uint32_t a, std::uint32_t b) {
            return keys[a] != keys[b] ? keys[a] > keys[b] : a < b;
        });
        const auto down = orderRows(kRows, nullptr, keyOf, true, {});
        ASSERT_TRUE(down);
        EXPECT_TRUE(down->rows == expected) << shift;
    }
}

TEST(RowOrder, NothingIsSortedOnceCancelled) {
    std::stop_source stop;
    stop.request_stop();
    const auto order = orderRows(
        100'000, nullptr, [](std::uint32_t row) -> std::uint64_t { return row; }, true,
        TaskContext(stop.get_token(), {}));
    ASSERT_FALSE(order);
    EXPECT_EQ(order.error().kind, ErrorKind::Cancelled);
}

}  // namespace
}  // namespace alloclens
