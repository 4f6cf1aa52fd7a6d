// SPDX-License-Identifier: GPL-3.0-or-later
//
// How tables of the window look and behave that are neither sorted nor filtered: whole rows, no grid, no frame, one
// line a row, keys and copying as in every list.
#pragma once

#include <initializer_list>

class QTableView;

namespace alloclens {

/// `digits`: the widths of the first columns, in digits of the font; the last column takes what is left.
void makePlainTable(QTableView& view, std::initializer_list<int> digits);

}  // namespace alloclens
