// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document/selection_text.h"

#include <QStringList>

#include "app/gui/look/words.h"
#include "core/wording/story.h"

namespace alloclens {

QString selectionText(const Analysis& analysis, const Selection& selection) {
    QStringList parts;
    if (selection.address.isValid()) {
        const std::uint32_t generation = selection.lifetime.isValid()
                                             ? analysis.replay.lifetime(selection.lifetime).generation
                                             : 0;
        parts += QStringLiteral("device %1  %2")
                     .arg(deviceText(analysis, selection.address),
                          lifetimeText(analysis, selection.address, generation));
    }
    if (selection.event.isValid()) parts += QStringLiteral("event ") + eventNumberText(selection.event);
    if (selection.event.isValid() && analysis.trace->hasTime()) {
        parts += toQString(timeText(*analysis.trace, selection.event));
    }
    if (selection.line != 0) parts += QStringLiteral("line ") + countText(selection.line);
    return parts.join(QStringLiteral(" · "));
}

}  // namespace alloclens
