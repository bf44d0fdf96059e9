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

def RecomputeActivationsPass : Pass<"cnn-recompute-activations", "::mlir::func::FuncOp"> {
  let summary = "computes cheap activations again where backward needs them";
  let description = [{
    Gives the late users of an element-wise op, those behind a pause of `min-pause` ops, a copy of
    the op each, so that its result need not be kept until then. `cnn-join-elementwise` can put the
    copies into their users.

    Legal because the op has no effects: the copy computes the same bits. Done where the op has at
    most `max-ops` arithmetic operations and no functions, its result at least `min-bytes`, and
    where all its inputs of that order are alive at the last late user without it: arguments, or
    tensors that another op reads then or later.

    Leaves alone: ops with several results, reductions, and users without a pause.

    ```mlir
    %y = linalg.generic … ins(%x) { maximumf … }
    … 64 ops …
    "use"(%y, %x)
    ==>
    %y = linalg.generic … ins(%x) { maximumf … }
    … 64 ops …
    %z = linalg.generic … ins(%x) { maximumf … }
    "use"(%z, %x)
    ```
  }];
  let options = [
    Option<"minPause", "min-pause", "int64_t", "64",
           "ops between users; a layer's forward pass has fewer">,
    Option<"minBytes", "min-bytes", "int64_t", "262144",
           "of a result; smaller ones stay in a cache and make no peak">,
    Option<"maxOps", "max-ops", "size_t", "12", "operations on an element; more take longer than memory does">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"recomputed", "recomputed", "results that are not kept">];
}

#endif // CNNC_VECTOR_PASSES_TD
