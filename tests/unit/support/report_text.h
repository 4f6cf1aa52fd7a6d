// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reports of an analysis as strings and as parsed JSON.
#pragma once

#include <nlohmann/json.hpp>

#include <sstream>
#include <string>
#include <string_view>

#include "core/report/report.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens::test {

/// The report with the given input; the program stops where there is none or it fails.
[[nodiscard]] inline std::string reportText(std::string_view subject, std::string_view format, ReportInput input) {
    const Report* report = findReport(subject, format);
    if (report == nullptr) stop("no report " + std::string(subject) + " as " + std::string(format));
    std::ostringstream out;
    if (const auto done = report->write(input, out); !done) stop(done.error().sentence());
    return out.str();
}

[[nodiscard]] inline std::string reportText(std::string_view subject, std::string_view format,
                                            const Analysis& analysis) {
    ReportInput input;
    input.analysis = &analysis;
    return reportText(subject, format, input);
}

[[nodiscard]] inline nlohmann::json reportJson(std::string_view subject, const Analysis& analysis) {
    auto json = nlohmann::json::parse(reportText(subject, "json", analysis), nullptr, false);
    if (json.is_discarded()) stop("the report " + std::string(subject) + " is not valid JSON");
    return json;
}

}  // namespace alloclens::test
