// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/native_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "importers/native/event_words.h"

namespace alloclens::native {
namespace {

TracePart::Event eventAt(const EventColumns& columns, std::size_t i) {
    TracePart::Event event;
    const auto pidOf = [&columns](std::uint64_t row) {
        return row == 0 ? kNoPid : columns.processes[static_cast<std::size_t>(row - 1)];
    };
    event.kind = static_cast<EventKind>(columns.kind[i]);
    event.memory = columns.memory[i] < kMemoryCount ? static_cast<Memory>(columns.memory[i]) : Memory::Unknown;
    event.hasKey = columns.key[i] != 0;
    if (event.hasKey) event.key = columns.keys[static_cast<std::size_t>(columns.key[i] - 1)];
    event.pid = pidOf(columns.process[i]);
    event.size = columns.sizes[static_cast<std::size_t>(columns.size[i])];
    event.refCount = static_cast<std::uint32_t>(columns.refCount[i]);
    return event;
}

}  // namespace

NativeText::NativeText(std::vector<std::shared_ptr<const FileHandle>> files, std::vector<TextSpan> spans,
                       AddressForm form)
    : m_files(std::move(files)),
      m_spans(std::move(spans)),
      m_form(form),
      m_isPadded(std::none_of(m_spans.begin(), m_spans.end(),
                              [](const TextSpan& span) { return span.kind == TextSpan::Kind::Stored; })) {}

Result<std::size_t> NativeText::readAt(std::uint64_t offset, char* buffer, std::size_t size) const {
    auto span = std::upper_bound(m_spans.begin(), m_spans.end(), offset,
                                 [](std::uint64_t at, const TextSpan& s) { return at < s.begin; });
    if (span == m_spans.begin()) return std::size_t{0};
    --span;
    std::size_t done = 0;
    for (; span != m_spans.end() && done < size; ++span) {
        const std::uint64_t from = offset + done - span->begin;
        if (from >= span->bytes) break;  // the end of the text
        const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(size - done, span->bytes - from));
        if (const auto copied = copy(*span, from, buffer + done, length); !copied) return copied.error();
        done += length;
    }
    return done;
}

Result<void> NativeText::copy(const TextSpan& span, std::uint64_t from, char* buffer, std::size_t size) const {
    if (span.kind == TextSpan::Kind::LineEnd) {
        *buffer = '\n';
        return {};
    }
    std::shared_ptr<const Page> page;
    if (span.kind != TextSpan::Kind::Lost) {
        auto held = pageOf(span);
        if (!held) return held.error();
        page = std::move(*held);
    }
    if (span.kind == TextSpan::Kind::Stored) {
        std::memcpy(buffer, page->text.data() + from, size);
        return {};
    }
    while (size > 0) {
        const std::string line = lineOf(span, page.get(), from / kMadeLineBytes);
        const std::size_t inLine = static_cast<std::size_t>(from % kMadeLineBytes);
        const std::size_t length = std::min(size, line.size() - inLine);
        std::memcpy(buffer, line.data() + inLine, length);
        buffer += length;
        from += length;
        size -= length;
    }
    return {};
}

std::string NativeText::lineOf(const TextSpan& span, const Page* page, std::uint64_t line) const {
    std::string text;
    if (span.kind == TextSpan::Kind::Lost) {
        text = "(lost: the block of the trace that held this line is damaged)";
    } else {
        const auto& lines = page->events.line;
        const auto at = std::lower_bound(lines.begin(), lines.end(), line + 1);
        text = at != lines.end() && *at == line + 1
                   ? eventWords(eventAt(page->events, static_cast<std::size_t>(at - lines.begin())), m_form)
                   : "(no event)";
    }
    text.resize(kMadeLineBytes - 1, ' ');
    text += '\n';
    return text;
}

Result<std::shared_ptr<const NativeText::Page>> NativeText::pageOf(const TextSpan& span) const {
    {
        const std::lock_guard lock(m_mutex);
        for (const Slot& slot : m_slots) {
            if (slot.page && slot.file == span.file && slot.offset == span.place.offset) return slot.page;
        }
    }
    auto page = unpack(span);
    if (!page) return page;
    const std::lock_guard lock(m_mutex);
    m_slots[m_nextSlot++ % kSlots] = {span.file, span.place.offset, *page};
    return page;
}

Result<std::shared_ptr<const NativeText::Page>> NativeText::unpack(const TextSpan& span) const {
    const ReadBytes read = [&file = *m_files[span.file]](std::uint64_t offset, char* buffer, std::size_t size) {
        return file.readAt(offset, buffer, size);
    };
    PayloadBuffers buffers;
    auto payload = readPayload(read, span.place, buffers);
    if (!payload) return payload.error();
    auto page = std::make_shared<Page>();
    std::string damage = std::move(payload->damage);
    if (damage.empty() && span.kind == TextSpan::Kind::Stored) {
        page->text = payload->bytes;
        if (page->text.size() != span.bytes) damage = "does not have its stated size";
    } else if (damage.empty()) {
        const auto columns = ColumnReader::open(payload->bytes);
        damage = columns ? readEvents(*columns, span.place.header, page->events) : "is invalid";
    }
    if (damage.empty()) return std::shared_ptr<const Page>(std::move(page));
    return Error{
        ErrorKind::Input, fmt::format("its block at byte {} {}", formatCount(span.place.offset), damage), {}, {}};
}

}  // namespace alloclens::native
