// SPDX-License-Identifier: GPL-3.0-or-later
//
// One decompressor a library, each in a file of its own. decompress.h has what they do and who makes them.
#pragma once

#include <cstddef>
#include <memory>

#include "importers/decompress.h"

namespace alloclens {

constexpr std::size_t kUnpackedChunk = std::size_t{256} * 1024;

[[nodiscard]] std::unique_ptr<Decompressor> makeGunzip();
[[nodiscard]] std::unique_ptr<Decompressor> makeUnzstd();
[[nodiscard]] std::unique_ptr<Decompressor> makeUnxz();
[[nodiscard]] std::unique_ptr<Decompressor> makeBunzip2();
[[nodiscard]] std::unique_ptr<Decompressor> makeUnlz4();

/// What is said when a library finds no memory.
[[nodiscard]] Error noMemoryToUnpack();

}  // namespace alloclens
