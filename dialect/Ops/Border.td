//===- Border.td - The surroundings of an image ----------------*- tablegen -*-===//

#ifndef CNN_OPS_BORDER_TD
#define CNN_OPS_BORDER_TD

include "dialect/CnnBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"

def Cnn_FillBorderOp : Cnn_Op<"fill_border", [DestinationStyleOpInterface, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "one number around what will be written inside";
  let description = [{
    Writes `value` to the first `low[i]` and the last `high[i]` positions of each dimension i of its
    destination, and nothing to the others: they hold nothing yet. So padding costs its border only:
    what computes the inside writes it where it is. The phase Lowering makes it of padding; on
    buffers it has no result.

    Constraints:
    - (C1) `low` and `high` have one number for each dimension of the destination, none negative.
    - (C2) the border leaves an inside: low + high is less than the size in each dimension.
    - (C3) the value has the element type of the destination.

    Example:
    ```mlir
    %p = cnn.fill_border %padded low [0, 0, 1, 1] high [0, 0, 1, 1] value 0.0 : f32 : tensor<8x3x34x34xf32>
    ```
  }];
  let arguments = (ins AnyTypeOf<[AnyStaticShapeTensor, AnyStaticShapeMemRef]>:$destination,
      DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high, TypedAttrInterface:$value);
  let results = (outs Optional<AnyStaticShapeTensor>:$output);
  let assemblyFormat = [{
    $destination `low` $low `high` $high `value` $value attr-dict `:` type($destination)
  }];
  let extraClassDeclaration = [{
    MutableOperandRange getDpsInitsMutable() { return getDestinationMutable(); }
  }];
}

#endif // CNN_OPS_BORDER_TD
