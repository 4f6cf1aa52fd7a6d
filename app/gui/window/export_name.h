// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an export is called before anybody names it: the log, the filter if there is one, the format. A table of comma-
// separated values has no place to say its filter that programs would not take for a row, so its name does. Pure.
#pragma once

#include <QString>

namespace alloclens {

/// "reference.device=4_kind=double-free.csv". Letters of the filter that some file system does not take are replaced;
/// a very long filter is cut.
[[nodiscard]] QString exportName(const QString& sourcePath, const QString& filter, const QString& suffix);

}  // namespace alloclens
