// SPDX-License-Identifier: GPL-3.0-or-later
//
// One line under the tool bar that says what the colours and the cross mean in the mode in force, and, while a stretch
// is dragged over, what it sums up to.
#pragma once

#include <QWidget>

#include <memory>

#include "core/timeline/scene.h"

namespace alloclens {

class Legend : public QWidget {
    Q_OBJECT
public:
    explicit Legend(QWidget* parent = nullptr);
    void setScene(std::shared_ptr<const Scene> scene);
    /// Replaces the colours by a text; an empty text brings them back.
    void setText(const QString& text);
    static constexpr int kHeight = 24;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::shared_ptr<const Scene> m_scene;
    std::vector<int> m_colours;  ///< those that the scene uses
    QString m_text;
};

}  // namespace alloclens
