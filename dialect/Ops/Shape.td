//===- Shape.td - Order, shape and sums over dimensions --------*- tablegen -*-===//

#ifndef CNN_OPS_SHAPE_TD
#define CNN_OPS_SHAPE_TD

include "dialect/CnnBase.td"
include "dialect/CnnInterfaces.td"

def Cnn_ReshapeOp : Cnn_Op<"reshape", [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "the same elements in another shape";
  let description = [{
    Keeps the row-major order of the elements.

    Constraints:
    - (C1) both shapes have as many elements.

    Example:
    ```mlir
    %y = cnn.reshape %x to [8, 784] : tensor<8x16x7x7xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, DenseI64ArrayAttr:$shape);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input `to` $shape attr-dict `:` type($input)";
  let hasFolder = 1;
}

def Cnn_TransposeOp : Cnn_Op<"transpose", [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "dimensions in another order";
  let description = [{
    Dimension i of the result is dimension `permutation[i]` of the input.

    Constraints:
    - (C1) `permutation` is one of the input's dimensions.

    Example:
    ```mlir
    %y = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input `permutation` $permutation attr-dict `:` type($input)";
  let hasFolder = 1;
}

def Cnn_ReduceSumOp : Cnn_Op<"reduce_sum", [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "sum over dimensions";
  let description = [{
    Sums over the dimensions `dims`, which the result no longer has. The adjoint of `cnn.broadcast`.

    Constraints:
    - (C1) `dims` are ascending dimensions of the input.

    Example:
    ```mlir
    %db = cnn.reduce_sum %dy dims [0, 2, 3] : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, DenseI64ArrayAttr:$dims);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input `dims` $dims attr-dict `:` type($input)";
}

def Cnn_BroadcastOp : Cnn_Op<"broadcast", [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "the same values along further dimensions";
  let description = [{
    Dimension i of the input becomes dimension `dims[i]` of the result, which has the shape `shape`
    and is constant along all others. The adjoint of `cnn.reduce_sum`.

    Constraints:
    - (C1) `dims` are ascending dimensions of the result, one for each of the input's.
    - (C2) the sizes agree, and all sizes of `shape` are positive.

    Example:
    ```mlir
    %y = cnn.broadcast %b dims [1] to [8, 16, 28, 28] : tensor<16xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, DenseI64ArrayAttr:$dims, DenseI64ArrayAttr:$shape);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input `dims` $dims `to` $shape attr-dict `:` type($input)";
}

def Cnn_PadOp : Cnn_Op<"pad", [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "zeros around, or positions taken away";
  let description = [{
    Adds `low[i]` zeros in front of dimension i and `high[i]` behind it; a negative number takes
    positions away:

        y[p] = x[p - low] inside x, else 0

    So this is padding, cropping and slicing. The adjoint has both lists negated.

    Constraints:
    - (C1) `low` and `high` have one number for each dimension.
    - (C2) a position of each dimension is left, and the sizes' product fits 64 bits.

    Example:
    ```mlir
    %y = cnn.pad %x low [0, -16, 1, 1] high [0, 0, 1, 1] : tensor<8x48x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input `low` $low `high` $high attr-dict `:` type($input)";
  let hasFolder = 1;
}

def Cnn_ConcatOp : Cnn_Op<"concat", [Pure, SameOperandsElementType, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "channels of several tensors, one after another";
  let description = [{
    Joins the inputs along the channels, dimension 1:

        y[n, c_i + c, ...] = x_i[n, c, ...], where c_i is the sum of the channels in front of input i

    Its gradients are slices, which is `cnn.pad` with negative numbers.

    Constraints:
    - (C1) there is an input, and all inputs agree in every size but the channels.
    - (C2) the sizes' product fits 64 bits.

    Example:
    ```mlir
    %y = cnn.concat %a, %b : tensor<8x64x28x28xf32>, tensor<8x32x28x28xf32>
    ```
  }];
  let arguments = (ins Variadic<Cnn_Tensor>:$inputs);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$inputs attr-dict `:` type($inputs)";
  let hasFolder = 1;
}

#endif // CNN_OPS_SHAPE_TD
