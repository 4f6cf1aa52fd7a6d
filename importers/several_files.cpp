// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads the parts of one log as one text: opens them, drops duplicates, orders them, and mends the seams between them.
#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <sys/stat.h>
#include <utility>
#include <vector>

#include "core/base/memory.h"
#include "importers/file_order.h"
#include "importers/importer.h"
#include "importers/seam.h"

namespace alloclens {
namespace {

std::string bytesOf(const Input& input, std::uint64_t offset, std::uint64_t size) {
    std::string bytes(static_cast<std::size_t>(size), '\0');
    const auto got = input.readAt(offset, bytes.data(), bytes.size());
    bytes.resize(got ? *got : 0);
    return bytes;
}

bool areSame(const Input& a, const Input& b) {
    if (a.size() != b.size()) return false;
    constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
    for (std::uint64_t at = 0; at < a.size(); at += kPiece) {
        if (bytesOf(a, at, kPiece) != bytesOf(b, at, kPiece)) return false;
    }
    return true;
}

bool isEmptyFile(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0
           && !std::string_view(path).starts_with("/proc/");
}

/// The opened files, and notes about them.
struct Opened {
    std::vector<Input> parts;
    std::vector<std::string> notes;
};

Result<void> checkIsText(const Input& input, const std::string& formatName, const ReadOptions& options) {
    const auto importer = chooseImporter(input, formatName, options.formatOption);
    if (!importer) return importer.error();
    if ((*importer)->isText) return {};
    return Error{ErrorKind::Usage, fmt::format("has the format '{}' and is not a text log", (*importer)->name),
                 input.path(), "Only the parts of a text log can be read as one log. Read this file alone."};
}

// A compressed copy of a file is a duplicate of it too.
Result<Opened> openAll(const std::vector<std::string>& paths, const std::string& formatName, const ReadOptions& options,
                       const TaskContext& task) {
    Opened opened;
    if (std::count(paths.begin(), paths.end(), "-") > 1) {
        return Error{ErrorKind::Usage, "is named more than once", "standard input", "Name it once."};
    }
    for (const std::string& path : paths) {
        if (isEmptyFile(path)) {
            opened.notes.push_back(fmt::format("{}: is empty and was left out.", path));
            continue;
        }
        auto input = Input::open(path, task);
        if (!input) return input.error();
        if (const auto isText = checkIsText(*input, formatName, options); !isText) return isText.error();
        const auto same = std::find_if(opened.parts.begin(), opened.parts.end(),
                                       [&input](const Input& part) { return areSame(part, *input); });
        if (same != opened.parts.end()) {
            opened.notes.push_back(
                fmt::format("{}: has the same content as {} and was left out.", input->path(), same->path()));
            continue;
        }
        opened.parts.push_back(std::move(*input));
    }
    if (opened.parts.empty()) {
        return Error{ErrorKind::Input, "is empty, and so are the other files", paths.front(),
                     "Check that the server wrote to it."};
    }
    return opened;
}

Result<Input> joined(std::vector<Input> parts) {
    std::vector<bool> hasNewlines(parts.size(), false);
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        hasNewlines[i] = seamBetween(parts[i], parts[i + 1]) == Seam::Unended;
    }
    return Input::ofParts(std::move(parts), hasNewlines);
}

std::string listed(const std::vector<Input>& parts) {
    std::string names;
    for (const Input& part : parts) names += (names.empty() ? "" : ", ") + part.path();
    return names;
}

}  // namespace

Result<ReadFiles> readTraceOfFiles(const std::vector<std::string>& paths, bool findsOrder,
                                   const std::string& formatName, const ReadOptions& options, const TaskContext& task) {
    try {
        if (paths.size() == 1) {
            auto trace = readTrace(paths.front(), formatName, options, task);
            if (!trace) return trace.error();
            return ReadFiles{std::move(*trace), {}};
        }
        auto opened = openAll(paths, formatName, options, task);
        if (!opened) return opened.error();
        if (findsOrder && opened->parts.size() > 1) {
            const auto order = findOrder(opened->parts, options, task);
            if (!order) return order.error();
            std::vector<Input> sorted;
            for (const std::size_t part : order->parts) sorted.push_back(std::move(opened->parts[part]));
            opened->parts = std::move(sorted);
            opened->notes.push_back(fmt::format("Read in this order, {}: {}.", order->reason, listed(opened->parts)));
        }
        auto input = joined(std::move(opened->parts));
        if (!input) return input.error();
        const auto importer = chooseImporter(*input, formatName, options.formatOption);
        if (!importer) return importer.error();
        auto trace = (*importer)->read(std::move(*input), options, task);
        if (!trace) return trace.error();
        return ReadFiles{std::make_shared<Trace>(std::move(*trace)), std::move(opened->notes)};
    } catch (const std::bad_alloc&) {
        return outOfMemory(paths.front());
    }
}

}  // namespace alloclens
