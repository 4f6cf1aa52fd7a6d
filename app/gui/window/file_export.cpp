// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/file_export.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QPointer>

#include <algorithm>
#include <variant>

#include "app/gui/jobs/jobs.h"
#include "app/gui/look/words.h"
#include "app/gui/timeline/timeline_view.h"
#include "core/base/replace_file.h"
#include "core/report/report.h"
#include "importers/read_files.h"

namespace alloclens {
namespace {

using Written = Result<std::monostate>;

/// What the window shows, which no export may replace.
InputFiles openFiles(const Analysis& analysis) {
    InputFiles inputs;
    addReadFiles(inputs, analysis.trace->source->path(), "the log that is open");
    return inputs;
}

}  // namespace

FileExport::FileExport(ViewState& state, TimelineView& timeline, QWidget& window)
    : QObject(&window), m_state(state), m_timeline(timeline), m_window(window) {}

void FileExport::ask(const QString& title, const QString& suffix, const QStringList& filters,
                     const std::function<void(const QString&)>& write) {
    if (!m_state.analysis()) return;
    const QFileInfo source(toQString(m_state.analysis()->trace->source->path()));
    auto* dialog = new QFileDialog(&m_window, title, source.absolutePath());
    dialog->setObjectName("exportDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(source.completeBaseName() + '.' + suffix);
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.section(QStringLiteral("*."), 1, 1).section(')', 0, 0));
    });
    connect(dialog, &QFileDialog::fileSelected, this, write);
    dialog->open();
}

void FileExport::askAndExportFindings(const QString& format) {
    ask(tr("Export findings"), format, {tr("%1 files (*.%2)").arg(format.toUpper(), format)},
        [this, format](const QString& path) { exportFindings(path, format); });
}

void FileExport::askAndExportTimeline() {
    ask(tr("Export timeline"), "png",
        {tr("PNG pictures (*.png)"), tr("SVG drawings (*.svg)"), tr("PDF documents (*.pdf)")},
        [this](const QString& path) { exportTimeline(path); });
}

bool FileExport::mayExport() {
    if (m_state.isGrowing()) emit said(tr("The log is still loading. Export it when loading is complete."));
    return m_state.analysis() != nullptr && !m_state.isGrowing();
}

void FileExport::exportFindings(const QString& path, const QString& format) {
    const Report* report = findReport("findings", format.toStdString());
    if (report == nullptr || !mayExport()) return;
    const std::string file = QFile::encodeName(path).toStdString();
    // Of the program and not of the window, which may be closed meanwhile; the next export does not end this one.
    auto* job = new Job(QCoreApplication::instance());
    connect(job, &Job::finished, job, &QObject::deleteLater);
    job->start(
        [analysis = m_state.analysis(), filter = m_state.filterResult(),
         filterText = m_state.filterText().toStdString(), report, file](const TaskContext&) -> Written {
            ReportInput input;
            input.analysis = analysis.get();
            input.filter = filter.get();
            if (filter) input.filterText = filterText;
            const auto written = writeFileWhole(file, openFiles(*analysis),
                                                [&](std::ostream& out) { return report->write(input, out); });
            if (!written) return written.error();
            return std::monostate{};
        },
        [self = QPointer<FileExport>(this), path](const Written& written) {
            if (!self) return;
            emit self->said(written ? tr("The findings were written to %1.").arg(QDir::toNativeSeparators(path))
                                    : toQString(written.error().sentence()));
        });
}

void FileExport::exportTimeline(const QString& path) {
    if (!mayExport()) return;
    constexpr double kFine = 2;  // pictures are for documents, whose readers zoom in
    const auto written = m_timeline.exportPicture(path, m_timeline.size(),
                                                  std::max(kFine, m_timeline.devicePixelRatioF()));
    emit said(written ? tr("The timeline was written to %1.").arg(QDir::toNativeSeparators(path))
                      : toQString(written.error().sentence()));
}

}  // namespace alloclens
