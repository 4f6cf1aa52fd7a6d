// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many lifetimes as cells: neighbouring rows are put together in groups, time is cut into equal parts, and a cell holds
// the largest class and the covered share of what lies in it. Rows and time are halved independently of each other (a
// RIP-map), so that a picture of any shape is drawn from cells that are at most a pixel wide and high. Cells are made
// when they are first needed, in tiles of one stripe of the bars and a stretch of time, and kept as long as they fit
// the given memory, those that were used last for longest. One Grids belongs to one scene; any threads may draw from it
// at once.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "core/timeline/picture.h"

namespace alloclens {

/// Which cells a picture needs.
struct GridView {
    unsigned rowLevel = 0;   ///< a group of rows is 2^this rows high
    unsigned timeLevel = 0;  ///< the whole extent across is 2^this cells wide
    std::uint32_t firstSegment = 0;
    std::uint32_t endSegment = 0;
    std::vector<std::uint32_t> stripes;
    std::size_t bytes = 0;     ///< of its cells, at most
    bool isFineEnough = true;  ///< a cell is at most a pixel wide

    [[nodiscard]] std::size_t segments() const { return endSegment - firstSegment; }
};
[[nodiscard]] GridView gridViewOf(const PictureSource& source, const PixelMap& map);

/// The cells of one stripe in one stretch of time.
struct GridTile {
    static constexpr std::uint32_t kWide = 1024;
    std::vector<std::uint32_t> firstRow;  ///< by group, and the end behind the last; empty where no cell is lit
    std::vector<std::uint8_t> classes;    ///< by group * kWide + cell
    std::vector<std::uint8_t> cover;      ///< 1 to 255 where there is a class

    [[nodiscard]] std::size_t groups() const { return firstRow.empty() ? 0 : firstRow.size() - 1; }
    [[nodiscard]] std::size_t bytes() const;
};

class Grids {
public:
    static constexpr std::size_t kMostBytes = std::size_t{384} << 20U;
    explicit Grids(std::size_t mostBytes = kMostBytes) : m_mostBytes(mostBytes) {}

    /// Whether cells can show a view, and leave room for those of another.
    [[nodiscard]] bool fits(const GridView& view) const { return view.isFineEnough && view.bytes <= m_mostBytes / 2; }
    /// Whether all cells of a view are there.
    [[nodiscard]] bool has(const GridView& view) const;
    /// Draws a view, making on all cores what is not there.
    [[nodiscard]] Result<Picture> draw(const PictureSource& source, const PixelMap& map, const GridView& view,
                                       const TaskContext& task);
    [[nodiscard]] std::size_t bytes() const;

private:
    using Tile = std::shared_ptr<const GridTile>;
    struct Kept {
        std::uint64_t key;
        Tile tile;
    };

    /// By stripe of the view, then segment; none of them missing unless the task was cancelled.
    [[nodiscard]] std::vector<Tile> tilesOf(const PictureSource& source, const GridView& view, const TaskContext& task);
    void keep(std::uint64_t key, const Tile& tile);

    const std::size_t m_mostBytes;
    mutable std::mutex m_mutex;
    std::list<Kept> m_kept;  ///< the last used first
    std::unordered_map<std::uint64_t, std::list<Kept>::iterator> m_places;
    std::size_t m_bytes = 0;
};

}  // namespace alloclens
