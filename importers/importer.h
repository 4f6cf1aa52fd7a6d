// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of formats that AllocLens can read. A format recognises itself by content, never by a file's name, and
// turns an Input into a Trace. To add one: a folder here with its grammar and its reader, and its name in the list in
// importers/CMakeLists.txt.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/trace/trace.h"
#include "importers/alloc_message/message.h"
#include "importers/input.h"

namespace alloclens {

/// How sure a format is that an input is its own; Marked where the input begins with the format's own mark, whatever
/// it holds besides.
enum class Sniff { No, Possible, Certain, Marked };

struct ReadOptions {
    unsigned threads = 0;  ///< 0: as many as there are cores. The result does not depend on it.
    /// Of messages, which hold no verdicts: the rules to judge them by, and how they number memories.
    TrackerRules rules;
    alloc_message::BufferTypes bufferTypes = alloc_message::BufferTypes::Cpp;
    std::string_view formatOption;  ///< that names a format, for advice: "--input-format"; empty where there is none
    /// Of a log of several servers: read only the lines that bear this tag. Empty: all.
    std::string stream;
    std::uint64_t memory = 0;  ///< bytes that reading and analysing may take; 0: what the system has
    /// Called from the reading thread with the trace of what has been read so far: a few times for a large source, each
    /// time with several times as much, never for a small one. Event ids and lines are those of the finished trace; the
    /// ids of keys, processes and lifetimes are not.
    std::function<void(std::shared_ptr<const Trace>)> onPart;
};

/// What has been read so far of a file that another program is still writing. Used by one thread.
class GrowingSource {
public:
    GrowingSource() = default;
    GrowingSource(const GrowingSource&) = delete;
    GrowingSource& operator=(const GrowingSource&) = delete;
    virtual ~GrowingSource() = default;
    /// Reads what the input has beyond what was read, as far as it is complete, at most some 32 MiB; false if there was
    /// nothing. Errors as those of reading.
    [[nodiscard]] virtual Result<bool> readOn(const Input& input, const TaskContext& task) = 0;
    /// The trace of what was read so far; with `isEnd` also of what is not complete, such as a line without its end, as
    /// if the file ended there.
    [[nodiscard]] virtual Result<Trace> trace(const Input& input, bool isEnd) const = 0;
    [[nodiscard]] virtual std::size_t events() const = 0;
    /// So many bytes from the beginning are read; 0 where isIntact knows better than a look at them.
    [[nodiscard]] virtual std::uint64_t bytesRead() const { return 0; }
    /// Whether what was read is still in the file, which has just been looked at; otherwise it is read anew.
    [[nodiscard]] virtual bool isIntact(const Input&, Input::Change change) { return change != Input::Change::Shrunk; }
};

struct Importer {
    std::string_view name;         ///< stable: "server-log"
    std::string_view title;        ///< for people
    std::string_view description;  ///< one line
    Sniff (*sniff)(const Input& input);
    Result<Trace> (*read)(Input&& input, const ReadOptions& options, const TaskContext& task);
    /// Null for formats that cannot be read before they are complete.
    std::unique_ptr<GrowingSource> (*grow)(const ReadOptions& options) = nullptr;
    /// Lines of text: holes in the file are left out, and parts of a rotated log are one source.
    bool isText = false;
};

using ImporterEntry = const Importer& (*)();
/// One entry a format, in the order of the list.
[[nodiscard]] std::span<const ImporterEntry> importers();

/// The format that recognises the input, or the one named. Errors: an unknown format, with what the file looks like
/// where that can be said; several claim it; an unknown name. `formatOption` is that of ReadOptions.
[[nodiscard]] Result<const Importer*> chooseImporter(const Input& input, const std::string& formatName,
                                                     std::string_view formatOption);

struct ReadFiles {
    std::shared_ptr<const Trace> trace;
    std::vector<std::string> notes;  ///< for people: what was left out, and in which order the files were read
};
/// Reads several files as one text, such as the parts of a rotated log: in the order of `paths`, or in the order that
/// `findsOrder` finds (file_order.h). What is twice among them, and what is empty, is left out. Errors: those of
/// readTrace; a file is not text.
[[nodiscard]] Result<ReadFiles> readTraceOfFiles(const std::vector<std::string>& paths, bool findsOrder,
                                                 const std::string& formatName, const ReadOptions& options,
                                                 const TaskContext& task);

/// Opens `path` ("-" is standard input) and reads it with the format that recognises it, or with `formatName` where
/// that is not empty. Errors: what Input::open and chooseImporter give, and those of reading.
[[nodiscard]] Result<std::shared_ptr<const Trace>> readTrace(const std::string& path, const std::string& formatName,
                                                             const ReadOptions& options, const TaskContext& task);

}  // namespace alloclens
