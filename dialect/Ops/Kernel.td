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

    A kernel may pool what it has finished. `window` names loops that do not reduce: all their points
    together are one window, as 2x2 sums of a convolution. Its first outputs are written for each point; then
    `finish` yields the elements of these and after them the values that are pooled. The region `pool`
    takes the pooled values of all points of a window, point by point in row-major order, and yields an
    element for each of the other outputs. So a map that is only pooled reaches no memory.

    `domain` holds the iterations that count. The others leave all accumulators as they are, since an input is
    padding with zeros there, and may be left out or not.

    Made by the phase Tiling; on tensors until the phase Memory, then on buffers.

    Constraints:
    - (C1) there is a map for each operand, of as many loops as `extents` and `reductions`, with as many results
      as the operand has dimensions.
    - (C2) `reduce` takes an element of each input and then each accumulator, and yields the
      accumulators; `finish` takes the accumulators and an element of each extra, and yields an
      element for each output.
    - (C3) extras and outputs are not indexed by loops that reduce.
    - (C4) `window` names loops that do not reduce, each once and in ascending order, if there is a region `pool`,
      and none otherwise; their points are no more than 16.
    - (C5) with `pool`, `finish` yields an element for each of the first outputs and then the pooled values; `pool`
      takes these for each point of the window, and yields an element for each of the last outputs, one
      at least, which no loop of the window indexes.
    - (C6) `domain` has a dimension for each loop, no symbols, and inequalities only, linear ones.

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
      ArrayAttr:$starts, OptionalAttr<DenseI64ArrayAttr>:$window, OptionalAttr<IntegerSetAttr>:$domain);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$reduce, SizedRegion<1>:$finish, MaxSizedRegion<1>:$pool);
  let assemblyFormat = [{
    (`ins` `(` $inputs^ `:` type($inputs) `)`)? (`extras` `(` $extras^ `:` type($extras) `)`)?
    `outs` `(` $outputs `:` type($outputs) `)` `maps` $maps `extents` $extents `reductions` $reductions
    `starts` $starts (`window` $window^)? (`domain` $domain^)? attr-dict-with-keyword `reduce` $reduce `finish` $finish
    (`pool` $pool^)? (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    MutableOperandRange getDpsInitsMutable() { return getOutputsMutable(); }
    /// How an operand is indexed.
    AffineMap getMap(OpOperand &operand) {
      return cast<AffineMapAttr>(getMaps()[operand.getOperandNumber()]).getValue();
    }
    /// The loops that are pooled over, and the number of their points.
    ArrayRef<int64_t> getWindowLoops() { return getWindow().value_or(ArrayRef<int64_t>()); }
    int64_t getWindowPoints();
    /// Outputs that are written for each point: all that are not pooled.
    unsigned getPointOutputs();
    /// The most points of a window: so many values are in registers together.
    static constexpr int64_t kMostWindowPoints = 16;
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
