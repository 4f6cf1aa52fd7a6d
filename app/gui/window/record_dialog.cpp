// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/record_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QDialogButtonBox>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QStandardPaths>
#include <QVBoxLayout>

#include <algorithm>

#include "app/gui/document/settings.h"
#include "app/gui/look/words.h"

namespace alloclens {
namespace {

QString newTracePath() {
    QString folder = QSettings().value("record/folder").toString();
    if (folder.isEmpty() || !QFileInfo(folder).isDir()) {
        folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    }
    if (!QFileInfo(folder).isDir()) folder = QDir::homePath();
    const QString time = QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss"));
    return QDir(folder).filePath(QStringLiteral("trace-%1.alens").arg(time));
}

}  // namespace

RecordDialog::RecordDialog(QWidget* parent)
    : QDialog(parent),
      m_path(new QLineEdit(newTracePath(), this)),
      m_socket(new QLineEdit(QLatin1String(record::kServerSocket), this)),
      m_replaces(new QCheckBox(tr("Take the place of a server that is running"), this)),
      m_rules(new QComboBox(this)),
      m_numbering(new QComboBox(this)),
      m_architecture(new QComboBox(this)),
      m_devices(new QSpinBox(this)),
      m_problem(new QLabel(this)),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this)) {
    setObjectName("recordDialog");
    setWindowTitle(tr("Record"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* about = new QLabel(
        tr("Takes the tracking server's place and shows what programs send while it records. Start "
           "them with TT_ALLOC_TRACKING_ENABLED=1."),
        this);
    about->setWordWrap(true);
    m_problem->setObjectName("recordProblem");
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    QPushButton* record = m_buttons->addButton(tr("&Record"), QDialogButtonBox::AcceptRole);
    record->setObjectName("recordButton");
    record->setDefault(true);
    m_buttons->button(QDialogButtonBox::Cancel)->setIcon({});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(about);
    layout->addLayout(fields());
    layout->addWidget(m_problem);
    layout->addStretch(1);
    layout->addWidget(m_buttons);
    layout->setSizeConstraint(QLayout::SetMinimumSize);  // grows with what is said, and squeezes nothing
    setMinimumWidth(560);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &RecordDialog::request);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

QFormLayout* RecordDialog::fields() {
    m_path->setObjectName("recordPath");
    m_socket->setObjectName("recordSocket");
    m_replaces->setObjectName("recordReplaces");
    m_rules->addItems({tr("First size is kept (poc server)"), tr("Latest size is kept (enhanced server)")});
    m_rules->setToolTip(tr("How the server treats a second allocation of a live address"));
    m_numbering->addItems({tr("C++ programs"), tr("Python programs")});
    m_numbering->setToolTip(tr("Python's numbers of memories differ: they leave out SYSTEM_MEMORY"));
    m_architecture->addItems(
        {tr("not known"), QStringLiteral("grayskull"), QStringLiteral("wormhole_b0"), QStringLiteral("blackhole")});
    m_architecture->setToolTip(tr("The answer to programs that ask for the devices"));
    m_devices->setRange(1, kMostDevices);
    m_devices->setEnabled(false);
    connect(m_architecture, &QComboBox::currentIndexChanged, m_devices,
            [this](int at) { m_devices->setEnabled(at > 0); });
    auto* browse = new QPushButton(tr("&Browse..."), this);
    connect(browse, &QPushButton::clicked, this, &RecordDialog::browse);
    auto* place = new QHBoxLayout;
    place->setSpacing(8);
    place->addWidget(m_path, 1);
    place->addWidget(browse);
    auto* devices = new QHBoxLayout;
    devices->setSpacing(8);
    devices->addWidget(m_architecture, 1);
    devices->addWidget(m_devices);
    const auto labelOf = [this](const QString& text, QWidget* field) {
        auto* label = new QLabel(text, this);
        label->setBuddy(field);
        return label;
    };
    auto* form = new QFormLayout;
    form->setSpacing(8);
    form->addRow(labelOf(tr("&Trace:"), m_path), place);
    form->addRow(tr("&Socket:"), m_socket);
    form->addRow({}, m_replaces);
    form->addRow(tr("R&ules:"), m_rules);
    form->addRow(tr("&Memories as numbered by:"), m_numbering);
    form->addRow(labelOf(tr("&Devices:"), m_architecture), devices);
    m_path->setAccessibleName(tr("Trace to write"));
    m_devices->setAccessibleName(tr("Number of devices"));
    m_architecture->setAccessibleName(tr("Architecture of the devices"));
    return form;
}

void RecordDialog::browse() {
    auto* dialog = new QFileDialog(this, tr("Record into"), QFileInfo(m_path->text()).absolutePath());
    dialog->setObjectName("recordFileDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("alens"));
    dialog->setNameFilters({tr("Traces (*.alens)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_path->setText(path);
        m_mayReplace = path;  // the file dialog has asked
    });
    dialog->open();
}

Result<record::RecorderOptions> RecordDialog::options() const {
    record::RecorderOptions options;
    const QString path = m_path->text().trimmed();
    if (path.isEmpty()) return Error{ErrorKind::Usage, "the name of the trace is missing", {}, "Name a file."};
    options.path = QFile::encodeName(QFileInfo(path).absoluteFilePath()).toStdString();
    options.replacesFile = path == m_mayReplace;
    if (!options.replacesFile && QFileInfo(path).isFile()) {
        return Error{ErrorKind::Usage, "exists", options.path, "Name another file, or browse for it to replace it."};
    }
    options.socket.path = QFile::encodeName(m_socket->text().trimmed()).toStdString();
    options.socket.replacesServer = m_replaces->isChecked();
    if (m_rules->currentIndex() == 1) options.voice = record::Voice::Enhanced;
    if (m_numbering->currentIndex() == 1) options.bufferTypes = alloc_message::BufferTypes::Python;
    if (m_architecture->currentIndex() > 0) {
        auto devices = record::devicesOfArchitecture(m_architecture->currentText().toStdString(),
                                                     static_cast<std::uint32_t>(m_devices->value()));
        if (!devices) return devices.error();
        options.devices = std::move(*devices);
    }
    options.program = "alloclens " ALLOCLENS_VERSION;
    return options;
}

void RecordDialog::request() {
    const auto wanted = options();
    if (!wanted) return showProblem(toQString(wanted.error().sentence()));
    m_problem->hide();
    m_buttons->setEnabled(false);
    storeSetting("record/folder", QFileInfo(m_path->text()).absolutePath());
    emit recordRequested(*wanted);
}

void RecordDialog::showProblem(const QString& text) {
    m_problem->setText(text);
    m_problem->show();
    resize(width(), std::max(height(), layout()->totalHeightForWidth(width())));
    m_buttons->setEnabled(true);
}

}  // namespace alloclens
