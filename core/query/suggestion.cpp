// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/suggestion.h"

#include <algorithm>
#include <numeric>

#include "core/query/term.h"

namespace alloclens::query {
namespace {

std::string normalised(std::string_view name) {
    std::string text = foldCase(name);
    std::replace(text.begin(), text.end(), '_', '-');
    return text;
}

// Levenshtein distance, computed one table row at a time.
std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string_view closestName(std::string_view typed, std::span<const std::string_view> names) {
    constexpr std::size_t kLongest = 40;  // longer texts are not close to any name
    if (typed.empty() || typed.size() > kLongest) return {};
    const std::string wanted = normalised(typed);
    std::string_view best;
    std::size_t bestDistance = std::max<std::size_t>(1, wanted.size() / 3) + 1;
    for (const std::string_view name : names) {
        const std::size_t distance = editDistance(wanted, normalised(name));
        if (distance < std::min(bestDistance, name.size())) {
            best = name;
            bestDistance = distance;
        }
    }
    if (!best.empty()) return best;
    const auto prefixed = std::find_if(names.begin(), names.end(), [&](std::string_view name) {
        return wanted.size() > 1 && normalised(name).starts_with(wanted);
    });
    return prefixed == names.end() ? std::string_view{} : *prefixed;
}

std::string listOfNames(std::span<const std::string_view> names) {
    std::string list;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) list += i + 1 == names.size() ? " or " : ", ";
        list += names[i];
    }
    return list;
}

std::vector<std::string_view> memoryNames() {
    std::vector<std::string_view> names;
    names.reserve(kMemoryCount);
    for (int i = 0; i < kMemoryCount; ++i) names.push_back(memoryName(static_cast<Memory>(i)));
    return names;
}

std::vector<std::string_view> kindNames() {
    std::vector<std::string_view> names;
    for (const FindingKindInfo& kind : findingKinds()) names.push_back(kind.name);
    for (int i = 0; i < kEventKindCount; ++i) names.push_back(eventKindName(static_cast<EventKind>(i)));
    return names;
}

std::vector<std::string_view> causeNames() {
    std::vector<std::string_view> names;
    names.reserve(kCauseCount);
    for (int i = 1; i < kCauseCount; ++i) names.push_back(causeName(static_cast<Cause>(i)));
    names.push_back(causeName(Cause::Undetermined));
    return names;
}

std::vector<std::string_view> fieldNames() {
    std::vector<std::string_view> names;
    names.reserve(kFieldCount);
    for (int i = 0; i < kFieldCount; ++i) names.push_back(fieldName(static_cast<Field>(i)));
    return names;
}

}  // namespace alloclens::query
