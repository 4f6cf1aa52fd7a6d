// SPDX-License-Identifier: GPL-3.0-or-later
//
// The divergences of one mesh as a matrix: a row a device, a column an address at which any of them departs. It is
// sparse, and its sums over a stretch of columns cost two bisections, so that a picture of any width costs what it
// shows. Made once by a job, linear but for sorting; immutable.
#pragma once

#include "core/base/row_flags.h"
#include "core/mesh/mesh_parity.h"

namespace alloclens {

class MeshMatrix {
public:
    /// What some neighbouring cells of a row have together.
    struct Sum {
        std::uint64_t lacked = 0;   ///< events that the device lacks
        std::uint64_t surplus = 0;  ///< events that it has too many
        std::uint32_t apart = 0;    ///< addresses where it goes its own way, whose events are not counted
        std::uint32_t cells = 0;    ///< addresses where it departs
        std::uint32_t first = 0;    ///< the first of them, a place in MeshParity::divergences
        friend bool operator==(const Sum&, const Sum&) = default;
    };
    struct Place {
        std::size_t row = 0;
        std::size_t column = 0;
        friend bool operator==(const Place&, const Place&) = default;
    };

    /// `findingsShown`: a flag a finding; null shows all. Errors: cancelled.
    [[nodiscard]] static Result<MeshMatrix> of(const MeshParity& parity, std::uint32_t mesh,
                                               const RowFlags* findingsShown, const TaskContext& task);

    [[nodiscard]] const std::vector<std::int32_t>& devices() const { return m_devices; }
    [[nodiscard]] const std::vector<std::uint64_t>& addresses() const { return m_addresses; }
    [[nodiscard]] std::uint64_t divergences() const { return m_shown; }
    /// Those of the mesh that `findingsShown` leaves out.
    [[nodiscard]] std::uint64_t hidden() const { return m_hidden; }

    /// Of the columns [from, to).
    [[nodiscard]] Sum sum(std::size_t row, std::size_t from, std::size_t to) const;
    /// The cell of a device at an address, or none where it is in step there.
    [[nodiscard]] std::optional<Place> find(std::int32_t device, std::uint64_t address) const;
    /// The first column from `from` on, or the last one before it, at which the row departs.
    [[nodiscard]] std::optional<std::size_t> nextColumn(std::size_t row, std::size_t from) const;
    [[nodiscard]] std::optional<std::size_t> previousColumn(std::size_t row, std::size_t before) const;

private:
    /// A cell that departs, with what the cells of its row before it have together.
    struct Cell {
        std::uint32_t column = 0;
        std::uint32_t divergence = 0;
        std::uint32_t lackedBefore = 0;
        std::uint32_t surplusBefore = 0;
        std::uint32_t apartBefore = 0;
    };
    using Row = std::vector<Cell>;  ///< by column, with one behind the last that has the row's sums

    [[nodiscard]] static Row::const_iterator at(const Row& row, std::size_t column);

    std::vector<std::int32_t> m_devices;
    std::vector<std::uint64_t> m_addresses;
    std::vector<Row> m_rows;
    std::uint64_t m_shown = 0;
    std::uint64_t m_hidden = 0;
};

}  // namespace alloclens
