//===- TileSearch.h - The best tile of registers for a contraction ----------===//
#ifndef CNNC_TILING_TILESEARCH_H
#define CNNC_TILING_TILESEARCH_H

#include "compiler/Support/LoopNest.h"
#include "compiler/Support/MachineModel.h"
#include "compiler/Support/Schedule.h"

namespace cnnc {

/// The schedule with the fewest cycles by the model of docs/Rationale.md for a linearized nest in
/// which some loops do not index all inputs, so that what is loaded once is used several
/// times. Nothing for other nests.
std::optional<Schedule> searchTile(const LoopNest &nest, const MachineModel &machine);

/// A pass with the options `tileOptions` of Passes.td.
template <typename PassBase> struct WithMachine : PassBase {
  using PassBase::PassBase;

protected:
  MachineModel machineModel() const {
    MachineModel machine;
    machine.vectorBits = this->vectorBits;
    machine.registers = this->registers;
    machine.fmaPorts = this->fmaPorts;
    machine.fmaLatency = this->fmaLatency;
    machine.loadPorts = this->loadPorts;
    machine.l1Bytes = this->l1Bytes;
    machine.l2Bytes = this->l2Bytes;
    machine.l2Bandwidth = this->l2Bandwidth;
    return machine;
  }
};

} // namespace cnnc

#endif // CNNC_TILING_TILESEARCH_H
