// SPDX-License-Identifier: GPL-3.0-or-later
//
// Asks where to record to and from where, and stays until recording has begun: what is refused is said in it, so that
// it can be put right.
#pragma once

#include <QDialog>
#include <QString>

#include "app/record/recorder.h"

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace alloclens {

class RecordDialog : public QDialog {
    Q_OBJECT
public:
    explicit RecordDialog(QWidget* parent = nullptr);

    /// What is typed in, or why it makes no sense.
    [[nodiscard]] Result<record::RecorderOptions> options() const;
    /// Recording was refused: the dialog can be used again.
    void showProblem(const QString& text);

signals:
    void recordRequested(const record::RecorderOptions& options);

private:
    [[nodiscard]] QFormLayout* fields();
    void browse();
    void request();

    QLineEdit* m_path;
    QLineEdit* m_socket;
    QCheckBox* m_replaces;
    QComboBox* m_rules;
    QComboBox* m_numbering;
    QComboBox* m_architecture;
    QSpinBox* m_devices;
    QLabel* m_problem;
    QDialogButtonBox* m_buttons;
    QString m_mayReplace;  ///< the file that the user agreed to lose
};

}  // namespace alloclens
