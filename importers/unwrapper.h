// SPDX-License-Identifier: GPL-3.0-or-later
//
// Between a source and its text: takes the bytes as they come, unpacks what is compressed, layer by layer, and turns
// UTF-16 and UTF-32 into UTF-8. What each layer is, its first bytes tell. Used by one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "importers/decompress.h"
#include "importers/text_encoding.h"

namespace alloclens {

/// What a layer is made of.
struct Wrapping {
    Compression compression = Compression::None;
    TextEncoding encoding = TextEncoding::Utf8;
    [[nodiscard]] bool isNone() const { return compression == Compression::None && encoding == TextEncoding::Utf8; }
};

/// So many first bytes are enough to recognise it.
constexpr std::size_t kWrappingHeadBytes = kEncodingHeadBytes;
[[nodiscard]] Wrapping wrappingOf(std::string_view head);

struct UnwrapOutcome {
    bool cutShort = false;   ///< a compressed layer ended inside, or was damaged from some place on
    bool wasPacked = false;  ///< there was a compressed layer
};

class Unwrapper {
public:
    /// Gives the text to `write`. `layers` may be compressed, one inside another.
    explicit Unwrapper(WriteFunction write, unsigned layers = kMostLayers);
    ~Unwrapper();
    Unwrapper(const Unwrapper&) = delete;
    Unwrapper& operator=(const Unwrapper&) = delete;

    /// False once nothing that follows is of interest. Errors: those of `write`; memory ran out; too many layers.
    [[nodiscard]] Result<bool> take(std::string_view bytes);
    /// The source has ended.
    [[nodiscard]] Result<UnwrapOutcome> finish();

private:
    static constexpr unsigned kMostLayers = 8;

    [[nodiscard]] Result<void> choose();
    [[nodiscard]] Result<bool> pass(std::string_view bytes);

    WriteFunction m_write;
    unsigned m_layers;
    bool m_isChosen = false;
    std::string m_head;  ///< until it is chosen
    std::unique_ptr<Decompressor> m_decompressor;
    std::unique_ptr<Unwrapper> m_inside;  ///< takes what the decompressor gives
    std::unique_ptr<Transcoder> m_transcoder;
    bool m_isDamaged = false;
    bool m_isEnded = false;
};

}  // namespace alloclens
