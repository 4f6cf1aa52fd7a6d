// SPDX-License-Identifier: GPL-3.0-or-later
//
// The text of a native trace: pieces that are stored, unpacked when they are shown, and lines that are made of events
// where the source had none. The last few that were unpacked are kept. Holds its files; any number of threads may read.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "core/trace/source_text.h"
#include "importers/native/block_decoder.h"
#include "importers/native/payload.h"

namespace alloclens::native {

/// A stretch of the text and what it comes from. Spans lie behind each other without gaps.
struct TextSpan {
    enum class Kind : std::uint8_t {
        Stored,   ///< a text block
        Made,     ///< lines of kMadeLineBytes, made of an events block
        Lost,     ///< the same, of a block that cannot be read
        LineEnd,  ///< the end that the last line of a stretch had not, where others follow
    };
    std::uint64_t begin = 0;
    std::uint64_t bytes = 0;
    Kind kind = Kind::Stored;
    std::uint32_t file = 0;  ///< number of the one that the block is in
    BlockPlace place;
};

/// Longer than every line that is made, with its end.
inline constexpr std::uint64_t kMadeLineBytes = 176;

class NativeText final : public TextBytes {
public:
    /// Spans name the files by their numbers.
    NativeText(std::vector<std::shared_ptr<const FileHandle>> files, std::vector<TextSpan> spans, AddressForm form);

    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const override;
    [[nodiscard]] bool isPadded() const override { return m_isPadded; }

private:
    /// What a block holds, unpacked.
    struct Page {
        std::string text;
        EventColumns events;
    };
    struct Slot {
        std::uint32_t file = 0;
        std::uint64_t offset = 0;  ///< of the block in the file
        std::shared_ptr<const Page> page;
    };

    [[nodiscard]] Result<std::shared_ptr<const Page>> pageOf(const TextSpan& span) const;
    [[nodiscard]] Result<std::shared_ptr<const Page>> unpack(const TextSpan& span) const;
    [[nodiscard]] Result<void> copy(const TextSpan& span, std::uint64_t from, char* buffer, std::size_t size) const;
    [[nodiscard]] std::string lineOf(const TextSpan& span, const Page* page, std::uint64_t line) const;

    std::vector<std::shared_ptr<const FileHandle>> m_files;
    std::vector<TextSpan> m_spans;
    AddressForm m_form;
    bool m_isPadded;

    static constexpr std::size_t kSlots = 8;
    mutable std::mutex m_mutex;
    mutable std::array<Slot, kSlots> m_slots;
    mutable std::size_t m_nextSlot = 0;
};

}  // namespace alloclens::native
