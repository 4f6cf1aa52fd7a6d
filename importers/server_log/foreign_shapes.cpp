// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/foreign_shapes.h"

#include <algorithm>

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

/// The end of an event whose beginning stands on another line looks foreign by itself.
bool isTail(std::string_view line) {
    return line.find_first_not_of("0123456789abcdefx) ") == std::string_view::npos || line.starts_with(" (")
           || line.starts_with(" bytes") || line.starts_with(" on device");
}

}  // namespace

void ForeignShapes::add(std::string_view line) {
    if (m_shapes.size() >= kMost || isTail(line)) return;
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
}

void ForeignShapes::addShape(const std::string& shape) {
    if (m_shapes.size() >= kMost || !m_known.insert(shape).second) return;
    m_shapes.push_back(shape);
    m_exact += '\n';
    m_exact += shape;
    m_loose += '\n';
    m_loose += looseShape(shape);
}

ForeignShapes::Likeness ForeignShapes::likenessOf(std::string_view piece) const {
    const std::string shape = shapeOf(piece);
    if (m_exact.find(shape) != std::string::npos) return Likeness::Exact;
    return m_loose.find(looseShape(shape)) != std::string::npos ? Likeness::Loose : Likeness::None;
}

bool ForeignShapes::beginsOne(std::string_view piece) const {
    return m_exact.find('\n' + shapeOf(piece)) != std::string::npos;
}

bool ForeignShapes::followsDigit(std::string_view piece) const {
    return m_exact.find('0' + shapeOf(piece)) != std::string::npos;
}

}  // namespace alloclens::server_log
