// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/importer.h"

#include <fmt/format.h>

#include <new>
#include <vector>

#include "core/base/memory.h"
#include "importers/foreign_file.h"

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

namespace {

Result<const Importer*> importerOfName(const std::string& name, std::string_view option) {
    for (const ImporterEntry entry : importers()) {
        if (entry().name == name) return &entry();
    }
    return Error{ErrorKind::Usage, fmt::format("'{}' is not a known format", name), std::string(option),
                 fmt::format("Known formats: {}.", knownNames())};
}

std::string howToForce(std::string_view option, std::string_view what, std::string_view name) {
    return option.empty() ? std::string() : fmt::format(" To force {}, use {} {}.", what, option, name);
}

}  // namespace

Result<const Importer*> chooseImporter(const Input& input, const std::string& formatName,
                                       std::string_view formatOption) {
    if (!formatName.empty()) return importerOfName(formatName, formatOption);
    if (const auto foreign = foreignFileIn(input)) {
        return Error{ErrorKind::Format, foreign->what, input.path(),
                     foreign->advice
                         + (foreign->isText ? howToForce(formatOption, "it", "server-log") : std::string())};
    }
    std::vector<const Importer*> candidates;  // those that are surest
    Sniff surest = Sniff::Possible;
    for (const ImporterEntry entry : importers()) {
        const Importer& importer = entry();
        const Sniff verdict = importer.sniff(input);
        if (verdict < surest) continue;
        if (verdict > surest) candidates.clear();
        surest = verdict;
        candidates.push_back(&importer);
    }
    if (candidates.empty()) {
        // A copy that failed may have ended before there was enough to recognise.
        if (const auto more = input.bytesFrom(input.sizeSoFar(), 1); !more) return more.error();
        return Error{ErrorKind::Format, "has an unknown format", input.path(),
                     fmt::format("Known formats: {}.{}", knownNames(), howToForce(formatOption, "one", "NAME"))};
    }
    if (candidates.size() > 1) {
        return Error{
            ErrorKind::Format, fmt::format("could be {} or {}", candidates[0]->name, candidates[1]->name), input.path(),
            formatOption.empty()
                ? std::string("To choose one, run 'alloclens-cli convert' with --input-format and open the result.")
                : fmt::format("Choose one with {}.", formatOption)};
    }
    return candidates.front();
}

Result<std::shared_ptr<const Trace>> readTrace(const std::string& path, const std::string& formatName,
                                               const ReadOptions& options, const TaskContext& task) {
    try {
        auto input = Input::open(path, task);
        if (!input) return input.error();
        const auto importer = chooseImporter(*input, formatName, options.formatOption);
        if (!importer) return importer.error();
        if ((*importer)->isText) input->leaveOutHoles();
        auto trace = (*importer)->read(std::move(*input), options, task);
        if (!trace) return trace.error();
        return std::shared_ptr<const Trace>(std::make_shared<Trace>(std::move(*trace)));
    } catch (const std::bad_alloc&) {
        return outOfMemory(path);
    }
}

}  // namespace alloclens
