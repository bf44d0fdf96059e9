//===- Passes.td - Layout --------------------------------------*- tablegen -*-===//

#ifndef CNNC_LAYOUT_PASSES_TD
#define CNNC_LAYOUT_PASSES_TD

include "mlir/Pass/PassBase.td"

def AssignLayoutsPass : Pass<"cnn-assign-layouts", "::mlir::func::FuncOp"> {
  let summary = "choose which tensors have their images side by side";
  let description = [{
    Row-major images end in a row of W positions: too short to fill vectors on the small maps of a
    small network, and never as long as a batch. Gives `cnn.innermost = d` to ops on images whose
    loops should run over dimension d of their first operand, the one that counts images, innermost.
    The lowering then reads and writes the tensors of that op with the images side by side
    (`[C, H, W, N]`); where neighbours agree, nothing moves in between.

    A convolution that sums over the images, the gradient towards a filter, has them in dimension 1.
    Follows the images from the function's inputs through all ops.

    Legal for every op on images: it changes the order of loops and of elements in memory, not what
    is computed. Chosen where the batch is a multiple of `lanes` and the rows of all images have
    less than `widest` positions. Leaves alone: ops that number their elements (`cnn.dropout`) or
    run over several dimensions as one (`cnn.group_norm`), ops on parameters, matrix products.

    ```mlir
    %y = cnn.conv2d %x, %w : tensor<64x1x28x28xf32>, tensor<6x1x5x5xf32>
    ==>
    %y = cnn.conv2d %x, %w {cnn.innermost = 0 : i64} : tensor<64x1x28x28xf32>, tensor<6x1x5x5xf32>
    ```
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16", "images that fill a vector: 64 bytes of f32">,
    Option<"widest", "widest", "int64_t", "48", "rows of this many positions fill vectors themselves">
  ];
  let dependentDialects = ["::mlir::cnn::CnnDialect"];
  let statistics = [Statistic<"assigned", "assigned", "ops with the images side by side">];
}

#endif // CNNC_LAYOUT_PASSES_TD
