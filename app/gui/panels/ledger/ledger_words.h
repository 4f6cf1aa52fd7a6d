// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the ledger says above its tables, as rich text: the grade, what it rests on, and the lines to look at as links
// of the form "line:15261".
#pragma once

#include <QString>

#include <cstdint>

#include "app/gui/look/theme.h"
#include "core/ledger/ledger.h"

namespace alloclens {

/// `isPart`: the file is still being read or written.
[[nodiscard]] QString ledgerHtml(const Ledger& ledger, bool isPart, const Theme& theme);
/// The same in short, as plain text: what the grade means, and the first divergence.
[[nodiscard]] QString ledgerTip(const Ledger& ledger);
/// The line of such a link; 0 if it is none.
[[nodiscard]] std::uint32_t lineOfLink(const QString& link);

}  // namespace alloclens
