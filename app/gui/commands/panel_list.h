// SPDX-License-Identifier: GPL-3.0-or-later
//
// The panels below the timeline, one row a panel: its name in the code, the title of its tab, and the command that goes
// to it with key, text and tip; at last what makes it, which window/workspace.cpp alone knows. Tabs, their enum, the
// commands and the menu all come from these rows and have their order.
#pragma once

// clang-format off
#define ALLOCLENS_PANELS(PANEL) \
    PANEL(Findings, "Findings", "Alt+1", "Show the findings", "Go to the findings", makePanel<FindingsPanel>) \
    PANEL(Events, "Events", "Alt+2", "Show the events", "Go to the events", makeTable<eventsTable>) \
    PANEL(Addresses, "Addresses", "Alt+3", "Show the addresses", "Go to the addresses", makeTable<addressesTable>) \
    PANEL(Source, "Source", "Alt+4", "Show the source", "Go to the source", makePanel<SourcePanel>) \
    PANEL(Diagnostics, "Diagnostics", "Alt+5", "Show the diagnostics", "Go to the diagnostics", makePanel<DiagnosticsPanel>) \
    PANEL(Ledger, "Ledger", "Alt+6", "Show the ledger", "Go to the ledger: how far the log can be trusted", makePanel<LedgerPanel>) \
    PANEL(Mesh, "Mesh", "Alt+7", "Show the mesh", "Go to the mesh: where devices that run in step differ", makePanel<MeshPanel>)
// clang-format on
