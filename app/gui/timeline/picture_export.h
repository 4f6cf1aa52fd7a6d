// SPDX-License-Identifier: GPL-3.0-or-later
//
// The timeline as a file: overview, lanes and live bytes, as they are in the window, with the name of the log and the
// filter above them. The suffix of the path decides between PNG, SVG and PDF.
#pragma once

#include <QSize>
#include <QString>

#include "app/gui/document/view_state.h"
#include "core/base/result.h"

namespace alloclens {

class LanePlot;

/// `size` is in pixels of the window; a PNG has `scale` times as many. Whole or not at all. Errors: an unknown suffix,
/// a path that cannot be written, a full disk.
[[nodiscard]] Result<void> exportTimeline(LanePlot& plot, const ViewState& state, const QString& path, QSize size,
                                          double scale);

}  // namespace alloclens
