// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/foreign_shapes.h"

#include <algorithm>
#include <cstring>

namespace alloclens::server_log {
namespace {

constexpr std::size_t kMostOfALine = 256;

bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::string shapeOf(std::string_view text) {
    std::string shape(text.substr(0, kMostOfALine));
    std::replace_if(shape.begin(), shape.end(), isDigit, '0');
    return shape;
}

std::string looseShape(std::string shape) {
    const auto end = std::unique(shape.begin(), shape.end(), [](char a, char b) { return a == '0' && b == '0'; });
    shape.erase(end, shape.end());
    return shape;
}

std::size_t bitOf(const char* run) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, run, sizeof bytes);
    return (bytes * 2654435761U) >> 16U;
}

/// The end of an event whose beginning stands on another line looks foreign by itself.
bool isTail(std::string_view line) {
    return line.find_first_not_of("0123456789abcdefx) ") == std::string_view::npos || line.starts_with(" (")
           || line.starts_with(" bytes") || line.starts_with(" on device");
}

/// A line that the server's line end cut off says how one goes on, not how one ends.
bool isOpen(std::string_view line) { return line.empty() || std::string_view(" ([:=-").find(line.back()) < 6; }

}  // namespace

void ForeignShapes::add(std::string_view line) {
    if (m_shapes.size() >= kMost || isTail(line) || isOpen(line)) return;
    addShape(shapeOf(line));
}

void ForeignShapes::append(const ForeignShapes& other) {
    for (const std::string& shape : other.m_shapes) addShape(shape);
}

void ForeignShapes::clear() {
    m_shapes.clear();
    m_known.clear();
    m_exact.clear();
    m_loose.clear();
    m_likeness.clear();
    m_exactRuns.clear();
    m_looseRuns.clear();
}

void ForeignShapes::Index::clear() {
    m_text.clear();
    m_suffixes.clear();
}

// A piece is at most as long as a line's shape, so suffixes are compared no further.
void ForeignShapes::Index::sortSuffixes() const {
    const std::string_view text = m_text;
    m_suffixes.resize(text.size());
    for (std::uint32_t i = 0; i < m_suffixes.size(); ++i) m_suffixes[i] = i;
    constexpr std::size_t kCompared = kMostOfALine + 1;
    std::sort(m_suffixes.begin(), m_suffixes.end(), [text](std::uint32_t a, std::uint32_t b) {
        return text.substr(a, kCompared) < text.substr(b, kCompared);
    });
}

bool ForeignShapes::Index::holds(std::string_view part) const {
    if (m_suffixes.size() != m_text.size()) sortSuffixes();
    const std::string_view text = m_text;
    const auto at = std::lower_bound(
        m_suffixes.begin(), m_suffixes.end(), part,
        [text](std::uint32_t suffix, std::string_view of) { return text.substr(suffix, of.size()) < of; });
    return part.empty() || (at != m_suffixes.end() && text.substr(*at, part.size()) == part);
}

void ForeignShapes::addShape(const std::string& shape) {
    if (m_shapes.size() >= kMost || !m_known.insert(shape).second) return;
    m_shapes.push_back(shape);
    m_likeness.clear();
    const std::string loose = looseShape(shape);
    m_exact.append(shape);
    m_loose.append(loose);
    addRuns(shape, m_exactRuns);
    addRuns(loose, m_looseRuns);
}

void ForeignShapes::addRuns(std::string_view shape, Runs& runs) {
    runs.resize(kRunBits);
    for (std::size_t at = 0; at + kRun <= shape.size(); ++at) runs[bitOf(shape.data() + at)] = true;
}

bool ForeignShapes::mayHold(const Runs& runs, std::string_view shape) {
    if (runs.empty()) return false;
    for (std::size_t at = 0; at + kRun <= shape.size(); ++at) {
        if (!runs[bitOf(shape.data() + at)]) return false;
    }
    return true;
}

ForeignShapes::Likeness ForeignShapes::likenessOf(std::string_view piece) const {
    if (piece.find_first_not_of(" \t\r") == std::string_view::npos) return Likeness::Exact;
    const std::string shape = shapeOf(piece);
    const std::string loose = looseShape(shape);
    if (!mayHold(m_looseRuns, loose)) return Likeness::None;
    if (const auto known = m_likeness.find(shape); known != m_likeness.end()) return known->second;
    Likeness likeness = Likeness::None;
    if (mayHold(m_exactRuns, shape) && m_exact.holds(shape)) {
        likeness = Likeness::Exact;
    } else if (m_loose.holds(loose)) {
        likeness = Likeness::Loose;
    }
    if (m_likeness.size() >= kMostRemembered) m_likeness.clear();
    m_likeness.emplace(shape, likeness);
    return likeness;
}

bool ForeignShapes::beginsOne(std::string_view piece) const { return m_exact.holds('\n' + shapeOf(piece)); }

bool ForeignShapes::isOne(std::string_view piece) const { return m_known.count(shapeOf(piece)) > 0; }

bool ForeignShapes::endsOne(std::string_view piece) const {
    const std::string shape = shapeOf(piece);
    return m_exact.holds(shape + '\n') || m_exact.text().ends_with(shape);
}

bool ForeignShapes::followsDigit(std::string_view piece) const { return m_exact.holds('0' + shapeOf(piece)); }

}  // namespace alloclens::server_log
