// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/mesh/mesh_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "app/gui/document/copy_source.h"
#include "app/gui/look/words.h"
#include "app/gui/panels/mesh/mesh_cell.h"
#include "app/gui/panels/mesh/mesh_map.h"
#include "app/gui/panels/mesh/mesh_words.h"

namespace alloclens {

MeshPanel::MeshPanel(ViewState& state, QWidget* parent)
    : QWidget(parent),
      m_state(state),
      m_choice(new QComboBox(this)),
      m_head(new QLabel(this)),
      m_all(new QToolButton(this)),
      m_legend(new MeshLegend(this)),
      m_note(new QLabel(this)),
      m_map(new MeshMap(this)) {
    m_choice->setObjectName("meshChoice");
    m_choice->setAccessibleName(tr("Mesh"));
    m_choice->setToolTip(tr("The group of devices that run in step, if there are several groups"));
    m_head->setObjectName("meshHead");
    m_head->setWordWrap(true);
    m_head->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_all->setObjectName("quietButton");
    m_all->setText(tr("All addresses"));
    m_all->setToolTip(tr("Show all addresses again (Backspace)"));
    m_note->setObjectName("meshNote");
    m_note->setAlignment(Qt::AlignCenter);
    m_note->setWordWrap(true);
    m_note->setMargin(16);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setAttribute(Qt::WA_TransparentForMouseEvents);
    (new QVBoxLayout(m_map->viewport()))->addWidget(m_note);

    auto* head = new QHBoxLayout;
    head->setContentsMargins(8, 4, 8, 4);
    head->setSpacing(8);
    head->addWidget(m_choice);
    head->addWidget(m_head, 1);
    head->addWidget(m_all);
    head->addWidget(m_legend);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_map, 1);
    setFocusProxy(m_map);
    connectViews();
    listMeshes();
    refresh();
}

void MeshPanel::connectViews() {
    connect(m_choice, &QComboBox::currentIndexChanged, this, [this] {
        m_isToChoose = false;
        m_job.cancel();
        show(nullptr);
        refresh();
    });
    connect(m_map, &MeshMap::picked, this, &MeshPanel::select);
    connect(m_map, &MeshMap::activated, this, [this] { m_state.revealSelection(); });
    connect(m_map, &MeshMap::visibleChanged, this, [this] { m_all->setVisible(!m_map->showsAll()); });
    connect(m_all, &QToolButton::clicked, m_map, &MeshMap::showAll);
    connect(&m_state, &ViewState::analysisChanged, this, [this] {
        listMeshes();
        refresh();
    });
    connect(&m_state, &ViewState::filterChanged, this, [this] {
        m_job.cancel();
        m_isOfOtherFilter = true;
        refresh();
    });
    connect(&m_state, &ViewState::selectionChanged, this, [this] {
        m_isToChoose = true;
        showSelection();
    });
    new CopySource(*m_map, [this] {
        const auto cell = m_matrix ? m_map->current() : std::nullopt;
        return cell ? meshCellText(*m_of, *m_matrix, cell->row, {cell->column, cell->column + 1}) + '\n' : QString();
    });
    m_map->setDescribe([this](std::size_t row, MeshMap::Columns columns) {
        return m_matrix ? meshCellText(*m_of, *m_matrix, row, columns) : QString();
    });
}

// The mesh that was chosen stays chosen while the file grows.
void MeshPanel::listMeshes() {
    const QSignalBlocker quiet(*m_choice);
    const int chosen = std::max(0, m_choice->currentIndex());
    const bool isSame = m_documentNumber == m_state.documentNumber();
    m_choice->clear();
    if (m_state.analysis()) {
        for (const Mesh& mesh : m_state.analysis()->findings.mesh.meshes) m_choice->addItem(meshName(mesh));
    }
    if (isSame && chosen < m_choice->count()) m_choice->setCurrentIndex(chosen);
    m_choice->setVisible(m_choice->count() > 1);
}

void MeshPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

// What is shown stays until there is a newer one; nothing is kept for a panel that nobody sees.
void MeshPanel::refresh() {
    const auto& analysis = m_state.analysis();
    const bool isOfOther = std::exchange(m_documentNumber, m_state.documentNumber()) != m_state.documentNumber();
    if (!analysis || isOfOther || m_choice->count() == 0) m_job.cancel();
    const bool isNew = m_of != analysis || m_isOfOtherFilter;
    if (!analysis || isOfOther || m_choice->count() == 0 || (isNew && !isVisible())) show(nullptr);
    if (!analysis || !isVisible() || m_job.isRunning() || m_choice->count() == 0) return describe();
    if (m_matrix && !isNew) return describe();
    start();
}

void MeshPanel::start() {
    const auto analysis = m_state.analysis();
    const auto mesh = static_cast<std::uint32_t>(m_choice->currentIndex());
    m_isOfOtherFilter = false;
    m_job.start(
        [analysis, mesh, filter = m_state.filterResult()](const TaskContext& task) {
            return MeshMatrix::of(analysis->findings.mesh, mesh, filter ? &filter->findings : nullptr, task);
        },
        [this, analysis, mesh](Result<MeshMatrix> matrix) {
            if (!matrix) return m_note->setText(toQString(matrix.error().sentence()));
            m_of = analysis;
            m_mesh = mesh;
            show(std::make_shared<const MeshMatrix>(std::move(*matrix)));
            refresh();  // there may be more of the file by now
        });
    describe();
}

void MeshPanel::show(std::shared_ptr<const MeshMatrix> matrix) {
    m_matrix = std::move(matrix);
    if (!m_matrix) m_of.reset();
    m_map->setMatrix(m_matrix, m_of ? m_of->trace->addressForm : AddressForm::Decimal);
    showSelection();
    describe();
}

void MeshPanel::describe() {
    const bool hasCells = m_matrix && m_matrix->divergences() > 0;
    m_legend->setVisible(hasCells);
    m_note->setVisible(!hasCells);
    m_head->setVisible(m_matrix != nullptr);
    m_all->setVisible(hasCells && !m_map->showsAll());
    if (m_matrix) m_head->setText(meshHeadText(m_of->findings.mesh.meshes[m_mesh], *m_matrix));
    if (hasCells) return;
    if (!m_state.analysis()) {
        m_note->setText(tr("Open a log to compare its devices that run in step here, address by address."));
    } else if (m_choice->count() == 0) {
        m_note->setText(noMeshText(*m_state.analysis()));
    } else if (m_matrix) {
        m_note->setText(noDivergenceText(m_of->findings.mesh.meshes[m_mesh], *m_matrix));
    } else {
        m_note->setText(tr("Comparing …"));
    }
}

void MeshPanel::select(std::uint32_t divergence) {
    m_state.select(selectionOf(*m_of, m_of->findings.mesh.divergences[divergence].finding), *m_of);
}

// The cell of the finding that is selected, or else of the address. A finding of another mesh chooses that, but once:
// whoever then chooses one by hand keeps it.
void MeshPanel::showSelection() {
    const auto& analysis = m_state.analysis();
    const Selection& selection = m_state.selection();
    if (!analysis || !m_matrix || m_of != analysis) return;
    const MeshDivergence* divergence = selection.finding.isValid() ? analysis->findings.mesh.of(selection.finding)
                                                                   : nullptr;
    const bool isToChoose = std::exchange(m_isToChoose, false);
    if (divergence != nullptr && divergence->mesh != m_mesh) {
        return isToChoose ? m_choice->setCurrentIndex(static_cast<int>(divergence->mesh)) : m_map->setCurrent({});
    }
    if (divergence != nullptr) return m_map->setCurrent(m_matrix->find(divergence->device, divergence->address));
    if (!selection.address.isValid()) return m_map->setCurrent({});
    const AddressKey& key = analysis->key(selection.address);
    m_map->setCurrent(m_matrix->find(key.device, key.address));
}

}  // namespace alloclens
