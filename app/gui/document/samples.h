// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the sample logs are: beside an installed program, or in the source tree while it is being developed.
#pragma once

#include <QString>
#include <QStringList>

namespace alloclens {

/// The folder of the samples; empty if there is none.
[[nodiscard]] QString samplesFolder();
/// The log that "Open sample" opens; empty if it is not there.
[[nodiscard]] QString sampleLog();
/// All samples: that log first, then one small log for each server generation.
[[nodiscard]] QStringList sampleLogs();

}  // namespace alloclens
