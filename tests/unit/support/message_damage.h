// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can happen to a record on its way into a capture: bytes overwritten, inserted or lost, and the short receive,
// whose buffer keeps the rest of the record before. The same for the same random numbers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

namespace alloclens::test {

enum class Damage { None, Overwritten, Inserted, Removed, Repeated, All };

/// Damages `record` at a random place, over a random length; All stands for one of the first three. `below` gives a
/// random number below its argument.
template <typename Below>
void damageRecord(Damage damage, const std::string& previous, Below below, std::string& record) {
    const auto anyByte = [&below] { return static_cast<char>(below(256)); };
    const auto kind = damage == Damage::All ? static_cast<Damage>(1 + below(3)) : damage;
    const std::size_t at = below(record.size());
    const std::size_t length = 1 + below(below(2) == 0 ? 8 : record.size());
    if (kind == Damage::Overwritten) {
        for (std::size_t i = at; i < std::min(record.size(), at + length); ++i) record[i] = anyByte();
    } else if (kind == Damage::Inserted) {
        std::string garbage(length, '\0');
        for (char& byte : garbage) byte = anyByte();
        record.insert(at, garbage);
    } else if (kind == Damage::Removed) {
        record.erase(at, length);
    } else if (previous.size() > at) {  // a short receive: the buffer's rest is of the message before
        record.insert(at, previous, at, std::string::npos);
    }
}

}  // namespace alloclens::test
