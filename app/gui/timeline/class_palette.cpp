// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/class_palette.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace alloclens {
namespace {

// A sequential ramp for sizes: small to large is light to strong, away from the ground in both themes.
QColor sizeColour(const Theme& theme, int index) {
    static constexpr int kSteps = 5;
    const QColor weak = theme.isDark ? QColor(0x2c, 0x4a, 0x5e) : QColor(0xbf, 0xd9, 0xe8);
    const QColor strong = theme.isDark ? QColor(0x8e, 0xd3, 0xff) : QColor(0x00, 0x44, 0x7a);
    const auto mix = [index](int from, int to) { return from + (to - from) * std::min(index, kSteps) / kSteps; };
    return QColor(mix(weak.red(), strong.red()), mix(weak.green(), strong.green()), mix(weak.blue(), strong.blue()));
}

// Live at the end, which is neutral, freed once, leaked, swept, freed again.
QColor endColour(const Theme& theme, int index) {
    if (index == 0) return theme.isDark ? QColor(0x5c, 0x64, 0x6c) : QColor(0xb6, 0xbd, 0xc4);
    static constexpr std::array kMemories = {Memory::Unknown, Memory::Trace, Memory::SystemMemory, Memory::Dram};
    return theme.memory[static_cast<std::size_t>(kMemories[static_cast<std::size_t>(std::clamp(index - 1, 0, 3))])];
}

}  // namespace

QColor modeColour(const Theme& theme, ColourMode mode, int index, bool isShade) {
    const auto slot = static_cast<std::size_t>(std::clamp(index, 0, kMemoryCount - 1));
    switch (mode) {
    case ColourMode::Memory:
    case ColourMode::Process: return isShade ? theme.memoryShade[slot] : theme.memory[slot];
    case ColourMode::SizeClass: {
        const QColor colour = sizeColour(theme, index);
        return isShade ? (theme.isDark ? colour.darker(115) : colour.lighter(112)) : colour;
    }
    case ColourMode::Finding: {
        const QColor colour = endColour(theme, index);
        return isShade ? (theme.isDark ? colour.darker(130) : colour.lighter(125)) : colour;
    }
    }
    return theme.text;
}

namespace {

constexpr std::size_t kClasses = 32;  // more than any mode has
constexpr std::size_t kDensities = 256;
using Table = std::array<QRgb, kClasses * kDensities>;

Table tableOf(const Theme& theme, ColourMode mode) {
    constexpr double kWeakest = 0.22;  // of its colour, what the sparsest pixel keeps
    const QRgb ground = theme.base.rgb();
    Table table{};
    for (std::size_t c = 1; c < kClasses; ++c) {
        const QRgb ink = modeColour(theme, mode, static_cast<int>((c - 1) / 2), c % 2 == 0).rgb();
        for (std::size_t d = 0; d < kDensities; ++d) {
            const double share = kWeakest + (1 - kWeakest) * static_cast<double>(d) / (kDensities - 1);
            const auto mix = [share](int from, int to) { return static_cast<int>(from + (to - from) * share); };
            table[c * kDensities + d] = qRgb(mix(qRed(ground), qRed(ink)), mix(qGreen(ground), qGreen(ink)),
                                             mix(qBlue(ground), qBlue(ink)));
        }
    }
    return table;
}

}  // namespace

std::vector<QRgb> groundColours(const LaneLayout& layout, const PixelMap& map, const Theme& theme) {
    std::vector<QRgb> colours(static_cast<std::size_t>(map.height), theme.base.rgb());
    const auto fill = [&](double top, double bottom, QRgb colour) {
        const double tall = map.height;
        const auto from = static_cast<std::ptrdiff_t>(std::clamp(top, 0.0, tall));
        const auto to = static_cast<std::ptrdiff_t>(std::clamp(bottom, 0.0, tall));
        if (from < to) std::fill(colours.begin() + from, colours.begin() + to, colour);
    };
    const auto& lanes = layout.lanes();
    for (std::size_t i = 1; i < lanes.size(); i += 2) {
        fill(std::round(map.y(lanes[i].top)), std::round(map.y(lanes[i].bottom)), theme.alternate.rgb());
    }
    for (std::size_t i = 1; i < lanes.size(); ++i) {
        const double middle = map.y((lanes[i - 1].bottom + lanes[i].top) / 2);
        const double line = std::floor(middle / map.ratio) * map.ratio;
        if (middle >= 0) fill(std::round(line), std::round(line + map.ratio), theme.line.rgb());
    }
    return colours;
}

QImage colourPicture(const Picture& picture, const std::vector<QRgb>& grounds, const Theme& theme, ColourMode mode) {
    Table table = tableOf(theme, mode);
    QImage image(picture.width, picture.height, QImage::Format_RGB32);
    const auto width = static_cast<std::size_t>(picture.width);
    const QRgb* above = nullptr;
    for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(y)));
        const std::uint8_t* classes = picture.classes.data() + y * width;
        const std::uint8_t* density = picture.density.data() + y * width;
        // Rows that are taller than a pixel give the same line several times.
        const bool isAsAbove = above != nullptr && grounds[y] == grounds[y - 1]
                               && std::equal(classes, classes + width, classes - width)
                               && std::equal(density, density + width, density - width);
        if (isAsAbove) {
            std::copy_n(above, width, line);
        } else {
            table[0] = grounds[y];  // where there is no class there is no density
            for (std::size_t x = 0; x < width; ++x) line[x] = table[(classes[x] % kClasses) * kDensities + density[x]];
        }
        above = line;
    }
    return image;
}

}  // namespace alloclens
