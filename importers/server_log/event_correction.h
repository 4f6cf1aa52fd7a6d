// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sets right events that read well and are not what the server meant: a refusal that was cut behind its id, and numbers
// with another writer's digits at an end. Only what another line confirms is changed. Looks at the events close to
// damaged lines and at those of a process or device that hardly occurs.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "core/base/result.h"
#include "importers/server_log/damage.h"
#include "importers/server_log/drafted_events.h"
#include "importers/server_log/key_history.h"
#include "importers/server_log/known_names.h"
#include "importers/server_log/log_window.h"
#include "importers/server_log/reassembly_report.h"

namespace alloclens::server_log {

class EventCorrection {
public:
    EventCorrection(const Damage& damage, const KnownNames& names, DraftedEvents& drafted, KeyHistory& history,
                    ReassemblyReport& report)
        : m_damage(damage), m_names(names), m_drafted(drafted), m_history(history), m_report(report) {}

    /// Asks the history for all addresses that may be looked at; to be called before it collects.
    void wantKeys();
    /// Gives refusals the device that stands on their next line. Errors are the input's.
    [[nodiscard]] Result<void> placeRefusals(LogWindow& window);
    /// Takes foreign digits off. True if there were any.
    [[nodiscard]] bool correctNumbers();

private:
    using Visit = std::function<void(const TracePart::Event&)>;

    void wantOthers(const TracePart::Event& event);
    void findStrangers();
    void place(std::size_t i, TracePart::Event event, std::int32_t device);
    void forEachOther(const TracePart::Event& event, const Visit& visit) const;
    [[nodiscard]] bool correct(std::size_t i, const TracePart::Event& event);
    [[nodiscard]] std::optional<TracePart::Event> theOneMeant(const TracePart::Event& event, EventPlace place);
    [[nodiscard]] bool setsRight(const TracePart::Event& event, const TracePart::Event& other, EventPlace place);
    void replace(const TracePart::Event& event, const TracePart::Event& other, EventPlace place);

    const Damage& m_damage;
    const KnownNames& m_names;
    DraftedEvents& m_drafted;
    KeyHistory& m_history;
    ReassemblyReport& m_report;
    std::vector<std::size_t> m_strangers;  ///< events of a process or device that hardly occurs
};

}  // namespace alloclens::server_log
