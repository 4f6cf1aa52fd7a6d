// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/importer.h"

#include <fmt/format.h>

#include <new>
#include <vector>

#include "core/base/memory.h"

namespace alloclens {
namespace {

std::string knownNames() {
    std::string names;
    for (const ImporterEntry entry : importers()) {
        if (!names.empty()) names += ", ";
        names += entry().name;
    }
    return names;
}

}  // namespace

Result<const Importer*> chooseImporter(const Input& input, const std::string& formatName) {
    std::vector<const Importer*> candidates;  // the surest
    Sniff surest = Sniff::Possible;
    for (const ImporterEntry entry : importers()) {
        const Importer& importer = entry();
        if (!formatName.empty()) {
            if (importer.name == formatName) return &importer;
            continue;
        }
        const Sniff verdict = importer.sniff(input);
        if (verdict < surest) continue;
        if (verdict > surest) candidates.clear();
        surest = verdict;
        candidates.push_back(&importer);
    }
    if (!formatName.empty()) {
        return Error{ErrorKind::Usage, fmt::format("'{}' is no known format", formatName), "--format",
                     fmt::format("Known are: {}.", knownNames())};
    }
    if (candidates.empty()) {
        return Error{
            ErrorKind::Format, "is of no known format", input.path(),
            fmt::format("Known are: {}. If it is one of them all the same, name it with --format.", knownNames())};
    }
    if (candidates.size() > 1) {
        return Error{ErrorKind::Format,
                     fmt::format("could be {} as well as {}", candidates[0]->name, candidates[1]->name), input.path(),
                     "Name the right one with --format."};
    }
    return candidates.front();
}

Result<std::shared_ptr<const Trace>> readTrace(const std::string& path, const std::string& formatName,
                                               const ReadOptions& options, const TaskContext& task) {
    try {
        auto input = Input::open(path, task);
        if (!input) return input.error();
        const auto importer = chooseImporter(*input, formatName);
        if (!importer) return importer.error();
        auto trace = (*importer)->read(std::move(*input), options, task);
        if (!trace) return trace.error();
        return std::shared_ptr<const Trace>(std::make_shared<Trace>(std::move(*trace)));
    } catch (const std::bad_alloc&) {
        return outOfMemory(path);
    }
}

}  // namespace alloclens
