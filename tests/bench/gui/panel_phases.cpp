// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemView>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QTest>

#include <algorithm>
#include <memory>

#include "app/gui/panels/inspector/inspector.h"
#include "tests/bench/gui/phases.h"

namespace alloclens::bench {
namespace {

/// From `change` until `watched` has been painted and the event loop is free again.
double paintAfter(BenchWindow& window, const PaintCount& watched, const std::function<void()>& change) {
    const int before = watched.all();
    QElapsedTimer timer;
    timer.start();
    change();
    window.waitFor(QStringLiteral("a panel to be painted"), [&] { return watched.all() != before; });
    return milliseconds(timer);
}

/// From Enter in the filter line to the picture of what passes, and to its curve of live bytes.
struct FilterTimes {
    double picture;
    double all;
};

FilterTimes filterOnce(BenchWindow& window, const QString& text) {
    auto& edit = window.child<QLineEdit>("filterEdit");
    edit.setText(text);  // no completion, no pause in which more could be typed
    const auto before = window.state().filterResult();
    int pictures = -1;
    const QObject listener;
    QObject::connect(&window.state(), &ViewState::filterChanged, &listener, [&] { pictures = window.lanes().exact(); });
    QElapsedTimer timer;
    timer.start();
    QTest::keyClick(&edit, Qt::Key_Return);
    window.waitFor(QStringLiteral("the filter \"%1\"").arg(text),
                   [&] { return pictures >= 0 && window.state().filterResult() != before; });
    const double picture = window.exactPicture(timer, pictures);
    return {picture, std::max(picture, window.everything(timer))};
}

QStringList filtersFor(const Analysis& analysis) {
    const auto& keys = analysis.trace->addresses;
    const AddressKey low = keys.empty() ? AddressKey{} : keys[keys.size() / 3];
    const AddressKey high = keys.empty() ? AddressKey{} : keys[keys.size() * 2 / 3];
    const auto [from, to] = std::minmax(low.address, high.address);
    return {QStringLiteral("device:%1").arg(high.device),
            QStringLiteral("address:%1..%2").arg(from).arg(to),
            QStringLiteral("kind:double-free"),
            QStringLiteral("lifecycle:/FU+/"),
            QStringLiteral("size:>64KiB"),
            QStringLiteral("memory:L1 -kind:leak"),
            QStringLiteral("text:FINAL")};
}

struct Table {
    Command command;
    const char* view;
    const char* name;
};

constexpr Table kTables[] = {{Command::ShowFindings, "findingsView", "findings"},
                             {Command::ShowEvents, "eventsView", "events"},
                             {Command::ShowAddresses, "addressesView", "addresses"}};

QHeaderView& headerOf(QAbstractItemView& view) {
    for (auto* header : view.findChildren<QHeaderView*>()) {
        if (header->orientation() == Qt::Horizontal) return *header;
    }
    stop(QStringLiteral("a table has no heading"));
}

/// From the click on a heading until the rows stand in the new order.
double sortOnce(BenchWindow& window, QAbstractItemView& view, const PaintCount& painted, int column,
                Qt::SortOrder order) {
    int paintsBefore = -1;
    const QObject listener;
    const auto noteChange = [&] { paintsBefore = painted.all(); };
    QObject::connect(view.model(), &QAbstractItemModel::modelReset, &listener, noteChange);
    QObject::connect(view.model(), &QAbstractItemModel::layoutChanged, &listener, noteChange);
    QElapsedTimer timer;
    timer.start();
    headerOf(view).setSortIndicator(column, order);
    window.waitFor(QStringLiteral("the sorted rows to be painted"),
                   [&] { return paintsBefore >= 0 && painted.all() != paintsBefore; });
    return milliseconds(timer);
}

}  // namespace

void measureFilters(BenchWindow& window, Report& report) {
    constexpr int kTimes = 3;
    for (const QString& text : filtersFor(*window.state().analysis())) {
        Phase set = window.begin(QStringLiteral("filter ") + text);
        for (int i = 0; i < kTimes; ++i) {
            const FilterTimes times = filterOnce(window, text);
            set.steps.add(times.picture);
            set.exact.add(times.all);
            window.settle();
            static_cast<void>(filterOnce(window, {}));
            window.settle();
        }
        report.add(window.end(std::move(set)));
    }
}

void measureTyping(BenchWindow& window, Report& report) {
    auto& edit = window.child<QLineEdit>("filterEdit");
    const PaintCount painted(edit);
    edit.setFocus();
    Phase phase = window.begin(QStringLiteral("typing in the filter line, a key"));
    for (const QChar letter : QStringLiteral("device:4 kind:double-free size:>1MiB")) {
        phase.steps.add(paintAfter(window, painted, [&] { QTest::keyClick(&edit, letter.toLatin1()); }));
    }
    window.waitFor(QStringLiteral("the typed filter"), [&] {
        return window.state().filterText() == edit.text().trimmed() && window.state().filterResult();
    });
    window.settle();
    report.add(window.end(std::move(phase)));
    static_cast<void>(filterOnce(window, {}));
}

void measureSelection(BenchWindow& window, Report& report) {
    constexpr std::size_t kTimes = 40;
    const std::size_t findings = window.state().analysis()->findings.rows.size();
    const auto& inspector = window.child<Inspector>("inspector");
    window.trigger(Command::ShowFindings);
    Phase phase = window.begin(QStringLiteral("finding selected, to the inspector"));
    for (std::size_t i = 0; i < std::min(findings, kTimes); ++i) {
        const QString before = inspector.shownHtml();
        QElapsedTimer timer;
        timer.start();
        window.state().selectFinding(FindingId(i * findings / std::min(findings, kTimes)));
        window.waitFor(QStringLiteral("the inspector"), [&] { return inspector.shownHtml() != before; });
        phase.steps.add(milliseconds(timer));
        window.settle();
    }
    window.state().clearSelection();
    report.add(window.end(std::move(phase)));
}

void measureTables(BenchWindow& window, Report& report) {
    constexpr int kColumns = 3;
    constexpr int kScrollSteps = 30;
    for (const Table& table : kTables) {
        window.trigger(table.command);
        auto& view = window.child<QAbstractItemView>(table.view);
        const PaintCount painted(*view.viewport());
        const QString name = QLatin1String(table.name);
        Phase sort = window.begin(QStringLiteral("sort ") + name);
        for (int column = 0; column < std::min(kColumns, headerOf(view).count()); ++column) {
            for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
                sort.steps.add(sortOnce(window, view, painted, column, order));
                window.settle();
            }
        }
        headerOf(view).setSortIndicator(-1, Qt::AscendingOrder);
        window.settle();
        report.add(window.end(std::move(sort)));

        QScrollBar& bar = *view.verticalScrollBar();
        if (bar.maximum() < kScrollSteps) continue;
        Phase scroll = window.begin(QStringLiteral("scroll ") + name);
        for (int i = 1; i <= kScrollSteps; ++i) {
            const auto place = static_cast<int>(std::int64_t{bar.maximum()} * i / kScrollSteps);
            scroll.steps.add(paintAfter(window, painted, [&] { bar.setValue(place); }));
        }
        report.add(window.end(std::move(scroll)));
    }
}

void measureSearch(BenchWindow& window, Report& report) {
    constexpr int kTimes = 3;
    window.trigger(Command::ShowSource);
    window.trigger(Command::Find);
    auto& edit = window.child<QLineEdit>("findEdit");
    const QLabel* words = edit.parentWidget()->findChild<QLabel*>();
    if (words == nullptr) stop(QStringLiteral("the search has no place for its answer"));
    const auto search = [&](const QString& text) {
        edit.setText(text);
        const QString before = words->text();
        QElapsedTimer timer;
        timer.start();
        QTest::keyClick(&edit, Qt::Key_Return);
        window.waitFor(QStringLiteral("the search for \"%1\"").arg(text), [&] {
            const QString now = words->text();
            return now != before && (now.startsWith(QLatin1String("line ")) || now == QLatin1String("not found"));
        });
        const double answered = milliseconds(timer);
        window.settle();
        return answered;
    };
    Phase next = window.begin(QStringLiteral("search, next match"));
    for (int i = 0; i < kTimes; ++i) next.steps.add(search(QStringLiteral("unknown buffer")));
    report.add(window.end(std::move(next)));
    Phase whole = window.begin(QStringLiteral("search through the whole source"));
    whole.steps.add(search(QStringLiteral("no line has this")));
    report.add(window.end(std::move(whole)));
}

}  // namespace alloclens::bench
