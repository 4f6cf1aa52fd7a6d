// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/picture_export.h"

#include <QBuffer>
#include <QFile>
#include <QFileInfo>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <ostream>

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
    painter.drawText(QRect(6, 0, size.width() - 12, kTitleHeight), Qt::AlignLeft | Qt::AlignVCenter, title);
    LegendEntries entries = legendOf(scene);
    entries.hasSuspects = plot.brackets() != nullptr;
    paintLegend(painter, QRect(6, kTitleHeight, size.width() - 12, Legend::kHeight), entries, theme);
    const int overviewTop = kTitleHeight + Legend::kHeight;
    const int lanesTop = overviewTop + OverviewStrip::kHeight;
    const int lanesHeight = size.height() - lanesTop - LiveBytesStrip::kHeight;
    paintOverview(painter, QRect(0, overviewTop, size.width(), OverviewStrip::kHeight), scene, state.range(), theme);
    painter.save();
    painter.translate(0, lanesTop);
    plot.paintExactly(painter, {size.width(), lanesHeight});
    painter.restore();
    painter.setFont(plot.font());
    paintLiveBytes(painter, QRect(0, lanesTop + lanesHeight, size.width(), LiveBytesStrip::kHeight), scene,
                   state.range(), theme);
}

QByteArray render(LanePlot& plot, const ViewState& state, const QString& suffix, QSize size) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (suffix == QLatin1String("png")) {
        QImage image(size, QImage::Format_RGB32);
        QCPPainter painter(&image);
        paintAll(painter, plot, state, size);
        painter.end();
        image.save(&buffer, "PNG");
    } else if (suffix == QLatin1String("svg")) {
        QSvgGenerator svg;
        svg.setOutputDevice(&buffer);
        svg.setSize(size);
        svg.setViewBox(QRect(QPoint(0, 0), size));
        svg.setTitle(QStringLiteral("AllocLens timeline"));
        QCPPainter painter;
        painter.begin(&svg);
        painter.setMode(QCPPainter::pmVectorized);
        paintAll(painter, plot, state, size);
        painter.end();
    } else {
        QPdfWriter pdf(&buffer);
        constexpr int kDotsPerInch = 96;
        pdf.setResolution(kDotsPerInch);
        constexpr double kPointsPerDot = 72.0 / kDotsPerInch;
        pdf.setPageSize(QPageSize(QSizeF(size) * kPointsPerDot, QPageSize::Point));
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

Result<void> exportTimeline(LanePlot& plot, const ViewState& state, const QString& path, QSize size) {
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix != QLatin1String("png") && suffix != QLatin1String("svg") && suffix != QLatin1String("pdf")) {
        return Error{ErrorKind::Usage, "is no picture format", path.toStdString(),
                     "End the name in .png, .svg or .pdf."};
    }
    if (!plot.scene()) return Error{ErrorKind::Usage, "nothing is open", path.toStdString(), "Open a log first."};
    const QByteArray bytes = render(plot, state, suffix, size);
    InputFiles inputs;
    addReadFiles(inputs, state.analysis()->trace->source->path(), "the log that is open");
    return writeFileWhole(QFile::encodeName(path).toStdString(), inputs, [&bytes](std::ostream& out) {
        out.write(bytes.constData(), static_cast<std::streamsize>(bytes.size()));
        return Result<void>();
    });
}

}  // namespace alloclens
