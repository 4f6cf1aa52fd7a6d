// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/payload.h"

#include <fmt/format.h>
#include <zstd.h>

#include <memory>

namespace alloclens::native {
namespace {

// Of what an index says of a block, or a header that was read before: all that a reader goes by.
bool isSameBlock(const BlockHeader& a, const BlockHeader& b) {
    return a.type == b.type && a.storedBytes == b.storedBytes && a.rawBytes == b.rawBytes && a.events == b.events
           && a.first == b.first && a.line == b.line && a.lines == b.lines;
}

Payload damaged(std::string what) { return {{}, std::move(what)}; }

struct Stored {
    BlockHeader header;
    Payload payload;
};

Result<Stored> readStored(const ReadBytes& read, const BlockPlace& place, PayloadBuffers& buffers) {
    buffers.stored.resize(kBlockHeaderBytes + place.header.storedBytes);
    const auto got = read(place.offset, buffers.stored.data(), buffers.stored.size());
    if (!got) return got.error();
    if (*got < buffers.stored.size()) return Stored{{}, damaged("is cut off")};
    const auto header = takeBlockHeader(buffers.stored);
    if (!header) return Stored{{}, damaged("has a damaged header")};
    if (!isSameBlock(*header, place.header)) return Stored{{}, damaged("does not agree with the index")};
    const std::string_view stored = std::string_view(buffers.stored).substr(kBlockHeaderBytes);
    if (header->payloadSum != checksum(stored)) return Stored{{}, damaged("does not match its checksum")};
    return Stored{*header, {stored, {}}};
}

std::string unpack(const BlockHeader& header, Payload& payload, std::string& raw) {
    if (header.compression == static_cast<std::uint8_t>(Compression::None)) {
        return payload.bytes.size() == header.rawBytes ? std::string() : "does not have its stated size";
    }
    if (header.compression != static_cast<std::uint8_t>(Compression::Zstd)) {
        return fmt::format("is compressed in a way that this AllocLens does not know ({})", header.compression);
    }
    raw.resize(header.rawBytes);
    const std::size_t size = ZSTD_decompress(raw.data(), raw.size(), payload.bytes.data(), payload.bytes.size());
    if (ZSTD_isError(size) != 0 || size != header.rawBytes) return "cannot be unpacked";
    payload.bytes = raw;
    return {};
}

}  // namespace

Result<Payload> readPayload(const ReadBytes& read, const BlockPlace& place, PayloadBuffers& buffers) {
    auto stored = readStored(read, place, buffers);
    if (!stored) return stored.error();
    Payload& payload = stored->payload;
    if (payload.damage.empty()) payload.damage = unpack(stored->header, payload, buffers.raw);
    if (!payload.damage.empty()) payload.bytes = {};
    return std::move(payload);
}

Result<Payload> checkPayload(const ReadBytes& read, const BlockPlace& place, PayloadBuffers& buffers) {
    auto stored = readStored(read, place, buffers);
    if (!stored) return stored.error();
    stored->payload.bytes = {};
    return std::move(stored->payload);
}

}  // namespace alloclens::native
