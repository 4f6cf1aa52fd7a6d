// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything that the inspector says about a selection, gathered from the analysis and the source's lines. Made by a
// job, since it reads the file and may look at every finding; a plain value that a test can read.
#pragma once

#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "app/gui/document/view_state.h"
#include "core/analysis/analysis.h"

namespace alloclens {

struct StoryEvent {
    QString role;  ///< "allocated", "freed again" ...
    EventId event;
    std::uint32_t line = 0;
    QString text;  ///< verbatim, or why it cannot be read
    bool isRefused = false;
    QString time;    ///< empty where the source has none at all
    QString sender;  ///< likewise
};

/// What a source tells of one event beside its line: its name, and the calls that led to it.
struct StoryAttributes {
    QString role;  ///< of the event
    EventId event;
    std::vector<std::pair<QString, QString>> texts;  ///< what it is, and its value
    std::vector<QString> calls;                      ///< the innermost first
    QString sameCallsAs;                             ///< the role of an event before it that has the same calls
};

/// A cause that a refused free may have.
struct StoryCause {
    QString words;  ///< with its confidence
    std::vector<QString> evidenceFor;
    std::vector<QString> evidenceAgainst;
};

struct StoryLifetime {
    LifetimeId id;
    QString name;  ///< "g17"
    QString sentence;
    bool isSelected = false;
};

struct StoryFinding {
    FindingId id;
    QString text;
    bool isSelected = false;
};

struct StorySibling {
    AddressId id;
    QString device;
    QString lifecycle;
    QString state;
};

/// Some events of the address side by side: one each while they are few, several where they crowd.
struct StoryStep {
    EventId event;                 ///< the first of them
    std::uint32_t depth = 0;       ///< the greatest behind any of them
    std::optional<Blame> refused;  ///< of a refused free, the gravest of several
    bool isSelected = false;
};

struct InspectorStory {
    std::shared_ptr<const Analysis> analysis;
    QString title;  ///< "0x296dd000·g1"
    QString place;  ///< "device 4"
    std::vector<std::pair<QString, QString>> facts;
    QString findingTitle;
    QString findingHelp;
    std::vector<StoryEvent> events;
    std::vector<StoryAttributes> attributes;  ///< of these events, and of those that begin and end the lifetime
    std::vector<QString> contradictions;
    QString verdict;                 ///< of a refused free: the cause, or those that may be
    bool isFirstTold = false;        ///< the verdict names the first of the causes already
    std::optional<Blame> blame;      ///< of a refused free: what follows from the cause
    std::vector<StoryCause> causes;  ///< all candidates, the likeliest first
    QString surplus;  ///< of a refused free: how long after the release, and whether another than the owner sent it
    std::vector<StoryFinding> findings;  ///< of the address
    std::uint64_t moreFindings = 0;
    std::vector<StoryStep> steps;
    std::uint32_t peakDepth = 0;
    Memory memory = Memory::Unknown;
    std::vector<StoryLifetime> lifetimes;
    std::uint64_t moreLifetimes = 0;
    std::vector<StorySibling> siblings;
    std::uint64_t moreSiblings = 0;
};

[[nodiscard]] Result<InspectorStory> tellStory(const std::shared_ptr<const Analysis>& analysis,
                                               const Selection& selection, const TaskContext& task);

}  // namespace alloclens
