// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/stretch.h"

#include "importers/native/attribute_columns.h"

namespace alloclens::native {
namespace {

std::string decode(std::string_view payload, const BlockHeader& header, StretchBuffers& buffers, StretchPart& part) {
    const auto columns = ColumnReader::open(payload);
    std::string damage = columns ? readEvents(*columns, header, buffers.events) : "is invalid";
    if (damage.empty()) damage = readExtras(*columns, header, part.trace, part.text);
    if (damage.empty() && !readAttributes(*columns, header.events, part.trace.attributeTables(), buffers.attributes)) {
        damage = "has invalid attributes of events";
    }
    if (damage.empty()) addEvents(buffers.events, buffers.attributes, part.trace);
    return damage;
}

// The text blocks have to be all there, or lines would have the text of others.
Result<void> checkText(const ReadBytes& read, std::span<const BlockPlace> blocks, const Stretch& stretch,
                       PayloadBuffers& buffers, StretchPart& part) {
    std::uint64_t end = part.text.before;
    for (std::size_t i = stretch.firstText; i < stretch.events; ++i) {
        const BlockPlace& place = blocks[i];
        if (!place.is(BlockType::Text)) continue;
        const auto checked = checkPayload(read, place, buffers);
        if (!checked) return checked.error();
        if (!checked->damage.empty()) {
            part.textDamage.emplace_back(i, checked->damage);
            continue;
        }
        if (place.header.first != end || place.header.rawBytes == 0) continue;  // of a block that was not written
        part.spans.push_back({end - part.text.before, place.header.rawBytes, TextSpan::Kind::Stored, 0, place});
        end += place.header.rawBytes;
    }
    if (part.damage.empty() && end - part.text.before == part.text.bytes) return {};
    part.spans.clear();
    if (part.damage.empty() && part.textDamage.empty()) {
        part.textDamage.emplace_back(stretch.events, "lacks its text, or a part of it");
    }
    return {};
}

}  // namespace

void StretchPart::clear() {
    trace.clear();
    text = {};
    spans.clear();
    damage.clear();
    textDamage.clear();
}

std::vector<Stretch> stretchesOf(std::span<const BlockPlace> blocks, std::size_t from) {
    std::vector<Stretch> stretches;
    std::size_t firstText = from;
    for (std::size_t i = from; i < blocks.size(); ++i) {
        if (!blocks[i].is(BlockType::Events)) continue;
        stretches.push_back({firstText, i});
        firstText = i + 1;
    }
    return stretches;
}

Result<void> readStretch(const ReadBytes& read, std::span<const BlockPlace> blocks, const Stretch& stretch,
                         StretchBuffers& buffers, StretchPart& part) {
    const BlockPlace& place = blocks[stretch.events];
    auto payload = readPayload(read, place, buffers.payload);
    if (!payload) return payload.error();
    part.damage = std::move(payload->damage);
    if (part.damage.empty()) part.damage = decode(payload->bytes, place.header, buffers, part);
    return checkText(read, blocks, stretch, buffers.payload, part);
}

}  // namespace alloclens::native
