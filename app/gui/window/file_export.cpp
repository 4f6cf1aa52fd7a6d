// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/file_export.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QPointer>

#include <algorithm>
#include <array>
#include <variant>

#include "app/gui/jobs/jobs.h"
#include "app/gui/look/words.h"
#include "app/gui/timeline/timeline_view.h"
#include "app/gui/window/export_name.h"
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

void FileExport::ask(const QString& title, const QString& name, const QStringList& filters,
                     const std::function<void(const QString&, qsizetype)>& write) {
    const QFileInfo source(sourcePath());
    auto* dialog = new QFileDialog(&m_window, title, source.absolutePath());
    dialog->setObjectName("exportDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(QFileInfo(name).suffix());
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.section(QStringLiteral("*."), 1, 1).section(')', 0, 0));
    });
    connect(dialog, &QFileDialog::fileSelected, this, [dialog, filters, write](const QString& path) {
        write(path, std::max<qsizetype>(0, filters.indexOf(dialog->selectedNameFilter())));
    });
    dialog->open();
}

void FileExport::askAndExportFindings(const QString& format) {
    if (!m_state.analysis()) return;
    ask(tr("Export findings"), exportName(sourcePath(), m_state.filterText(), format),
        {tr("%1 files (*.%2)").arg(format.toUpper(), format)},
        [this, format](const QString& path, qsizetype) { exportFindings(path, format); });
}

void FileExport::askAndExportTimeline() {
    if (!m_state.analysis()) return;
    // Pictures are for documents, whose readers zoom in: the first is finer than the screen.
    const std::array scales{std::max(2.0, m_timeline.devicePixelRatioF()), 1.0, 4.0};
    QStringList filters;
    for (const double scale : scales) {
        const QSize pixels = (QSizeF(m_timeline.size()) * scale).toSize();
        filters += tr("PNG pictures, %1 × %2 pixels (*.png)").arg(pixels.width()).arg(pixels.height());
    }
    filters += {tr("SVG drawings (*.svg)"), tr("PDF documents (*.pdf)")};
    ask(tr("Export timeline"), exportName(sourcePath(), {}, "png"), filters,
        [this, scales](const QString& path, qsizetype chosen) {
            exportTimeline(path, scales.at(static_cast<std::size_t>(chosen) % scales.size()));
        });
}

QString FileExport::sourcePath() const { return toQString(m_state.analysis()->trace->source->path()); }

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
        [self = QPointer<FileExport>(this), path, filterText = m_state.filterText()](const Written& written) {
            if (!self) return;
            const QString place = QDir::toNativeSeparators(path);
            emit self->said(
                !written ? toQString(written.error().sentence())
                : filterText.isEmpty()
                    ? tr("The findings were written to %1.").arg(place)
                    : tr("The findings that pass the filter %1 were written to %2.").arg(filterText, place));
        });
}

void FileExport::exportTimeline(const QString& path, double scale) {
    if (!mayExport()) return;
    const auto written = m_timeline.exportPicture(path, m_timeline.size(), scale);
    emit said(written ? tr("The timeline was written to %1.").arg(QDir::toNativeSeparators(path))
                      : toQString(written.error().sentence()));
}

}  // namespace alloclens
