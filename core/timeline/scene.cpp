// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/scene.h"

namespace alloclens {

ViewRange Scene::fullRange() const {
    const AcrossExtent across = extent();
    const double everything = across.to - across.from;
    return confined({across.from - everything, across.to + everything, 0, layout.height()}, across, layout.height());
}

Result<std::shared_ptr<const Scene>> buildScene(std::shared_ptr<const Analysis> analysis, SceneFilter filter,
                                                const SceneOptions& options, const TaskContext& task) {
    auto scene = std::make_shared<Scene>();
    scene->analysis = std::move(analysis);
    scene->options = options;
    scene->filter = std::move(filter);
    LaneLayout::Options layout;
    layout.mode = options.downMode;
    layout.lifetimesShown = scene->filter.lifetimes.get();
    layout.findingsShown = scene->filter.findings.get();
    scene->layout = LaneLayout::build(*scene->analysis, layout);
    if (task.isCancelled()) return TaskContext::cancelled();
    scene->classes = lifetimeClasses(*scene->analysis, options.colourMode);
    scene->marks = findMarks(scene->source(), scene->filter.findings.get());
    if (task.isCancelled()) return TaskContext::cancelled();
    scene->liveBytes = LiveBytes::build(*scene->analysis, scene->filter.lifetimes.get());
    return std::shared_ptr<const Scene>(std::move(scene));
}

}  // namespace alloclens
