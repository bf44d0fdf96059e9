//===- Passes.td - Autodiff ------------------------------------*- tablegen -*-===//

#ifndef CNNC_AUTODIFF_PASSES_TD
#define CNNC_AUTODIFF_PASSES_TD

include "mlir/Pass/PassBase.td"

def DifferentiatePass : Pass<"cnn-differentiate", "::mlir::func::FuncOp"> {
  let summary = "replace cnn.gradient by the ops of the backward pass";
  let description = [{
    Sweeps back from the loss over the ops that lie between it and the requested values, and asks
    each for its derivative rule (`DifferentiableOpInterface`). Gradients that reach a value on
    several ways are added in the order of the sweep. What no requested value needs (the image's
    gradient, a frozen parameter's) is not built. A value that the loss does not depend on gets
    zeros. Several `cnn.gradient` ops are replaced from the first to the last, so a gradient of a
    gradient is one more op.

    The location of what a rule builds is that of its op, with `data` or `weights` between the layer's
    name and its place: whether it serves a gradient towards a value of the network, or towards
    parameters only. A profile tells them apart by it.

    Legal for every op with a rule; one on the way without a rule is an error at that op, with a note
    at the loss. Functions without `cnn.gradient` are left alone.

    ```mlir
    %y = cnn.relu %x : tensor<2x3xf32>
    %loss = cnn.mse %y, %t : tensor<2x3xf32>
    %dx = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3xf32>
    ==>
    %y = cnn.relu %x : tensor<2x3xf32>
    %loss = cnn.mse %y, %t : tensor<2x3xf32>
    %difference = cnn.sub %y, %t : tensor<2x3xf32>
    %dy = cnn.scale %difference factor 0.33333333333333331 : tensor<2x3xf32>
    %dx = cnn.relu_mask %dy, %y : tensor<2x3xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::cnn::CnnDialect"];
  let statistics = [Statistic<"rulesApplied", "rules-applied", "derivative rules applied">];
}

#endif // CNNC_AUTODIFF_PASSES_TD
