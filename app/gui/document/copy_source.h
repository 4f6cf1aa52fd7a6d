// SPDX-License-Identifier: GPL-3.0-or-later
//
// What Edit > Copy takes from a widget. A widget that has something to copy owns a CopySource; fields and labels are
// asked for their selected text without one. Copying is a plain call: no key is sent to the widget, which might hand
// it back to the command that sent it. Lives on the GUI thread.
#pragma once

#include <QObject>
#include <QString>

#include <functional>

class QWidget;

namespace alloclens {

class ViewState;

class CopySource : public QObject {
    Q_OBJECT
public:
    /// `text` returns what to copy just now; empty for nothing. Owned by `widget`.
    CopySource(QWidget& widget, std::function<QString()> text);

    [[nodiscard]] QString text() const { return m_text(); }

private:
    std::function<QString()> m_text;
};

/// The text selected in `focus`, else that of the nearest CopySource on the way from it to its window; empty for none.
[[nodiscard]] QString textToCopy(const QWidget& focus);

/// What is selected in a line, for views that show more than text: "double free  device 4  0x296dd000 ... line 15,261".
[[nodiscard]] QString selectionToCopy(const ViewState& state);

}  // namespace alloclens
