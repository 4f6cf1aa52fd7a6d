// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/columns.h"

#include <algorithm>
#include <bit>

#include "importers/native/bytes.h"
#include "importers/native/format.h"

namespace alloclens::native {
namespace {

constexpr std::size_t kHeaderBytes = 20;
constexpr unsigned kWidest = 8;

unsigned bytesFor(std::uint64_t value) { return (static_cast<unsigned>(std::bit_width(value)) + 7) / 8; }

/// Bytes that hold a signed number.
unsigned bytesForSigned(std::uint64_t value) {
    const std::uint64_t magnitude = static_cast<std::int64_t>(value) < 0 ? ~value : value;
    return static_cast<unsigned>(std::bit_width(magnitude)) / 8 + 1;
}

struct Shape {
    ColumnEncoding encoding = ColumnEncoding::Constant;
    unsigned width = 0;
    std::uint64_t base = 0;
};

/// The narrower of the two encodings. Rows that only grow are stored as steps, which then pack better.
Shape shapeOf(std::span<const std::uint64_t> rows) {
    auto least = static_cast<std::int64_t>(rows[0]);
    auto most = least;
    unsigned stepWidth = 1;
    bool isGrowing = true;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const auto row = static_cast<std::int64_t>(rows[i]);
        least = std::min(least, row);
        most = std::max(most, row);
        stepWidth = std::max(stepWidth, bytesForSigned(rows[i] - rows[i - 1]));
        isGrowing = isGrowing && row >= static_cast<std::int64_t>(rows[i - 1]);
    }
    if (least == most) return {ColumnEncoding::Constant, 0, rows[0]};
    const auto base = static_cast<std::uint64_t>(least);
    const unsigned width = bytesFor(static_cast<std::uint64_t>(most) - base);
    if (stepWidth < width || (stepWidth == width && isGrowing)) return {ColumnEncoding::Step, stepWidth, rows[0]};
    return {ColumnEncoding::Offset, width, base};
}

void putHeader(std::string& out, ColumnId id, const Shape& shape, std::size_t rows, std::size_t bytes) {
    putNumber(out, static_cast<std::uint16_t>(id));
    putNumber(out, static_cast<std::uint8_t>(shape.encoding));
    putNumber(out, static_cast<std::uint8_t>(shape.width));
    putNumber(out, static_cast<std::uint32_t>(rows));
    putNumber(out, static_cast<std::uint32_t>(bytes));
    putNumber(out, shape.base);
}

}  // namespace

void ColumnWriter::numbers(ColumnId id, std::span<const std::uint64_t> rows) {
    if (rows.empty()) return;
    const Shape shape = shapeOf(rows);
    putHeader(m_out, id, shape, rows.size(), rows.size() * shape.width);
    const std::size_t begin = m_out.size();
    m_out.resize(begin + rows.size() * shape.width);
    char* to = m_out.data() + begin;
    for (unsigned plane = 0; plane < shape.width; ++plane) {
        const unsigned shift = 8 * plane;
        std::uint64_t before = shape.base;
        for (const std::uint64_t row : rows) {
            *to++ = static_cast<char>((row - before) >> shift & 0xffU);
            if (shape.encoding == ColumnEncoding::Step) before = row;
        }
    }
}

void ColumnWriter::text(ColumnId id, std::string_view bytes) {
    if (bytes.empty()) return;
    putHeader(m_out, id, {ColumnEncoding::Bytes, 1, 0}, bytes.size(), bytes.size());
    m_out += bytes;
}

std::optional<ColumnReader> ColumnReader::open(std::string_view payload) {
    ColumnReader reader;
    reader.m_bytes = payload.size();
    while (!payload.empty()) {
        if (payload.size() < kHeaderBytes) return std::nullopt;
        const auto bytes = numberAt<std::uint32_t>(payload, 8);
        if (payload.size() - kHeaderBytes < bytes) return std::nullopt;
        reader.m_entries.push_back({numberAt<std::uint16_t>(payload, 0), numberAt<std::uint8_t>(payload, 2),
                                    numberAt<std::uint8_t>(payload, 3), numberAt<std::uint32_t>(payload, 4),
                                    numberAt<std::uint64_t>(payload, 12), payload.substr(kHeaderBytes, bytes)});
        payload.remove_prefix(kHeaderBytes + bytes);
    }
    return reader;
}

const ColumnReader::Entry* ColumnReader::find(ColumnId id) const {
    const auto at = std::find_if(m_entries.begin(), m_entries.end(),
                                 [id](const Entry& entry) { return entry.id == static_cast<std::uint16_t>(id); });
    return at == m_entries.end() ? nullptr : &*at;
}

std::size_t ColumnReader::count(ColumnId id) const {
    const Entry* const entry = find(id);
    return entry == nullptr ? 0 : entry->rows;
}

bool ColumnReader::numbers(ColumnId id, std::size_t count, std::vector<std::uint64_t>& rows) const {
    rows.clear();
    const Entry* const entry = find(id);
    if (entry == nullptr || entry->rows != count || count > kMostLines) return count == 0 && entry == nullptr;
    const auto encoding = static_cast<ColumnEncoding>(entry->encoding);
    const bool isConstant = encoding == ColumnEncoding::Constant;
    if (!isConstant && encoding != ColumnEncoding::Offset && encoding != ColumnEncoding::Step) return false;
    if (!isConstant && (entry->width == 0 || entry->width > kWidest)) return false;
    if (entry->bytes.size() != (isConstant ? 0 : count * entry->width)) return false;
    rows.assign(count, encoding == ColumnEncoding::Step ? 0 : entry->base);
    const auto* from = reinterpret_cast<const unsigned char*>(entry->bytes.data());
    for (unsigned plane = 0; !isConstant && plane < entry->width; ++plane) {
        const unsigned shift = 8 * plane;
        for (std::size_t i = 0; i < count; ++i) rows[i] += std::uint64_t{from[i]} << shift;
        from += count;
    }
    if (encoding != ColumnEncoding::Step) return true;
    const unsigned unused = 64 - 8 * entry->width;
    std::uint64_t before = entry->base;
    for (std::uint64_t& row : rows) {
        before += static_cast<std::uint64_t>(static_cast<std::int64_t>(row << unused) >> unused);
        row = before;
    }
    return true;
}

std::string_view ColumnReader::text(ColumnId id) const {
    const Entry* const entry = find(id);
    if (entry == nullptr || static_cast<ColumnEncoding>(entry->encoding) != ColumnEncoding::Bytes) return {};
    return entry->bytes;
}

}  // namespace alloclens::native
