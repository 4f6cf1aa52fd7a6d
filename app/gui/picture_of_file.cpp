// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/picture_of_file.h"

#include <QEventLoop>
#include <QFile>

#include "app/gui/command_line.h"
#include "app/gui/document/document.h"
#include "app/gui/document/view_state.h"
#include "app/gui/timeline/timeline_view.h"
#include "core/base/replace_file.h"
#include "core/base/standard_streams.h"
#include "importers/read_files.h"

namespace alloclens {
namespace {

int fail(const Error& error, int status) {
    saySentence("alloclens", error.sentence());
    return status;
}

}  // namespace

int writePictureOfFile(const CommandLine& line) {
    const QString& file = line.files.front();
    const QString& picture = line.picture;
    InputFiles inputs;
    addReadFiles(inputs, QFile::encodeName(file).toStdString(), "the log to be read");
    if (const auto possible = checkOutput(QFile::encodeName(picture).toStdString(), inputs); !possible)
        return fail(possible.error(), possible.error().kind == ErrorKind::Usage ? kWrongCommandLine : 1);
    Document document;
    ViewState state;
    TimelineView view(state);
    view.resize(line.size);
    QEventLoop loop;
    std::optional<Error> failure;
    QObject::connect(&document, &Document::failed, &loop, [&](const Error& error) { failure = error; });
    QObject::connect(&document, &Document::loadFinished, &loop, &QEventLoop::quit);
    document.open({.path = file});
    loop.exec();
    if (failure) return fail(*failure, kCannotRead);
    state.setAnalysis(document.analysis());
    view.showAll();
    if (const auto written = view.exportPicture(picture, line.size, line.scale); !written)
        return fail(written.error(), 1);
    return 0;
}

}  // namespace alloclens
