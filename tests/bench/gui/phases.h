// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is done with the window, one function a group of phases, each of which adds its rows to the report.
#pragma once

#include <QString>

#include <vector>

#include "tests/bench/gui/bench_window.h"
#include "tests/bench/gui/growing_file.h"
#include "tests/bench/gui/report.h"
#include "tests/support/timed_views.h"

namespace alloclens::bench {

// timeline_phases.cpp
/// Opens a file: to the first picture, to the picture of all of it.
void measureLoading(BenchWindow& window, Report& report, const QString& path);
/// In each view as many steps of panning and of zooming.
void measureViews(BenchWindow& window, Report& report, const std::vector<const test::TimedView*>& views, int frames);
void measureThemes(BenchWindow& window, Report& report);

// follow_phase.cpp
/// Follows a file into which the lines of another are written, or its events as a native trace, and holds the findings
/// against those of the finished file. A step is the time from one picture of what has come to the next.
void measureFollowing(BenchWindow& window, Report& report, const QString& path, GrowthPace pace, bool isNative);

// panel_phases.cpp
void measureFilters(BenchWindow& window, Report& report);
void measureTyping(BenchWindow& window, Report& report);
void measureSelection(BenchWindow& window, Report& report);
void measureTables(BenchWindow& window, Report& report);
void measureSearch(BenchWindow& window, Report& report);

}  // namespace alloclens::bench
