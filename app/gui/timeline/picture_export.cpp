// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/picture_export.h"

#include <QBuffer>
#include <QFile>
#include <QFileInfo>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <algorithm>
#include <ostream>

#include "app/gui/timeline/lane_names.h"
#include "app/gui/timeline/lane_note.h"
#include "app/gui/timeline/lane_plot.h"
#include "app/gui/timeline/legend.h"
#include "app/gui/timeline/live_bytes_strip.h"
#include "app/gui/timeline/overview_strip.h"
#include "core/base/replace_file.h"
#include "importers/read_files.h"

namespace alloclens {
namespace {

constexpr int kTitleHeight = 28;

void paintAll(QCPPainter& painter, LanePlot& plot, const ViewState& state, QSize size) {
    const Theme& theme = Theme::current();
    const Scene& scene = *plot.scene();
    painter.fillRect(QRect(QPoint(0, 0), size), theme.base);
    painter.setFont(plot.font());
    painter.setPen(theme.text);
    QString title = QFileInfo(QString::fromStdString(state.analysis()->trace->source->path())).fileName();
    if (!state.filterText().isEmpty()) title += QObject::tr("   filter: %1").arg(state.filterText());
    const int titleHeight = lineHeightFor(plot.font(), kTitleHeight);
    painter.drawText(QRect(6, 0, size.width() - 12, titleHeight), Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(title, Qt::ElideMiddle, size.width() - 12));
    LegendEntries entries = legendOf(scene);
    entries.hasSuspects = plot.brackets() != nullptr;
    const int legendHeight = Legend::heightFor(plot.font());
    const int bytesHeight = LiveBytesStrip::heightFor(plot.font());
    paintLegend(painter, QRect(6, titleHeight, size.width() - 12, legendHeight), entries, theme);
    const int overviewTop = titleHeight + legendHeight;
    const int lanesTop = overviewTop + OverviewStrip::kHeight;
    const int lanesHeight = std::max(1, size.height() - lanesTop - bytesHeight);
    paintOverview(painter, QRect(0, overviewTop, size.width(), OverviewStrip::kHeight), scene, state.range(), theme);
    painter.save();
    painter.translate(0, lanesTop);
    plot.paintExactly(painter, {size.width(), lanesHeight});
    painter.restore();
    painter.setFont(plot.font());
    if (const QString words = emptyTimelineWords(scene, state.filterText()); !words.isEmpty()) {
        painter.setPen(theme.text);
        painter.drawText(QRect(0, lanesTop, size.width(), lanesHeight), Qt::AlignCenter | Qt::TextWordWrap, words);
    }
    paintLiveBytes(painter, QRect(0, lanesTop + lanesHeight, size.width(), bytesHeight), scene, state.range(), theme);
}

QByteArray render(LanePlot& plot, const ViewState& state, const QString& suffix, QSize size, double scale) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (suffix == QLatin1String("png")) {
        QImage image((QSizeF(size) * scale).toSize(), QImage::Format_RGB32);
        if (image.isNull()) return {};
        image.setDevicePixelRatio(scale);
        QCPPainter painter(&image);
        paintAll(painter, plot, state, size);
        painter.end();
        image.save(&buffer, "PNG");
    } else if (suffix == QLatin1String("svg")) {
        QSvgGenerator svg;
        svg.setOutputDevice(&buffer);
        svg.setSize(size);
        svg.setResolution(plot.logicalDpiX());  // text has its size in points, so it is as large as in the window
        svg.setViewBox(QRect(QPoint(0, 0), size));
        svg.setTitle(QStringLiteral("AllocLens timeline"));
        QCPPainter painter;
        painter.begin(&svg);
        painter.setMode(QCPPainter::pmVectorized);
        paintAll(painter, plot, state, size);
        painter.end();
    } else {
        QPdfWriter pdf(&buffer);
        pdf.setResolution(plot.logicalDpiX());
        const double pointsPerDot = 72.0 / plot.logicalDpiX();
        pdf.setPageSize(QPageSize(QSizeF(size) * pointsPerDot, QPageSize::Point));
        pdf.setPageMargins(QMarginsF());
        pdf.setTitle(QStringLiteral("AllocLens timeline"));
        QCPPainter painter;
        painter.begin(&pdf);
        painter.setMode(QCPPainter::pmVectorized);
        paintAll(painter, plot, state, size);
        painter.end();
    }
    return bytes;
}

}  // namespace

Result<void> exportTimeline(LanePlot& plot, const ViewState& state, const QString& path, QSize size, double scale) {
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix != QLatin1String("png") && suffix != QLatin1String("svg") && suffix != QLatin1String("pdf")) {
        return Error{ErrorKind::Usage, "is not a picture format", path.toStdString(),
                     "End the name in .png, .svg or .pdf."};
    }
    if (!plot.scene()) return Error{ErrorKind::Usage, "nothing is open", path.toStdString(), "Open a log first."};
    const QByteArray bytes = render(plot, state, suffix, size, scale);
    if (bytes.isEmpty()) {
        return Error{ErrorKind::Output, "needs more memory than is available", path.toStdString(),
                     "Make the picture smaller, or write it as SVG or PDF."};
    }
    InputFiles inputs;
    addReadFiles(inputs, state.analysis()->trace->source->path(), "the log that is open");
    return writeFileWhole(QFile::encodeName(path).toStdString(), inputs, [&bytes](std::ostream& out) {
        out.write(bytes.constData(), static_cast<std::streamsize>(bytes.size()));
        return Result<void>();
    });
}

}  // namespace alloclens
