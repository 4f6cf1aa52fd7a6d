// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/recording_question.h"

#include <QDir>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

namespace alloclens {
namespace {

constexpr auto kName = "recordingQuestion";

QMessageBox* question(QWidget& window, const QString& text, const QString& more) {
    auto* box = new QMessageBox(&window);
    box->setObjectName(kName);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(QObject::tr("Recording"));
    box->setText(text);
    box->setInformativeText(more);
    return box;
}

QPushButton* addButton(QMessageBox& box, const QString& text, QMessageBox::ButtonRole role, const char* name) {
    QPushButton* button = box.addButton(text, role);
    button->setObjectName(QLatin1String(name));
    return button;
}

bool isAsked(const QWidget& window) {
    const auto boxes = window.findChildren<QMessageBox*>(kName);
    return std::any_of(boxes.begin(), boxes.end(), [](const QMessageBox* box) { return box->isVisible(); });
}

QString recordingText(const QString& trace) {
    return QObject::tr("AllocLens is recording into %1.").arg(QDir::toNativeSeparators(trace));
}

}  // namespace

void askBeforeClosing(QWidget& window, const QString& trace, const std::function<void()>& stopped) {
    if (isAsked(window)) return;
    QMessageBox* box = question(
        window, recordingText(trace),
        QObject::tr("Closing the window ends the recording. The trace is then complete. AllocLens does not record what "
                    "programs send later."));
    const QPushButton* stop = addButton(*box, QObject::tr("&Stop and close"), QMessageBox::AcceptRole, "stopAndClose");
    QPushButton* keep = addButton(*box, QObject::tr("&Keep recording"), QMessageBox::RejectRole, "keepRecording");
    box->setDefaultButton(keep);
    box->setEscapeButton(keep);
    QObject::connect(box, &QMessageBox::buttonClicked, &window, [stop, stopped](const QAbstractButton* clicked) {
        if (clicked == stop) stopped();
    });
    box->open();
}

void askBeforeLeaving(QWidget& window, const QString& trace, const std::function<void(bool)>& go) {
    if (isAsked(window)) return;
    QMessageBox* box = question(window, recordingText(trace),
                                QObject::tr("The window can show the other file while the recording goes on."));
    QPushButton* keep = addButton(*box, QObject::tr("&Keep recording"), QMessageBox::AcceptRole, "keepRecording");
    const QPushButton* stop = addButton(*box, QObject::tr("&Stop recording"), QMessageBox::DestructiveRole,
                                        "stopRecording");
    QPushButton* cancel = addButton(*box, QObject::tr("Cancel"), QMessageBox::RejectRole, "cancelOpening");
    box->setDefaultButton(keep);
    box->setEscapeButton(cancel);
    QObject::connect(box, &QMessageBox::buttonClicked, &window, [keep, stop, go](const QAbstractButton* clicked) {
        if (clicked == keep || clicked == stop) go(clicked == keep);
    });
    box->open();
}

}  // namespace alloclens
