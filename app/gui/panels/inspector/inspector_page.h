// SPDX-License-Identifier: GPL-3.0-or-later
//
// An InspectorStory as rich text for labels, in a theme's colours. Its links read "event:14011", "lifetime:3",
// "finding:7", "address:12", "line:15261"; followStoryLink does what they say.
#pragma once

#include <QString>

#include "app/gui/panels/inspector/inspector_story.h"

namespace alloclens {

struct Theme;

[[nodiscard]] QString storyHeadHtml(const InspectorStory& story, const Theme& theme);
[[nodiscard]] QString storyEventsHtml(const InspectorStory& story, const Theme& theme);
/// Long lists begin with a few rows and the link "all:", unless `isWhole`: laying out rich text takes about a
/// millisecond a row.
[[nodiscard]] QString storyLifetimesHtml(const InspectorStory& story, const Theme& theme, bool isWhole);

/// Selects what a link of the story names and brings it into sight.
void followStoryLink(ViewState& state, const InspectorStory& story, const QString& link);

}  // namespace alloclens
