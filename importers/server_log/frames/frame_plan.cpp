// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/frames/frame_plan.h"

#include <algorithm>
#include <deque>

#include "importers/server_log/event_line.h"
#include "importers/server_log/plain_text.h"

namespace alloclens::server_log {
namespace {

constexpr std::size_t kHeadBytes = std::size_t{256} << 10;

/// What was tried, with the counts.
JoinCounts tried(const std::vector<std::string_view>& lines, const FramePlan& plan) {
    LineJoiner joiner(plan.frame, plan.options, [](std::string_view) {});
    for (const std::string_view line : lines) joiner.add(line);
    joiner.finish();
    return joiner.counts();
}

std::pair<std::size_t, std::uint64_t> commonest(const std::unordered_map<std::size_t, std::uint64_t>& widths) {
    std::pair<std::size_t, std::uint64_t> most{0, 0};
    for (const auto& [width, count] : widths) {
        if (count > most.second || (count == most.second && width > most.first)) most = {width, count};
    }
    return most;
}

/// Of a log without tags: whether its lines were wrapped at a width, cut off there, or left as pieces.
void planBare(const std::vector<std::string_view>& lines, FramePlan& plan) {
    const JoinCounts counts = tried(lines, plan);
    const auto [width, wrapped] = commonest(counts.widths);
    const auto [cutWidth, cut] = commonest(counts.cutWidths);
    const auto [cutBytes, cutAtByte] = commonest(counts.cutBytes);
    constexpr std::uint64_t kFewest = 2;
    constexpr std::size_t kNarrowest = 20;
    const std::uint64_t open = counts.joined + counts.leftOpen;
    if (width >= kNarrowest && wrapped >= kFewest && wrapped * 2 > counts.joined) {
        plan.options.wrapWidth = width;
        plan.isNeeded = true;
    } else if (counts.joined > kFewest && counts.joined * 2 > open) {
        plan.isNeeded = true;
    } else if (cutWidth >= kNarrowest && cut > kFewest && cut * 2 > counts.leftOpen && counts.widest == cutWidth) {
        plan.options.truncatedWidth = cutWidth;
        plan.isNeeded = true;
    } else if (cutBytes >= kNarrowest && cutAtByte > kFewest && cutAtByte * 2 > counts.leftOpen
               && counts.longest == cutBytes) {
        plan.options.truncatedBytes = cutBytes;
        plan.isNeeded = true;
    }
    plan.isNeeded = plan.isNeeded || counts.repeats > 0;
}

std::vector<std::string_view> linesOf(std::string_view text, bool isWhole) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t newline = text.find('\n');
        if (newline == std::string_view::npos && !isWhole && !lines.empty()) break;
        lines.push_back(text.substr(0, newline));
        text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    }
    return lines;
}

std::string_view plainText(std::string_view line, std::string& plain) {
    copyPlain(line, plain);
    return plain;
}

/// Whether lines look as if something stood before them or cut them, at a glance.
bool isSuspect(const std::vector<std::string_view>& lines) {
    constexpr std::size_t kLooked = 4096;
    std::size_t looked = 0;
    for (const std::string_view line : lines) {
        if (++looked > kLooked) break;
        const std::size_t head = line.find(kProcessHead);
        if (head == std::string_view::npos) {
            if (looked == 1 && line.starts_with('{')) return true;
            if (TextCoding::isSuspect(line)) return true;
            continue;
        }
        if (eventTextBegin(line) > 0) return true;
        EventMatch match;
        const Match found = matchEvent(line, head, match);
        if (found == Match::Torn) return true;
        if (found == Match::Event && line.find_first_not_of(" \t\r", match.end) != std::string_view::npos) return true;
    }
    return false;
}

}  // namespace

FramePlan planFrame(const std::vector<std::string_view>& raw, const std::string& stream) {
    std::deque<std::string> texts;
    std::vector<std::string_view> lines = raw;
    for (std::string_view& line : lines) {
        if (holdsControls(line)) line = plainText(line, texts.emplace_back());
    }
    FramePlan plan;
    plan.options.stream = stream;
    plan.frame = LineFrame::learn(lines);
    constexpr std::uint64_t kFewest = 2;
    switch (plan.frame.kind()) {
    case LineFrame::Kind::Bare: planBare(lines, plan); break;
    case LineFrame::Kind::Tagged: {
        FramePlan all = plan;
        all.options.stream.clear();
        const JoinCounts counts = tried(lines, all);
        const bool isCut = counts.tagsRemoved > 0 || counts.joined >= kFewest;
        plan.isNeeded = isCut || counts.repeats > 0 || counts.eventsOf.size() > 1 || plan.frame.hasOctal();
        break;
    }
    case LineFrame::Kind::Cri:
    case LineFrame::Kind::GitLab: plan.isNeeded = tried(lines, plan).joined > 0; break;
    case LineFrame::Kind::Json: plan.isNeeded = true; break;
    }
    plan.isNeeded = plan.isNeeded || plan.frame.isRespelled() || !stream.empty();
    return plan;
}

FramePlan planFromHead(const Input& input, const std::string& stream) {
    const std::string head = input.head(kHeadBytes);
    const std::vector<std::string_view> lines = linesOf(head, head.size() < kHeadBytes);
    if (stream.empty() && !isSuspect(lines)) return {};
    return planFrame(lines, stream);
}

FramePlan planFromDamage(const Input& input, const Damage& damage, const std::string& stream) {
    constexpr std::size_t kPlaces = 48;
    constexpr std::size_t kBytesBefore = 1024;
    constexpr std::size_t kBytes = std::size_t{8} << 10;
    std::vector<std::string> texts;
    texts.push_back(input.head(kHeadBytes / 4));
    const std::size_t step = damage.lines.size() / kPlaces + 1;
    std::uint64_t end = texts.back().size();
    for (std::size_t i = 0; i < damage.lines.size(); i += step) {
        const std::uint64_t offset = damage.lines[i].offset;
        if (offset + kBytes / 2 < end) continue;
        const std::uint64_t from = offset > kBytesBefore ? std::max(offset - kBytesBefore, end) : end;
        std::string text(kBytes, '\0');
        const auto got = input.readAt(from, text.data(), text.size());
        text.resize(got ? *got : 0);
        if (from > end) text.erase(0, std::min(text.find('\n'), text.size() - 1) + 1);
        end = from + (got ? *got : 0);
        texts.push_back(std::move(text));
    }
    std::vector<std::string_view> lines;
    for (const std::string& text : texts) {
        const std::vector<std::string_view> some = linesOf(text, false);
        lines.insert(lines.end(), some.begin(), some.end());
    }
    return planFrame(lines, stream);
}

}  // namespace alloclens::server_log
