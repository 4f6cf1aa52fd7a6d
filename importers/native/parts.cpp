// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <limits>
#include <utility>
#include <vector>

#include "core/base/json.h"

namespace alloclens::native {
namespace {

std::string nameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }  // npos + 1 is 0

std::string textOf(const nlohmann::json& object, const char* key) {
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// What stands before and behind the number of a part, from the name of the first.
std::pair<std::string, std::string> stemAndEnding(const std::string& path) {
    const std::size_t name = path.rfind('/') + 1;
    const std::size_t dot = path.rfind('.');
    const bool hasEnding = dot != std::string::npos && dot > name;
    return {path.substr(0, hasEnding ? dot : path.size()), hasEnding ? path.substr(dot) : std::string()};
}

// The description is the first block, so the rest of a file that is something else is not looked at.
Result<RunPart> runPartOf(const ReadBytes& read, std::uint64_t fileBytes, const std::string& path) {
    Layout begun;
    if (const auto header = readFileHeader(read, fileBytes, path, begun); !header) return header.error();
    const Error none{ErrorKind::Format, "does not name its recording", path, {}};
    std::string bytes(kBlockHeaderBytes, '\0');
    const auto got = read(kFileHeaderBytes, bytes.data(), bytes.size());
    if (!got) return got.error();
    const auto header = *got == bytes.size() ? takeBlockHeader(bytes) : std::nullopt;
    if (!header) return none;
    const BlockPlace place{kFileHeaderBytes, *header};
    if (!place.is(BlockType::Description) || place.end() > fileBytes) return none;
    PayloadBuffers buffers;
    const auto payload = readPayload(read, place, buffers);
    if (!payload) return payload.error();
    Description description;
    if (!payload->damage.empty() || !readDescription(payload->bytes, description)) return none;
    const auto part = runPartOf(description);
    if (!part) return none;
    return *part;
}

/// The numbers in the names of files beside the first part that are called as its parts are, and larger than `last`.
std::vector<unsigned> partsNamedBehind(const std::string& path, unsigned last) {
    const auto [stem, ending] = stemAndEnding(nameOf(path));
    constexpr std::size_t kMost = 10'000;
    std::vector<unsigned> numbers;
    std::error_code failure;
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    for (std::filesystem::directory_iterator at(folder.empty() ? "." : folder, failure), end;
         !failure && at != end && numbers.size() < kMost; at.increment(failure)) {
        const std::string name = at->path().filename().string();
        unsigned number = 0;
        const char* const digits = name.data() + std::min(stem.size() + 1, name.size());
        std::from_chars(digits, name.data() + name.size(), number);
        if (number > last && name == stem + '.' + std::to_string(number) + ending) numbers.push_back(number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

}  // namespace

std::string partPath(const std::string& path, unsigned part) {
    if (part == 1) return path;
    const auto [stem, ending] = stemAndEnding(path);
    return fmt::format("{}.{}{}", stem, part, ending);
}

std::optional<RunPart> runPartOf(const Description& description) {
    const auto json = parseJson<nlohmann::json>(description.json);
    if (!json.is_object()) return std::nullopt;
    const auto run = json.find("run");
    const auto part = json.find("part");
    if (run == json.end() || !run->is_string() || part == json.end() || !part->is_number_unsigned())
        return std::nullopt;
    const auto number = part->get<std::uint64_t>();
    if (number == 0 || number > std::numeric_limits<unsigned>::max()) return std::nullopt;
    return RunPart{run->get<std::string>(), static_cast<unsigned>(number)};
}

std::vector<std::string> furtherParts(const std::string& path) {
    const auto partAt = [](const std::string& name) -> std::optional<RunPart> {
        std::error_code failure;  // of what is missing; a pipe would be waited for
        const auto bytes = std::filesystem::is_regular_file(name, failure) ? std::filesystem::file_size(name, failure)
                                                                           : 0;
        const FileHandle file(bytes > 0 && !failure ? ::open(name.c_str(), O_RDONLY | O_CLOEXEC) : -1);
        if (!file.isOpen()) return std::nullopt;
        const auto part = runPartOf(
            [&file](std::uint64_t offset, char* buffer, std::size_t size) { return file.readAt(offset, buffer, size); },
            bytes, name);
        return part ? std::optional(*part) : std::nullopt;
    };
    std::vector<std::string> names;
    const auto first = partAt(path);
    if (!first || first->part != 1) return names;
    for (const unsigned number : partsNamedBehind(path, 1)) {
        std::string name = partPath(path, number);
        if (partAt(name) == RunPart{first->run, number}) names.push_back(std::move(name));
    }
    return names;
}

PartInput::PartInput(Input&& opened)
    : input(std::move(opened)), read([this](std::uint64_t offset, char* buffer, std::size_t size) {
          return input.readAt(offset, buffer, size);
      }) {}

Result<std::unique_ptr<PartInput>> openPart(const std::string& path, const RunPart& wanted, const TaskContext& task) {
    const std::string name = partPath(path, wanted.part);
    std::error_code ignored;  // what is missing is said below; a pipe would be waited for
    const auto type = std::filesystem::status(name, ignored).type();
    if (type != std::filesystem::file_type::not_found && type != std::filesystem::file_type::regular) {
        return Error{ErrorKind::Input, "is not a file on disk", name, {}};
    }
    auto input = Input::open(name, task);
    if (!input) return input.error();
    if (!input->isPlainFile()) return Error{ErrorKind::Input, "is compressed", name, "Unpack it."};
    auto file = std::make_unique<PartInput>(std::move(*input));
    const auto part = runPartOf(file->read, file->input.size(), name);
    if (!part) return part.error();
    if (*part != wanted) return Error{ErrorKind::Input, "belongs to another recording", name, {}};
    auto layout = readLayout(file->read, file->input.size(), name);
    if (!layout) return layout.error();
    file->layout = std::move(*layout);
    return file;
}

namespace {

/// What the notes of a recording say of its end: one of its last part, or one of a part that others follow.
nlohmann::json endNoteOf(const std::vector<std::string>& notes) {
    for (auto note = notes.rbegin(); note != notes.rend(); ++note) {
        auto json = nlohmann::json::parse(*note, nullptr, false);
        const std::string name = json.is_object() ? textOf(json, "note") : std::string();
        if (name == "end-of-recording" || name == "end-of-part") return json;
    }
    return {};
}

/// Why a recording has no end, as a clause; empty: it has one, or nobody can know.
std::string whyUnfinished(const TraceAssembly& trace) {
    const auto note = endNoteOf(trace.notes());
    const auto part = runPartOf(trace.description());
    const bool isLater = part && part->part > 1;
    if (!note.is_object()) {
        // Recorders used to leave the parts before the last one without a note.
        return isLater ? "" : "has no note of its end: its recorder could not write everything";
    }
    if (textOf(note, "note") == "end-of-part") return isLater ? "" : "continues in another part, which is missing";
    const std::string early = textOf(note, "endedEarly");
    return early.empty() ? "" : "ended early: " + early;
}

}  // namespace

void noteEnd(TraceAssembly& trace, const Layout& last) {
    Diagnostics& diagnostics = trace.builder().draft().diagnostics;
    if (trace.description().format != "recorder" || !last.isFinished) return;
    // A trace that was converted brings what was said of its source.
    if (diagnostics.count(DiagnosticCode::UnfinishedTrace) > 0) return;
    std::string why = whyUnfinished(trace);
    if (!why.empty()) diagnostics.add({DiagnosticCode::UnfinishedTrace, trace.lines(), std::move(why)});
}

void noteParts(TraceAssembly& trace, const std::string& path, unsigned last, const TaskContext& task) {
    const auto first = runPartOf(trace.description());
    if (!first) return;
    Diagnostics& diagnostics = trace.builder().draft().diagnostics;
    if (first->part != 1) {
        diagnostics.add(
            {DiagnosticCode::PartOfRun, 0,
             fmt::format(
                 "is part {} of a recording, opened alone: the allocations of the parts before it are unknown. Open "
                 "the first part to see all of them as one",
                 first->part)});
        return;
    }
    for (const unsigned number : partsNamedBehind(path, last)) {
        const auto later = openPart(path, {first->run, number}, task);
        if (!later) continue;  // of something else
        const auto next = openPart(path, {first->run, last + 1}, task);
        if (next) return;  // it has come meanwhile
        diagnostics.add(
            {DiagnosticCode::MissingPart, trace.lines(),
             fmt::format(
                 "part {} of the recording is missing ({} {}), so {} and the parts after it are left out. Open those "
                 "separately",
                 last + 1, nameOf(partPath(path, last + 1)), next.error().what, nameOf(partPath(path, number)))});
        return;
    }
}

}  // namespace alloclens::native
