//===- Passes.td - Tiling --------------------------------------*- tablegen -*-===//

#ifndef CNNC_TILING_PASSES_TD
#define CNNC_TILING_PASSES_TD

include "mlir/Pass/PassBase.td"

def SelectSchedulePass : Pass<"cnn-select-schedule", "::mlir::func::FuncOp"> {
  let summary = "choose the order of loops";
  let description = [{
    Looks which loop would be the best innermost one: the loop along which most operands are
    contiguous or constant, a result that is written with a stride weighing most. Where that is
    another one than now, gives the op `cnn.schedule`, a permutation of its loops: position i holds
    the loop that comes i-th. It is data: it can be read in the IR, written by hand, and is applied
    by `cnn-apply-schedule`.

    Legal for ops all of whose loops are parallel. Leaves alone: reductions, whose order decides how
    a sum is rounded; ops that have a schedule already.

    ```mlir
    linalg.generic {indexing_maps = [(i, j) -> (j, i), (i, j) -> (j, i)], …}
    ==>
    linalg.generic {indexing_maps = [(i, j) -> (j, i), (i, j) -> (j, i)], …} attrs = {cnn.schedule = array<i64: 1, 0>}
    ```
  }];
  let statistics = [Statistic<"selected", "selected", "ops whose loops get another order">];
}

def ApplySchedulePass : Pass<"cnn-apply-schedule", "::mlir::func::FuncOp"> {
  let summary = "put loops into the order of their schedules";
  let description = [{
    Permutes the loops of every op with `cnn.schedule` and removes the attribute.

    Fails, at the op, if the schedule is no permutation of the op's loops.

    ```mlir
    linalg.generic {indexing_maps = [(i, j) -> (j, i), (i, j) -> (j, i)], …} attrs = {cnn.schedule = array<i64: 1, 0>}
    ==>
    linalg.generic {indexing_maps = [(i, j) -> (i, j), (i, j) -> (i, j)], …}
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

#endif // CNNC_TILING_PASSES_TD
