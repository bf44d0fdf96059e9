//===- Passes.td - Vector --------------------------------------*- tablegen -*-===//

#ifndef CNNC_VECTOR_PASSES_TD
#define CNNC_VECTOR_PASSES_TD

include "mlir/Pass/PassBase.td"

def JoinUpdatesPass : Pass<"cnn-join-updates", "::mlir::ModuleOp"> {
  let summary = "many small updates as one sweep that threads share";
  let description = [{
    Calls of kernels that follow each other and update variables in place by one rule, as those of
    the optimizer that `cnn-hoist-updates` has gathered, become one call. Its function has
    `cnn.tasks`, of at most 1024 elements each, and calls one kernel for all variables: the rule
    for elements from one number to another, whatever the length.

    Legal because each call writes variables that no other one touches. Leaves alone: other calls,
    and updates that are together too small for a second thread.

    ```mlir
    call @kernel_0(%g, %v) : (memref<6x5xf32>, memref<6x5xf32>) -> ()
    call @kernel_1(%h, %w) : (memref<9000xf32>, memref<9000xf32>) -> ()
    ==>
    call @update_all(%g, %v, %h, %w, %c0, %c10) : (memref<6x5xf32>, memref<6x5xf32>, memref<9000xf32>, memref<9000xf32>, index, index) -> ()
    ```
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "int64_t", "256", "bits of a vector register">,
    Option<"registers", "registers", "int64_t", "16", "vector registers">,
    Option<"hasFma", "has-fma", "bool", "true", "a multiply-add is one instruction">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
  let statistics = [Statistic<"joined", "joined", "updates that are parts of a sweep">];
}

def EmitKernelsPass : Pass<"cnn-emit-kernels", "::mlir::ModuleOp"> {
  let summary = "vector loops for every kernel";
  let description = [{
    Turns the op of each private function that `cnn-outline-kernels` has made into loops over vectors:
    as its `cnn.schedule` says, or, for ops that only pass over memory, in the order in which their
    buffers lie, joined to long rows where they are contiguous. The sums of a tile are values that the
    innermost loop carries. Where the loops have parts that threads may share, the function gets
    `cnn.tasks`, and as two more arguments the first of these parts to do and the one to stop before;
    the same bits come out however the parts are divided.

    Legal for ops whose operands lie linearly in the loops. Leaves alone: others, and ops in which no
    loop is contiguous; those become plain loops later.

    Fails, at the op, if `cnn.schedule` is no schedule of its loops.

    ```mlir
    func.func private @kernel_0(%x: memref<4096xf32>, %y: memref<4096xf32>) { linalg.copy … }
    ==>
    func.func private @kernel_0(%x: memref<4096xf32>, %y: memref<4096xf32>) { scf.for … { vector.load, vector.store } }
    ```
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "int64_t", "256", "bits of a vector register">,
    Option<"registers", "registers", "int64_t", "16", "vector registers">,
    Option<"hasFma", "has-fma", "bool", "true", "a multiply-add is one instruction">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
  let statistics = [Statistic<"emitted", "emitted", "ops that became vector loops">];
}

#endif // CNNC_VECTOR_PASSES_TD
