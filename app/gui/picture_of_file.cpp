// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/picture_of_file.h"

#include <QEventLoop>
#include <QSize>

#include <cstdio>

#include "app/gui/command_line.h"
#include "app/gui/document.h"
#include "app/gui/timeline/timeline_view.h"
#include "app/gui/view_state.h"

namespace alloclens {
namespace {

constexpr QSize kPictureSize(1600, 900);

int fail(const Error& error, int status) {
    std::fprintf(stderr, "alloclens: %s\n", error.sentence().c_str());
    return status;
}

}  // namespace

int writePictureOfFile(const QString& file, const QString& picture) {
    Document document;
    ViewState state;
    TimelineView view(state);
    view.resize(kPictureSize);
    QEventLoop loop;
    std::optional<Error> failure;
    QObject::connect(&document, &Document::failed, &loop, [&](const Error& error) { failure = error; });
    QObject::connect(&document, &Document::loadFinished, &loop, &QEventLoop::quit);
    document.open(file);
    loop.exec();
    if (failure) return fail(*failure, kCannotRead);
    state.setAnalysis(document.analysis());
    view.showAll();
    if (const auto written = view.exportPicture(picture, kPictureSize); !written) return fail(written.error(), 1);
    return 0;
}

}  // namespace alloclens
