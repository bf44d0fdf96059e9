//===- Passes.td - Vector --------------------------------------*- tablegen -*-===//

#ifndef CNNC_VECTOR_PASSES_TD
#define CNNC_VECTOR_PASSES_TD

include "mlir/Pass/PassBase.td"

def JoinElementwisePass : Pass<"cnn-join-elementwise", "::mlir::func::FuncOp"> {
  let summary = "chains of element-wise ops as one loop";
  let description = [{
    Puts the body of an element-wise op into its only user, if that is element-wise too, so that
    what passes between the two stays in a vector register instead of going through memory.

    Legal because every element is used once: nothing is computed twice. Leaves alone: producers
    with several users, users that repeat elements, reductions, and users whose result would then
    need more inputs than `max-inputs` (each is a stream that the hardware must fetch ahead).

    ```mlir
    %a = linalg.generic … ins(%x) { addf … }
    %b = linalg.generic … ins(%a) { math.tanh … }
    ==>
    %b = linalg.generic … ins(%x) { addf …, math.tanh … }
    ```
  }];
  let options = [Option<"maxInputs", "max-inputs", "unsigned", "8", "inputs of one loop">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

#endif // CNNC_VECTOR_PASSES_TD
