// SPDX-License-Identifier: GPL-3.0-or-later
//
// One function for each compression library, each in its own file. decompress.h describes the interface and selects
// one.
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

/// The error for a library that gets no memory.
[[nodiscard]] Error noMemoryToUnpack();

}  // namespace alloclens
