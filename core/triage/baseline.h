// SPDX-License-Identifier: GPL-3.0-or-later
//
// Findings that are known and accepted, by their identifiers (docs/triage.md). A baseline is what `findings` wrote as
// JSON, or a list of identifiers, one a line; it is read whole and does not change.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/base/result.h"

namespace alloclens {

class Baseline {
public:
    /// Reads a baseline. Errors (Usage): a text that is neither, or an identifier that cannot be one; `where` is the
    /// file's name.
    [[nodiscard]] static Result<Baseline> parse(std::string_view text, const std::string& where);

    [[nodiscard]] bool contains(const std::string& id) const { return m_ids.contains(id); }
    /// Each identifier once, in the order of the file.
    [[nodiscard]] const std::vector<std::string>& ids() const { return m_order; }

private:
    void add(std::string id);

    std::unordered_set<std::string> m_ids;
    std::vector<std::string> m_order;
};

}  // namespace alloclens
