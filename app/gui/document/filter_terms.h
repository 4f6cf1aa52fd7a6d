// SPDX-License-Identifier: GPL-3.0-or-later
//
// Edits a filter's text the way a click does: reads and replaces the values of one term and leaves everything else
// that the person typed as it is. It knows words, quotes and patterns, not what the terms mean.
#pragma once

#include <QString>
#include <QStringList>

namespace alloclens {

/// The values of the terms `name:...` that are not negated: "device:1,4 -device:0" has 1 and 4.
[[nodiscard]] QStringList filterTermValues(const QString& text, const QString& name);
/// The text with these values in place of those; without values the term goes away.
[[nodiscard]] QString withFilterTermValues(const QString& text, const QString& name, const QStringList& values);
/// Whether a number is among the values, which may be ranges: "0..3".
[[nodiscard]] bool valuesContain(const QStringList& values, const QString& value);

}  // namespace alloclens
