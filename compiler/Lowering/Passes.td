//===- Passes.td - Lowering ------------------------------------*- tablegen -*-===//

#ifndef CNNC_LOWERING_PASSES_TD
#define CNNC_LOWERING_PASSES_TD

include "mlir/Pass/PassBase.td"

def CnnToLinalgPass : Pass<"cnn-to-linalg", "::mlir::func::FuncOp"> {
  let summary = "cnn ops to linalg on tensors";
  let description = [{
    Turns every op of the dialect into `linalg.generic` (and fills, slices and reshapes), with the
    order of the dimensions as the order of the loops: contiguous ones innermost. Padding becomes a
    larger tensor, cropping a slice, `cnn.broadcast` an indexing map of its user. A convolution with
    an input dilation adds its products where they belong, never over inserted zeros. Ops that are
    compositions of others (`cnn.avg_pool`, `cnn.lrn`, `cnn.batch_norm`) become those first.

    Leaves alone: `cnn.variable` and all other dialects. `cnn.gradient` is an error: the phase
    Autodiff replaces it.

    ```mlir
    %y = cnn.relu %x : tensor<2x3xf32>
    ==>
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<2x3xf32>
    %y = linalg.generic {…} ins(%x : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) {
    ^bb0(%in: f32, %out: f32):
      %max = arith.maximumf %in, %zero : f32
      linalg.yield %max : f32
    } -> tensor<2x3xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"];
}

#endif // CNNC_LOWERING_PASSES_TD
