// SPDX-License-Identifier: GPL-3.0-or-later
//
// Puts the blocks of native traces together as one trace, in their order: descriptions and notes, stretches with the
// places of their text, holes where a block cannot be read, and what there is to say of damage. The files of a
// recording that was written in parts come one after the other. Used by one thread; a copy can be finished while more
// is put to the original.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/trace/trace_builder.h"
#include "importers/input.h"
#include "importers/native/block.h"
#include "importers/native/layout.h"
#include "importers/native/stretch.h"

namespace alloclens::native {

class TraceAssembly {
public:
    /// What comes next is of another file. An error where there are too many open files.
    [[nodiscard]] Result<void> beginFile(const Input& input);

    /// Reads a description or a note; any other block is passed over. Only the first description counts.
    [[nodiscard]] Result<void> describe(const ReadBytes& read, std::span<const BlockPlace> blocks, std::size_t number);
    /// Takes what was read of a stretch; the part is to be cleared then.
    [[nodiscard]] Result<void> take(std::span<const BlockPlace> blocks, bool isDamaged, const Stretch& stretch,
                                    StretchPart& part);
    /// Says what is wrong with the file that was put together last, also that it is not finished if `isEnd`.
    void noteDamage(const Layout& layout, bool isEnd);
    void diagnose(DiagnosticCode code, std::uint32_t line, std::string detail);

    [[nodiscard]] const Description& description() const { return m_description; }
    [[nodiscard]] const std::vector<std::string>& notes() const { return m_notes; }
    [[nodiscard]] std::size_t events() const { return m_builder.events(); }
    [[nodiscard]] std::uint32_t lines() const { return m_builder.lines(); }
    [[nodiscard]] TraceBuilder& builder() { return m_builder; }

    [[nodiscard]] TraceAssembly copy() const { return *this; }
    /// The trace of `builder`, which is this one's or a copy of it. `fileBytes` are those of all files.
    [[nodiscard]] Trace finish(TraceBuilder& builder, const std::string& path, std::uint64_t fileBytes) const;
    [[nodiscard]] Trace finish(const std::string& path, std::uint64_t fileBytes) {
        return finish(m_builder, path, fileBytes);
    }

    TraceAssembly() = default;
    TraceAssembly(TraceAssembly&&) = default;
    TraceAssembly& operator=(TraceAssembly&&) = default;
    ~TraceAssembly() = default;

private:
    // What is lost is one text, and needs few places in it.
    static constexpr std::uint32_t kLinesPerMarkOfLost = 65'536;
    static constexpr std::uint32_t kLinesPerMarkOfMade = 1024;

    TraceAssembly(const TraceAssembly& other);

    void diagnoseBlock(const BlockPlace& place, std::size_t number, std::string_view what, std::uint32_t line);
    void addSpan(std::uint64_t bytes, TextSpan::Kind kind, const BlockPlace& place = {});
    void layText(const BlockPlace& place, StretchPart& part);
    void layMadeLines(TracePart& part, std::uint32_t step) const;
    [[nodiscard]] Result<void> appendLost(std::uint32_t lines);

    TraceBuilder m_builder;
    std::vector<std::shared_ptr<const FileHandle>> m_files;
    std::string m_name;             ///< of the file at hand, as a prefix; the first needs none
    std::uint32_t m_firstLine = 0;  ///< lines before the file at hand
    Description m_description;
    bool m_isDescribed = false;
    std::vector<std::string> m_notes;
    std::vector<TextSpan> m_spans;
    std::uint64_t m_textEnd = 0;
    bool m_endsInLine = false;
};

}  // namespace alloclens::native
