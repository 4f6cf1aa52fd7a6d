// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/class_palette.h"

#include <algorithm>
#include <array>

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

// Freed once, leaked, swept, freed again.
QColor endColour(const Theme& theme, int index) {
    static constexpr std::array kMemories = {Memory::Unknown, Memory::Trace, Memory::SystemMemory, Memory::Dram};
    return theme.memory[static_cast<std::size_t>(kMemories[static_cast<std::size_t>(std::clamp(index, 0, 3))])];
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

QImage colourPicture(const Picture& picture, const Theme& theme, ColourMode mode) {
    constexpr std::size_t kClasses = 32;  // more than any mode has
    constexpr std::size_t kDensities = 256;
    constexpr double kWeakest = 0.22;  // of its colour, what the sparsest pixel keeps
    std::array<QRgb, kClasses * kDensities> table{};
    for (std::size_t c = 1; c < kClasses; ++c) {
        const QColor colour = modeColour(theme, mode, static_cast<int>((c - 1) / 2), c % 2 == 0);
        for (int d = 0; d < static_cast<int>(kDensities); ++d) {
            const double share = kWeakest + (1 - kWeakest) * d / static_cast<double>(kDensities - 1);
            const auto mix = [share](int ground, int ink) { return static_cast<int>(ground + (ink - ground) * share); };
            table[c * kDensities + static_cast<std::size_t>(d)] = qRgb(mix(theme.base.red(), colour.red()),
                                                                       mix(theme.base.green(), colour.green()),
                                                                       mix(theme.base.blue(), colour.blue()));
        }
    }
    QImage image(picture.width, picture.height, QImage::Format_ARGB32_Premultiplied);
    for (int y = 0; y < picture.height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const std::size_t row = static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width);
        const std::uint8_t* classes = picture.classes.data() + row;
        const std::uint8_t* density = picture.density.data() + row;
        for (int x = 0; x < picture.width; ++x) line[x] = table[(classes[x] % kClasses) * kDensities + density[x]];
    }
    return image;
}

}  // namespace alloclens
