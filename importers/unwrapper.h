// SPDX-License-Identifier: GPL-3.0-or-later
//
// Turns a source's bytes into its text: unpacks compression, layer by layer, and converts UTF-16 and UTF-32 to UTF-8.
// The first bytes of each layer tell what it is. Used by one thread.
//
//     log.gz.xz in UTF-16   ->  Unwrapper (xz)  ->  Unwrapper (gzip)  ->  Unwrapper (UTF-16)  ->  write(text)
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "importers/decompress.h"
#include "importers/text_encoding.h"

namespace alloclens {

/// What a layer is.
struct Wrapping {
    Compression compression = Compression::None;
    TextEncoding encoding = TextEncoding::Utf8;
    [[nodiscard]] bool isNone() const { return compression == Compression::None && encoding == TextEncoding::Utf8; }
};

/// As many first bytes identify a layer.
constexpr std::size_t kWrappingHeadBytes = kEncodingHeadBytes;
/// Identifies a layer by its first bytes; none for plain UTF-8 and for anything unknown.
[[nodiscard]] Wrapping wrappingOf(std::string_view head);

struct UnwrapOutcome {
    bool cutShort = false;   ///< a compressed layer ended too early, or was damaged from some point on
    bool wasPacked = false;  ///< some layer was compressed
};

class Unwrapper {
public:
    /// Passes the text to `write`. At most `layers` compressed layers may be nested.
    explicit Unwrapper(WriteFunction write, unsigned layers = kMostLayers);
    ~Unwrapper();
    Unwrapper(const Unwrapper&) = delete;
    Unwrapper& operator=(const Unwrapper&) = delete;

    /// Takes the next bytes. Returns false if the rest does not matter. Errors: those of `write`; memory ran out; too
    /// many layers.
    [[nodiscard]] Result<bool> take(std::string_view bytes);
    /// Ends the source. Errors: as take().
    [[nodiscard]] Result<UnwrapOutcome> finish();

private:
    static constexpr unsigned kMostLayers = 8;

    [[nodiscard]] Result<void> choose();
    [[nodiscard]] Result<bool> pass(std::string_view bytes);

    WriteFunction m_write;
    unsigned m_layers;
    bool m_isChosen = false;
    std::string m_head;  ///< first bytes, until the layer is known
    std::unique_ptr<Decompressor> m_decompressor;
    std::unique_ptr<Unwrapper> m_inside;  ///< receives what the decompressor unpacks
    std::unique_ptr<Transcoder> m_transcoder;
    bool m_isDamaged = false;
    bool m_isEnded = false;
};

}  // namespace alloclens
