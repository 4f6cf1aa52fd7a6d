// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the window shows of the names and stacks of events: of a capture that has them, of a log nowhere.
#include <QTableView>

#include "app/gui/panels/inspector/inspector.h"
#include "tests/unit/support/named_capture.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class AttributesTest : public WindowTest {
protected:
    void openNamed() {
        const std::string bytes = test::namedDoubleFree();
        open(writeFile("named.capture", QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()))));
    }
    [[nodiscard]] QTableView& events() { return dynamic_cast<QTableView&>(view("eventsView")); }
    [[nodiscard]] QString cell(int row, const QString& title, int role = Qt::DisplayRole) {
        return cellUnder(events(), row, title, role);
    }
    [[nodiscard]] QString inspectorText(const QString& expected) {
        auto* inspector = window->findChild<Inspector*>("inspector");
        EXPECT_TRUE(soon([&] { return inspector->shownText().contains(expected); }))
            << inspector->shownText().toStdString();
        return inspector->shownText();
    }
};

TEST_F(AttributesTest, TheEventsHaveColumnsForThemWhereThereAreAny) {
    openNamed();
    trigger(Command::ShowEvents);
    ASSERT_TRUE(soon([&] { return events().model()->rowCount() == 4; }));
    EXPECT_EQ(cell(0, "Name"), "layer 1, weights");
    EXPECT_EQ(cell(0, "Stack"), "allocate() at buffer.cpp:11; forward() at model.cpp:5");
    EXPECT_EQ(cell(3, "Stack"), "finish at cleanup.py:9");
    openSample();
    ASSERT_TRUE(soon([&] { return events().model()->rowCount() > 4; }));
    EXPECT_TRUE(cell(0, "Name").isNull());
    EXPECT_TRUE(cell(0, "Stack").isNull());
}

TEST_F(AttributesTest, TheInspectorTellsTheStacksOfADoubleFree) {
    openNamed();
    const auto& rows = state().analysis()->findings.rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].kind == static_cast<std::uint8_t>(FindingKind::DoubleFree)) state().selectFinding(FindingId(i));
    }
    const QString text = inspectorText("finish at cleanup.py:9");
    EXPECT_TRUE(text.contains("layer 1, weights"));
    EXPECT_TRUE(text.contains("allocate() at buffer.cpp:11\nforward() at model.cpp:5")) << text.toStdString();
    EXPECT_TRUE(text.contains("release() at buffer.cpp:40"));
}

TEST_F(AttributesTest, CallsThatAreAlikeAreToldOnce) {
    const std::string bytes = test::named(test::allocation(4, 4096, 2048, 7), "", "#0 work() at a.cpp:1\n")
                              + test::named(test::release(4, 4096, 7), "", "#0 work() at a.cpp:1\n");
    open(writeFile("alike.capture", QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()))));
    state().selectEvent(EventId(1U));
    const QString text = inspectorText("the same calls as");
    EXPECT_EQ(text.count("work() at a.cpp:1"), 1) << text.toStdString();
}

TEST_F(AttributesTest, TheFilterFindsThem) {
    openNamed();
    trigger(Command::ShowEvents);
    filter("stack:cleanup");
    ASSERT_TRUE(soon([&] { return events().model()->rowCount() == 1; }));
    EXPECT_EQ(cell(0, "Stack"), "finish at cleanup.py:9");
}

}  // namespace
}  // namespace alloclens
