// SPDX-License-Identifier: GPL-3.0-or-later
//
// The divergences of a mesh as a matrix: a row for each device, a column for each address at which any device diverges.
// Sums over neighbouring columns cost two binary searches, so drawing costs what it shows, not what there is. Made by a
// job, linear but for sorting. Immutable.
#pragma once

#include "core/base/row_flags.h"
#include "core/mesh/mesh_parity.h"

namespace alloclens {

class MeshMatrix {
public:
    /// The sums over neighbouring cells of a row.
    struct Sum {
        std::uint64_t lacked = 0;   ///< events that the device lacks
        std::uint64_t surplus = 0;  ///< events that the device has too many
        std::uint32_t apart = 0;    ///< addresses too different to count their events
        std::uint32_t cells = 0;    ///< addresses at which it diverges
        std::uint32_t first = 0;    ///< the first of them, a row of MeshParity::divergences
        friend bool operator==(const Sum&, const Sum&) = default;
    };
    struct Place {
        std::size_t row = 0;
        std::size_t column = 0;
        friend bool operator==(const Place&, const Place&) = default;
    };

    /// `findingsShown` has a flag for each finding; null shows all. Errors: cancelled. Requires: `mesh` is a row of
    /// parity.meshes.
    [[nodiscard]] static Result<MeshMatrix> of(const MeshParity& parity, std::uint32_t mesh,
                                               const RowFlags* findingsShown, const TaskContext& task);

    [[nodiscard]] const std::vector<std::int32_t>& devices() const { return m_devices; }
    [[nodiscard]] const std::vector<std::uint64_t>& addresses() const { return m_addresses; }
    [[nodiscard]] std::uint64_t divergences() const { return m_shown; }
    /// Divergences of the mesh that `findingsShown` leaves out.
    [[nodiscard]] std::uint64_t hidden() const { return m_hidden; }

    /// The sums over the columns [from, to) of a row.
    [[nodiscard]] Sum sum(std::size_t row, std::size_t from, std::size_t to) const;
    /// The cell of a device at an address, or none if the device does not diverge there.
    [[nodiscard]] std::optional<Place> find(std::int32_t device, std::uint64_t address) const;
    /// The first column at or after `from`, or the last one before `before`, at which the row diverges.
    [[nodiscard]] std::optional<std::size_t> nextColumn(std::size_t row, std::size_t from) const;
    [[nodiscard]] std::optional<std::size_t> previousColumn(std::size_t row, std::size_t before) const;

private:
    /// A cell that diverges, and the sums over the cells before it in its row.
    struct Cell {
        std::uint32_t column = 0;
        std::uint32_t divergence = 0;
        std::uint32_t lackedBefore = 0;
        std::uint32_t surplusBefore = 0;
        std::uint32_t apartBefore = 0;
    };
    using Row = std::vector<Cell>;  ///< by column; one more after the last holds the row's sums

    [[nodiscard]] static Row::const_iterator at(const Row& row, std::size_t column);

    std::vector<std::int32_t> m_devices;
    std::vector<std::uint64_t> m_addresses;
    std::vector<Row> m_rows;
    std::uint64_t m_shown = 0;
    std::uint64_t m_hidden = 0;
};

}  // namespace alloclens
