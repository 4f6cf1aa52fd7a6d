// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/unwrapper.h"

#include <utility>

namespace alloclens {
namespace {

// Most logs are recognised without waiting for more bytes: a first line, its newline and one more byte without zeros
// are not UTF-16. Depends on the bytes only, not on how they are divided into pieces.
bool hasPlainFirstLine(std::string_view head) {
    const std::size_t newline = head.substr(0, kWrappingHeadBytes).find('\n');
    if (newline == std::string_view::npos || newline + 1 >= head.size()) return false;
    const std::string_view line = head.substr(0, newline + 2);
    return line.find('\0') == std::string_view::npos && encodingOf(line) == TextEncoding::Utf8;
}

bool canTell(std::string_view head) {
    if (head.size() >= kWrappingHeadBytes) return true;
    if (head.size() < kCompressionMagicBytes) return false;
    return compressionOf(head) != Compression::None || hasPlainFirstLine(head);
}

}  // namespace

Wrapping wrappingOf(std::string_view head) {
    const Compression compression = compressionOf(head);
    if (compression != Compression::None) return {compression, TextEncoding::Utf8};
    return {Compression::None, hasPlainFirstLine(head) ? TextEncoding::Utf8 : encodingOf(head)};
}

Unwrapper::Unwrapper(WriteFunction write, unsigned layers) : m_write(std::move(write)), m_layers(layers) {}

Unwrapper::~Unwrapper() = default;

Result<bool> Unwrapper::take(std::string_view bytes) {
    if (bytes.empty() || m_isEnded) return !m_isEnded;
    if (m_isChosen) return pass(bytes);
    m_head += bytes;
    if (!canTell(m_head)) return true;
    if (const auto chosen = choose(); !chosen) return chosen.error();
    return pass(std::exchange(m_head, {}));
}

Result<void> Unwrapper::choose() {
    m_isChosen = true;
    const Wrapping wrapping = wrappingOf(m_head);
    if (wrapping.encoding != TextEncoding::Utf8) m_transcoder = std::make_unique<Transcoder>(wrapping.encoding);
    if (wrapping.compression == Compression::None) return {};
    if (m_layers == 0) {
        return Error{ErrorKind::Input, "is compressed too many times", {}, "Unpack it until it is text."};
    }
    auto made = makeDecompressor(wrapping.compression);
    if (!made) return made.error();
    m_decompressor = std::move(*made);
    m_inside = std::make_unique<Unwrapper>(m_write, m_layers - 1);
    return {};
}

Result<bool> Unwrapper::pass(std::string_view bytes) {
    if (m_transcoder) {
        if (const auto done = m_transcoder->take(bytes, m_write); !done) return done.error();
        return true;
    }
    if (!m_decompressor) {
        if (const auto done = m_write(bytes.data(), bytes.size()); !done) return done.error();
        return true;
    }
    const auto state = m_decompressor->take(bytes, [this](const char* unpacked, std::size_t size) -> Result<void> {
        const auto taken = m_inside->take(std::string_view(unpacked, size));
        if (!taken) return taken.error();
        return {};
    });
    if (!state) return state.error();
    m_isDamaged = *state == Decompressor::State::Damaged;
    m_isEnded = *state != Decompressor::State::Running;
    return !m_isEnded;
}

Result<UnwrapOutcome> Unwrapper::finish() {
    if (!m_isChosen) {
        if (const auto chosen = choose(); !chosen) return chosen.error();
        const std::string head = std::exchange(m_head, {});
        if (!head.empty()) {
            if (const auto passed = pass(head); !passed) return passed.error();
        }
    }
    if (m_transcoder) {
        if (const auto done = m_transcoder->finish(m_write); !done) return done.error();
    }
    if (!m_decompressor) return UnwrapOutcome{};
    const auto inside = m_inside->finish();
    if (!inside) return inside.error();
    const bool isCut = m_isDamaged || (!m_isEnded && m_decompressor->isInside());
    return UnwrapOutcome{isCut || inside->cutShort, true};
}

}  // namespace alloclens
