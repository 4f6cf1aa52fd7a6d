// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/read_files.h"

#include <fmt/format.h>

#include "importers/native/parts.h"

namespace alloclens {

void addReadFiles(InputFiles& inputs, const std::string& path, std::string_view role) {
    inputs.add(path, role);
    for (const std::string& part : native::furtherParts(path))
        inputs.add(part, fmt::format("a further part of {}", role));
}

}  // namespace alloclens
