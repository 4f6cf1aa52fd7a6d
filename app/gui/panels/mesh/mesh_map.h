// SPDX-License-Identifier: GPL-3.0-or-later
//
// The heat map of one mesh: a row a device, a column an address, a cell coloured by what the device has too few or too
// many. Where there are more addresses than room, neighbours share a cell, so that painting costs the cells in sight
// and none that departs is lost; a double click or Enter on such a cell looks into it. Arrow keys go from one cell that
// departs to the next. Knows nothing of findings: whoever owns it words the tips and hears what is picked.
#pragma once

#include <QAbstractScrollArea>

#include <functional>
#include <memory>
#include <optional>

#include "core/base/units.h"
#include "core/mesh/mesh_matrix.h"

namespace alloclens {

class MeshMap : public QAbstractScrollArea {
    Q_OBJECT
public:
    using Place = MeshMatrix::Place;
    /// Neighbouring addresses [from, to) that share a cell, or one alone.
    struct Columns {
        std::size_t from = 0;
        std::size_t to = 0;
    };
    using Describe = std::function<QString(std::size_t row, Columns columns)>;

    explicit MeshMap(QWidget* parent = nullptr);

    /// Null shows nothing. All addresses are shown again, unless it has as many as the one before.
    void setMatrix(std::shared_ptr<const MeshMatrix> matrix, AddressForm form);
    void setDescribe(Describe describe) { m_describe = std::move(describe); }
    /// The cell that is selected, brought into sight.
    void setCurrent(std::optional<Place> place);
    [[nodiscard]] std::optional<Place> current() const { return m_current; }
    void showAll();
    [[nodiscard]] bool showsAll() const;
    /// The addresses in sight.
    [[nodiscard]] Columns visible() const { return m_visible; }
    /// Where a cell is painted, in the viewport's coordinates; null where it is out of sight.
    [[nodiscard]] QRect cellRect(Place place) const;

signals:
    /// A cell was clicked or walked to: its first divergence, a place in MeshParity::divergences.
    void picked(std::uint32_t divergence);
    /// The same, and it is wanted in sight everywhere.
    void activated();
    void visibleChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    /// All from the size of the viewport and the addresses in sight.
    struct Geometry {
        int margin = 0;  ///< for the devices' names
        int axis = 0;    ///< height, for the addresses below
        int row = 1;     ///< height
        int room = 1;    ///< width of all cells
        std::size_t bins = 0;
    };
    [[nodiscard]] Geometry measured() const;
    [[nodiscard]] int left(std::size_t bin) const;
    [[nodiscard]] Columns columnsOf(std::size_t bin) const;
    [[nodiscard]] Columns columnsAround(std::size_t column) const;
    [[nodiscard]] std::size_t binOf(std::size_t column) const;
    [[nodiscard]] QRect rectOf(std::size_t row, std::size_t bin) const;
    [[nodiscard]] std::optional<Place> placeAt(QPoint position) const;  ///< with the first column of its cell

    void place();
    void lookAt(std::size_t from, std::size_t to);
    void enter();
    void pick(Place place);
    void walkAcross(int direction);
    void walkDown(int direction);
    void paintRow(QPainter& painter, std::size_t row) const;
    void paintAxis(QPainter& painter) const;
    void paintCurrent(QPainter& painter) const;

    std::shared_ptr<const MeshMatrix> m_matrix;
    AddressForm m_form = AddressForm::Decimal;
    Describe m_describe;
    std::optional<Place> m_current;
    Columns m_visible;
    Geometry m_geometry;
};

}  // namespace alloclens
