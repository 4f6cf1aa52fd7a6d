// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the mesh panel says of meshes and their cells, and why there is nothing to show where there is not.
#pragma once

#include <QString>

#include "app/gui/panels/mesh/mesh_map.h"
#include "core/analysis/analysis.h"

namespace alloclens {

/// "0 to 7", "0, 2, 4 to 6".
[[nodiscard]] QString deviceRangesText(const std::vector<std::int32_t>& devices);
/// A mesh in a list: "devices 0 to 3".
[[nodiscard]] QString meshName(const Mesh& mesh);
/// What a mesh is and how far its devices agree.
[[nodiscard]] QString meshHeadText(const Mesh& mesh, const MeshMatrix& matrix);
/// Why there is no mesh.
[[nodiscard]] QString noMeshText(const Analysis& analysis);
/// Why a mesh has no matrix to show.
[[nodiscard]] QString noDivergenceText(const Mesh& mesh, const MeshMatrix& matrix);
/// A cell: device, addresses, residual and in words what is lacking or too many.
[[nodiscard]] QString meshCellText(const Analysis& analysis, const MeshMatrix& matrix, std::size_t row,
                                   MeshMap::Columns columns);

}  // namespace alloclens
