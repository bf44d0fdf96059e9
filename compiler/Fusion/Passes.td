//===- Passes.td - Fusion --------------------------------------*- tablegen -*-===//

#ifndef CNNC_FUSION_PASSES_TD
#define CNNC_FUSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def FoldBatchNormPass : Pass<"cnn-fold-batch-norm", "::mlir::func::FuncOp"> {
  let summary = "batch normalization in inference as one factor and one addend a channel";
  let description = [{
    Normalization by given statistics is one factor and one addend a channel. The factors of a chain
    behind a convolution become one, and so do the addends: of the sweeps over the activations that
    normalization, scale and shift would be, a multiplication and an addition remain, which the
    convolution does on its sums. The vectors are computed once a call.

    Legal because (x + b) * s = x * s + b * s. The result differs from the unfolded one by rounding. Done
    where the convolution has no other user. Leaves alone: `cnn.batch_norm`, whose statistics depend on
    the convolution's output, and filters, which are larger than vectors of channels.

    ```mlir
    %y = cnn.conv2d %x, %w : tensor<1x3x9x9xf32>, tensor<8x3x3x3xf32>
    %b = cnn.bias_add %y, %a : tensor<1x8x7x7xf32>, tensor<8xf32>
    %z = cnn.scale_channels %b, %s : tensor<1x8x7x7xf32>, tensor<8xf32>
    ==>
    %y = cnn.conv2d %x, %w : tensor<1x3x9x9xf32>, tensor<8x3x3x3xf32>
    %f = cnn.scale_channels %y, %s : tensor<1x8x7x7xf32>, tensor<8xf32>
    %c = cnn.mul %a, %s : tensor<8xf32>
    %z = cnn.bias_add %f, %c : tensor<1x8x7x7xf32>, tensor<8xf32>
    ```
  }];
  let dependentDialects = ["::mlir::cnn::CnnDialect"];
}

def JoinCrossEntropyPass : Pass<"cnn-join-cross-entropy", "::mlir::func::FuncOp"> {
  let summary = "the cross entropy of softmax and its gradient as one op";
  let description = [{
    Autodiff writes the gradient of `cnn.cross_entropy` as softmax(x) - t, scaled. As `cnn.cross_entropy_step` the
    loss and its gradient share the exponentials and their sums, and are made row by row.

    Legal because both are made of nothing but the logits and the labels, which are there where the loss is. Leaves
    alone: a softmax that others read too, as an output of the network.

    ```mlir
    %loss = cnn.cross_entropy %x, %label : tensor<64x10xf32>, tensor<64xi32>
    …
    %p = cnn.softmax %x : tensor<64x10xf32>
    %t = cnn.one_hot %label on 1.0 off 0.0 : tensor<64xi32> -> tensor<64x10xf32>
    %d = cnn.sub %p, %t : tensor<64x10xf32>
    %dx = cnn.scale %d factor 1.5625e-2 : tensor<64x10xf32>
    ==>
    %loss, %dx = cnn.cross_entropy_step %x, %label factor 1.5625e-2 : tensor<64x10xf32>, tensor<64xi32>
    ```
  }];
  let dependentDialects = ["::mlir::cnn::CnnDialect"];
  let statistics = [Statistic<"joined", "joined", "losses with their gradients">];
}

def JoinFilterGradientPass : Pass<"cnn-join-filter-gradient", "::mlir::func::FuncOp"> {
  let summary = "the gradient towards a filter as one op";
  let description = [{
    Autodiff writes the gradient of a convolution towards its filter as a convolution whose batch and
    channels have changed places: three transpositions around it. As `cnn.filter_gradient` it reads
    both tensors as they are.

    That of a transposed convolution has an input dilation. It is the filter's gradient of the convolution
    whose input gradient the transposed one computes: dy is what is read in windows, with a stride, and x
    what would come of them. What turns the filter is then gone, as it is with a stride of 1.

    Legal because both are the same sum. Leaves alone: a convolution with groups of the channels and not of
    the batch, or with an input dilation and a dilation, which no gradient of a layer has.

    ```mlir
    %1 = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<8x3x9x9xf32>
    %2 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<8x5x7x7xf32>
    %3 = cnn.conv2d %1, %2 : tensor<3x8x9x9xf32>, tensor<5x8x7x7xf32>
    %dw = cnn.transpose %3 permutation [1, 0, 2, 3] : tensor<3x5x3x3xf32>
    ==>
    %dw = cnn.filter_gradient %x, %dy kernel [3, 3] : tensor<8x3x9x9xf32>, tensor<8x5x7x7xf32>
    ```
  }];
  let dependentDialects = ["::mlir::cnn::CnnDialect"];
}

def JoinMaxPoolPass : Pass<"cnn-join-max-pool", "::mlir::func::FuncOp"> {
  let summary = "which position is the largest, found where the largest is";
  let description = [{
    Moves `cnn.pool_argmax`, which Autodiff puts where backward needs it, behind the `cnn.max_pool` of the
    same windows: the phase Tiling makes one loop of both (`cnn-join-reductions`), and backward reads a byte a
    window instead of the tensor. And the mask of a relu before the pooling masks the gradient before it
    goes back to the positions, so that it is as small as the pooled tensor.

    Legal because the value at the position that wins is the pooled value: it is positive where that is.
    Leaves alone: windows so dense that a tensor has less than `min-inputs` elements for each, whose bytes
    would cost more memory than they save, and a mask whose unmasked gradient others read too.

    ```mlir
    %y = cnn.max_pool %x …
    …
    %i = cnn.pool_argmax %x …
    %u = cnn.unpool %dy, %i …
    %dx = cnn.relu_mask %u, %x
    ==>
    %y = cnn.max_pool %x …
    %i = cnn.pool_argmax %x …
    …
    %m = cnn.relu_mask %dy, %y
    %dx = cnn.unpool %m, %i …
    ```
  }];
  let options = [Option<"minInputs", "min-inputs", "int64_t", "3", "elements for each window">];
  let dependentDialects = ["::mlir::cnn::CnnDialect"];
  let statistics = [Statistic<"moved", "moved", "positions that are found by the pooling">,
                    Statistic<"masks", "masks", "masks of pooled size">];
}

def ScaleSumsPass : Pass<"cnn-scale-sums", "::mlir::func::FuncOp"> {
  let summary = "sums of what is scaled channel by channel, scaled afterwards";
  let description = [{
    The gradient of a scale sums dy * y over each channel; that of the normalization before it sums
    dz and dz * y, where dz = dy * scale. With the factor behind the sum these are the sums that there are
    already (general CSE finds them), and dz has one user, which can compute it itself.

    Legal because a sum is linear; the result differs by rounding. Done for sums that keep the channels
    only. Leaves alone: products that others use, and sums over the channels.

    ```mlir
    %z = cnn.scale_channels %dy, %s : tensor<8x16x9x9xf32>, tensor<16xf32>
    %t = cnn.reduce_sum %z dims [0, 2, 3] : tensor<8x16x9x9xf32>
    ==>
    %0 = cnn.reduce_sum %dy dims [0, 2, 3] : tensor<8x16x9x9xf32>
    %t = cnn.mul %0, %s : tensor<16xf32>
    ```
  }];
  let dependentDialects = ["::mlir::cnn::CnnDialect"];
}

#endif // CNNC_FUSION_PASSES_TD
