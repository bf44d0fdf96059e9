//===- Passes.td - Fusion --------------------------------------*- tablegen -*-===//

#ifndef CNNC_FUSION_PASSES_TD
#define CNNC_FUSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def FoldBatchNormPass : Pass<"cnn-fold-batch-norm", "::mlir::func::FuncOp"> {
  let summary = "batch normalization in inference into the convolution before it";
  let description = [{
    Normalization by given statistics is one factor and one addend a channel. The factor moves into
    the filter of the convolution whose output it scales, the addends of a chain become one: of the
    sweeps over the activations that normalization, scale and shift would be, one remains.

    Legal because convolution is linear: s * conv(x, w) = conv(x, s * w). The result differs from the
    unfolded one by rounding. Done where the convolution has no other user and its filter has fewer
    elements than its output. Leaves alone: `cnn.batch_norm`, whose statistics depend on the
    convolution's output.

    ```mlir
    %y = cnn.conv2d %x, %w : tensor<1x3x9x9xf32>, tensor<8x3x3x3xf32>
    %z = cnn.scale_channels %y, %s : tensor<1x8x7x7xf32>, tensor<8xf32>
    ==>
    %t = cnn.transpose %w permutation [1, 0, 2, 3] : tensor<8x3x3x3xf32>
    %u = cnn.scale_channels %t, %s : tensor<3x8x3x3xf32>, tensor<8xf32>
    %v = cnn.transpose %u permutation [1, 0, 2, 3] : tensor<3x8x3x3xf32>
    %z = cnn.conv2d %x, %v : tensor<1x3x9x9xf32>, tensor<8x3x3x3xf32>
    ```
  }];
  let dependentDialects = ["::mlir::cnn::CnnDialect"];
}

#endif // CNNC_FUSION_PASSES_TD
