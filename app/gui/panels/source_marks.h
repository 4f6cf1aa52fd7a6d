// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the source panel draws beside a line: whether it holds events, whether one of them was refused, and the role it
// plays in the selected finding. Found by bisection, so any file size costs the same.
#pragma once

#include <QString>

#include "app/gui/view_state.h"

namespace alloclens {

struct LineMark {
    bool hasEvent = false;
    bool isRefused = false;
    QString role;  ///< "allocated", "freed" ...; empty if it plays none
};

[[nodiscard]] LineMark markOfLine(const ViewState& state, std::uint32_t line);

}  // namespace alloclens
