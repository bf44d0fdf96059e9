//===- Passes.td - Lowering ------------------------------------*- tablegen -*-===//

#ifndef CNNC_LOWERING_PASSES_TD
#define CNNC_LOWERING_PASSES_TD

include "mlir/Pass/PassBase.td"

def CnnToLinalgPass : Pass<"cnn-to-linalg", "::mlir::func::FuncOp"> {
  let summary = "cnn ops to linalg on tensors";
  let description = [{
    Turns every op of the dialect into `linalg.generic` (and fills, slices and reshapes), with the
    order of the dimensions as the order of the loops: contiguous ones innermost. Padding becomes
    `tensor.pad`, cropping a slice, `cnn.broadcast` an indexing map of its user. A convolution with
    an input dilation adds its products where they belong, never over inserted zeros. Ops that are
    compositions of others (`cnn.avg_pool`, `cnn.lrn`, `cnn.batch_norm`) become those first.

    `cnn.tanh` of an f32 is multiply-adds in f32 that carry their roundings along, in f64 where the
    target has no such instruction.

    An op with `cnn.blocks` packs its operands (`linalg.pack`), runs over the places in a block
    innermost, and unpacks its results. Its loops are the same where it cannot.

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
  let options = [
    Option<"hasFma", "has-fma", "bool", "true", "a multiply-add is one instruction">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"];
}

def PackVariablesPass : Pass<"cnn-pack-variables", "::mlir::ModuleOp"> {
  let summary = "variables come and go as they are stored";
  let description = [{
    Gives each argument and each result that holds a `cnn.variable` with `blocks` the type in which it is
    stored, and unpacks and packs it in the function. `cnn-fold-packs` removes both where the ops that
    read and update the variable work on the same blocks.

    Legal because the caller finds out from the variable how it is stored, and because a packed variable
    holds zeros beyond its last element: the phase Layout gives blocks only to what is updated by ops that
    keep it so. Leaves alone: variables without `blocks`, gradients, all other arguments.

    ```mlir
    cnn.variable @w parameter : tensor<32x20x3x3xf32> {blocks = array<i64: 1, 0>}
    func.func @forward(%w: tensor<32x20x3x3xf32> {cnn.name = "w", cnn.role = "variable"}) { use(%w) }
    ==>
    func.func @forward(%w: tensor<2x2x3x3x16x16xf32> {cnn.name = "w", cnn.role = "variable"}) {
      %u = linalg.unpack %w inner_dims_pos = [1, 0] inner_tiles = [16, 16] into %e
      use(%u)
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"packed", "packed", "arguments">];
}

def FoldPacksPass : Pass<"cnn-fold-packs", "::mlir::func::FuncOp"> {
  let summary = "tensors stay packed between ops of one layout";
  let description = [{
    Removes what packs a tensor as it was before it was unpacked, and moves what is packed, unpacked,
    padded or transposed several times in the same way only once.

    Legal because a packed tensor holds zeros beyond the unpacked one: the phase Layout divides a
    dimension with a rest only in ops that keep it so. Leaves alone: packs into another layout, and
    tensors of equal elements that sums start from.

    ```mlir
    %u = linalg.unpack %p inner_dims_pos = [1] inner_tiles = [16] into %a
    %q = linalg.pack %u inner_dims_pos = [1] inner_tiles = [16] into %b
    use(%q)
    ==>
    use(%p)
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"shared", "shared", "moves that another one had made">];
}

def LowerPacksPass : Pass<"cnn-lower-packs", "::mlir::func::FuncOp"> {
  let summary = "packing as loops that copy";
  let description = [{
    Turns each `linalg.pack` and `linalg.unpack` into one `linalg.generic` that copies, in the order of
    the packed tensor. A dimension with a rest is padded before, or cut after. Where the elements keep
    their order, as those of a vector do, it becomes a new shape and moves nothing.

    Leaves alone: everything else. Fails, at the op, on blocks of several or of dynamic sizes.

    ```mlir
    %p = linalg.pack %x inner_dims_pos = [1] inner_tiles = [16] into %a : tensor<8x32x9x9xf32> -> tensor<8x2x9x9x16xf32>
    ==>
    %p = linalg.generic {maps (n, cb, h, w, c) -> (n, cb * 16 + c, h, w), identity}
      ins(%x : tensor<8x32x9x9xf32>) outs(%e : tensor<8x2x9x9x16xf32>) { yield }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def PlaceHalosPass : Pass<"cnn-place-halos", "::mlir::func::FuncOp"> {
  let summary = "padding around what is computed in its middle";
  let description = [{
    Turns each `tensor.pad` into `cnn.fill_border` of a new tensor and a slice that is inserted into it.
    The border is filled before the op that computes the padded tensor, so that bufferization lets this
    op write where the slice will be: padding then costs its border only.

    Leaves alone: everything else. What has several paddings lies in one of them; the others, like
    those of a function's arguments, are copies.

    Fails, at the op, if a width is dynamic or the number is not a constant.

    ```mlir
    %y = linalg.generic … outs(%e : tensor<8x8xf32>)
    %p = tensor.pad %y low[1, 1] high[1, 1] { yield 0.0 } : tensor<8x8xf32> to tensor<10x10xf32>
    ==>
    %b = cnn.fill_border %t low [1, 1] high [1, 1] value 0.0 : f32 : tensor<10x10xf32>
    %y = linalg.generic … outs(%e : tensor<8x8xf32>)
    %p = tensor.insert_slice %y into %b[1, 1] [8, 8] [1, 1] : tensor<8x8xf32> into tensor<10x10xf32>
    ```
  }];
  let dependentDialects = ["::mlir::cnn::CnnDialect", "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"placed", "placed", "paddings">];
}

#endif // CNNC_LOWERING_PASSES_TD
