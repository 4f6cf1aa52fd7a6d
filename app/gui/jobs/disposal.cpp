// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/jobs/disposal.h"

#include <QCoreApplication>
#include <QThreadPool>

namespace alloclens {

void freeInBackground(std::function<void()> free) {
    if (QCoreApplication::instance() == nullptr || QCoreApplication::closingDown()) return free();
    QThreadPool::globalInstance()->start(std::move(free));
}

}  // namespace alloclens
