//===- Kernel.td - A reduction with what is done to its results -*- tablegen -*-===//

#ifndef CNN_OPS_KERNEL_TD
#define CNN_OPS_KERNEL_TD

include "dialect/CnnBase.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"

def Cnn_KernelOp : Cnn_Op<"kernel", [AttrSizedOperandSegments, DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "loops that reduce, and what they do with each result";
  let description = [{
    A nest of loops of the sizes `extents`, as `linalg.generic` is one, in two parts: for each point of
    the loops that do not reduce, accumulators start as `starts`, the region `reduce` combines them with the
    elements of the inputs at each point of the reducing loops, and the region `finish` makes of them and
    of the elements of `extras` what is written. So a convolution adds its bias and the shortcut,
    and takes the maximum with 0, while its sums are in registers. `maps` say how inputs, extras and
    outputs are indexed, in this order.

    Made by the phase Tiling; on tensors until the phase Memory, then on buffers.

    Constraints:
    - (C1) there is a map for each operand, of as many loops as `extents` and `reductions`, with as many results
      as the operand has dimensions.
    - (C2) `reduce` takes an element of each input and then each accumulator, and yields the
      accumulators; `finish` takes the accumulators and an element of each extra, and yields an
      element for each output.
    - (C3) extras and outputs are not indexed by loops that reduce.

    Example:
    ```mlir
    %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) extras(%b : tensor<16xf32>)
        outs(%t : tensor<8x16xf32>)
        maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (j)>,
              affine_map<(i, j, k) -> (i, j)>]
        extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
    ^bb0(%a: f32, %c: f32, %sum: f32):
      %0 = arith.mulf %a, %c : f32
      %1 = arith.addf %sum, %0 : f32
      cnn.yield %1 : f32
    } finish {
    ^bb0(%sum: f32, %bias: f32):
      %0 = arith.addf %sum, %bias : f32
      cnn.yield %0 : f32
    } -> tensor<8x16xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$inputs, Variadic<AnyType>:$extras, Variadic<AnyShaped>:$outputs,
      AffineMapArrayAttr:$maps, DenseI64ArrayAttr:$extents, DenseBoolArrayAttr:$reductions,
      ArrayAttr:$starts);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$reduce, SizedRegion<1>:$finish);
  let assemblyFormat = [{
    (`ins` `(` $inputs^ `:` type($inputs) `)`)? (`extras` `(` $extras^ `:` type($extras) `)`)?
    `outs` `(` $outputs `:` type($outputs) `)` `maps` $maps `extents` $extents `reductions` $reductions
    `starts` $starts attr-dict-with-keyword `reduce` $reduce `finish` $finish (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    MutableOperandRange getDpsInitsMutable() { return getOutputsMutable(); }
    /// How an operand is indexed.
    AffineMap getMap(OpOperand &operand) {
      return cast<AffineMapAttr>(getMaps()[operand.getOperandNumber()]).getValue();
    }
  }];
  let hasVerifier = 1;
}

def Cnn_YieldOp : Cnn_Op<"yield", [Pure, Terminator, ParentOneOf<["KernelOp"]>]> {
  let summary = "what a region of a kernel computes";
  let description = [{
    Ends a region of `cnn.kernel`.

    Example:
    ```mlir
    cnn.yield %sum : f32
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

#endif // CNN_OPS_KERNEL_TD
