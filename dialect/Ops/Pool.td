//===- Pool.td - Pooling ---------------------------------------*- tablegen -*-===//

#ifndef CNN_OPS_POOL_TD
#define CNN_OPS_POOL_TD

include "dialect/CnnBase.td"
include "dialect/CnnInterfaces.td"

// All pools slide a window of `kernel` [h, w] over each channel. `pad` is
// [h_lo, h_hi, w_lo, w_hi] and signed.
class Cnn_WindowOp<string mnemonic> : Cnn_Op<mnemonic, [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  dag window = (ins DenseI64ArrayAttr:$kernel,
      DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
      DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
      DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations);
  string windowFormat = "`kernel` $kernel (`stride` $strides^)? (`pad` $padding^)? "
      "(`dilation` $dilations^)?";
}

def Cnn_MaxPoolOp : Cnn_WindowOp<"max_pool"> {
  let summary = "maximum over a window";
  let description = [{
    y[n, c, p, q] = max over k, l of x[n, c, p*S + k*D - lo, q*S + l*D - lo]; padding is ignored.
    Towards the input, `cnn.pool_argmax` says which position won and `cnn.unpool` routes to it.

    Constraints:
    - (C1) kernel, stride and dilation are two positive numbers each, `pad` has four.
    - (C2) the window is not larger than the padded input.
    - (C3) every window covers a position of the input.

    Example:
    ```mlir
    %y = cnn.max_pool %x kernel [2, 2] stride [2, 2] : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = !con((ins Cnn_Image:$input), window);
  let results = (outs Cnn_Image:$output);
  let assemblyFormat = "$input " # windowFormat # " attr-dict `:` type($input)";
}

def Cnn_PoolArgmaxOp : Cnn_Op<"pool_argmax", [Pure, InferTypeOpAdaptor]> {
  let summary = "position of the maximum in a window";
  let description = [{
    i[n, c, p, q] = k*L + l of the first maximum, in row-major order, of the window that
    `cnn.max_pool` of the same attributes reads. A byte where that holds it (K*L <= 128), else `i32`.

    Constraints: those of `cnn.max_pool`.

    Example:
    ```mlir
    %i = cnn.pool_argmax %x kernel [2, 2] stride [2, 2] : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Image:$input, DenseI64ArrayAttr:$kernel,
      DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
      DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
      DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations);
  let results = (outs Cnn_Index:$index);
  let assemblyFormat = "$input `kernel` $kernel (`stride` $strides^)? (`pad` $padding^)? "
      "(`dilation` $dilations^)? attr-dict `:` type($input)";
}

def Cnn_UnpoolOp : Cnn_WindowOp<"unpool"> {
  let summary = "values back to the positions that max pooling chose";
  let description = [{
    The adjoint of `cnn.pool_take`:

        x[n, c, h, w] = sum over the windows (p, q) whose index names (h, w) of y[n, c, p, q]

    `size` is the height and width of the result, the input of the pool.

    Constraints:
    - (C1) kernel, stride, dilation and size are two positive numbers each, `pad` has four.
    - (C2) a pool of an input of `size` has the shape of the operands, which agree.

    Example:
    ```mlir
    %dx = cnn.unpool %dy, %i size [28, 28] kernel [2, 2] stride [2, 2] : tensor<8x16x14x14xf32>, tensor<8x16x14x14xi8>
    ```
  }];
  let arguments = !con((ins Cnn_Image:$input, Cnn_Index:$index,
      DenseI64ArrayAttr:$size), window);
  let results = (outs Cnn_Image:$output);
  let assemblyFormat = "$input `,` $index `size` $size " # windowFormat #
      " attr-dict `:` type($input) `,` type($index)";
}

def Cnn_PoolTakeOp : Cnn_WindowOp<"pool_take"> {
  let summary = "values at the positions that max pooling chose";
  let description = [{
    y[n, c, p, q] = x at the position that `index` names in window (p, q): max pooling with the
    choice made elsewhere. Linear in x; its adjoint is `cnn.unpool`.

    Constraints:
    - (C1) kernel, stride and dilation are two positive numbers each, `pad` has four.
    - (C2) `index` has the shape of a pool of the input.

    Example:
    ```mlir
    %y = cnn.pool_take %x, %i kernel [2, 2] stride [2, 2] : tensor<8x16x28x28xf32>, tensor<8x16x14x14xi8>
    ```
  }];
  let arguments = !con((ins Cnn_Image:$input, Cnn_Index:$index), window);
  let results = (outs Cnn_Image:$output);
  let assemblyFormat = "$input `,` $index " # windowFormat #
      " attr-dict `:` type($input) `,` type($index)";
}

def Cnn_SumPoolOp : Cnn_WindowOp<"sum_pool"> {
  let summary = "sum over a window";
  let description = [{
    y[n, c, p, q] = sum over k, l of x'[n, c, p*S + k*D - lo, q*S + l*D - lo], where x' is x with
    `input_dilation - 1` zeros between neighbours and zeros around. Its adjoint is a `sum_pool` with
    stride and input dilation exchanged.

    Constraints:
    - (C1) kernel, stride, dilation and input dilation are two positive numbers each, `pad` has four.
    - (C2) the window is not larger than the padded input.

    Example:
    ```mlir
    %y = cnn.sum_pool %x kernel [2, 2] stride [2, 2] : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = !con((ins Cnn_Image:$input), window,
      (ins DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$input_dilations));
  let results = (outs Cnn_Image:$output);
  let assemblyFormat = "$input " # windowFormat #
      " (`input_dilation` $input_dilations^)? attr-dict `:` type($input)";
}

def Cnn_AverageWindowsOp : Cnn_WindowOp<"average_windows"> {
  let summary = "division by the number of positions in each window";
  let description = [{
    y[n, c, p, q] = x[n, c, p, q] / (rows(p) * columns(q)), the positions of an input of `size` that
    window (p, q) covers; with `count_pad` padding counts too, but for the last `overhang` [h, w] of
    it, which rounding up added. Linear and its own adjoint.

    Constraints:
    - (C1) kernel, stride, dilation and size are two positive numbers each, `pad` has four.
    - (C2) a pool of an input of `size` has the shape of the operand.
    - (C3) every window covers a position of the input.
    - (C4) `overhang` is two numbers, from 0 to the padding at the end.

    Example:
    ```mlir
    %y = cnn.average_windows %s size [7, 7] kernel [3, 3] stride [2, 2] pad [1, 1, 1, 1] : tensor<1x8x4x4xf32>
    ```
  }];
  let arguments = !con((ins Cnn_Image:$input, DenseI64ArrayAttr:$size), window,
      (ins UnitAttr:$count_pad, DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{0, 0}">:$overhang));
  let results = (outs Cnn_Image:$output);
  let assemblyFormat = "$input `size` $size " # windowFormat #
      " (`count_pad` $count_pad^)? (`overhang` $overhang^)? attr-dict `:` type($input)";
}

def Cnn_AvgPoolOp : Cnn_WindowOp<"avg_pool"> {
  let summary = "mean over a window";
  let description = [{
    The sum over the window divided by the number of positions of the input that it covers; with
    `count_pad` padding counts too, but for the last `overhang` [h, w] of it, which rounding up added:
    `cnn.average_windows` of `cnn.sum_pool`.

    Constraints: those of `cnn.max_pool`, and
    - (C4) `overhang` is two numbers, from 0 to the padding at the end.

    Example:
    ```mlir
    %y = cnn.avg_pool %x kernel [2, 2] stride [2, 2] : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = !con((ins Cnn_Image:$input), window,
      (ins UnitAttr:$count_pad, DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{0, 0}">:$overhang));
  let results = (outs Cnn_Image:$output);
  let assemblyFormat = "$input " # windowFormat #
      " (`count_pad` $count_pad^)? (`overhang` $overhang^)? attr-dict `:` type($input)";
}

def Cnn_L2PoolOp : Cnn_WindowOp<"l2_pool"> {
  let summary = "Euclidean norm over a window";
  let description = [{
    y = sqrt(sum over the window of x^2). Its gradient x * dy / y is 0 where y is 0.

    Constraints: those of `cnn.sum_pool`.

    Example:
    ```mlir
    %y = cnn.l2_pool %x kernel [2, 2] stride [2, 2] : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = !con((ins Cnn_Image:$input), window);
  let results = (outs Cnn_Image:$output);
  let assemblyFormat = "$input " # windowFormat # " attr-dict `:` type($input)";
}

#endif // CNN_OPS_POOL_TD
