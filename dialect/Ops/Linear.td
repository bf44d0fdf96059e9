//===- Linear.td - Matrix products and channel-wise factors ----*- tablegen -*-===//

#ifndef CNN_OPS_LINEAR_TD
#define CNN_OPS_LINEAR_TD

include "dialect/CnnBase.td"
include "dialect/CnnInterfaces.td"

def Cnn_MatmulOp : Cnn_Op<"matmul", [Pure, SameOperandsElementType, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "matrix product";
  let description = [{
    y = a * b, where `transpose_a` and `transpose_b` name the operands that enter transposed. A fully
    connected layer is `x * w^T` of x [batch, in] and w [out, in]. Both gradients are products.

    Constraints:
    - (C1) the inner sizes are equal.

    Example:
    ```mlir
    %y = cnn.matmul %x, %w transpose_b : tensor<8x400xf32>, tensor<120x400xf32>
    ```
  }];
  let arguments = (ins Cnn_Matrix:$a, Cnn_Matrix:$b,
      UnitAttr:$transpose_a, UnitAttr:$transpose_b);
  let results = (outs Cnn_Matrix:$output);
  let assemblyFormat = [{
    $a `,` $b (`transpose_a` $transpose_a^)? (`transpose_b` $transpose_b^)? attr-dict `:` type($a) `,` type($b)
  }];
}

class Cnn_ChannelOp<string mnemonic> : Cnn_Op<mnemonic, [Pure, SameOperandsElementType,
    AllTypesMatch<["input", "output"]>, DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let results = (outs Cnn_Tensor:$output);
  let hasVerifier = 1;
}

def Cnn_BiasAddOp : Cnn_ChannelOp<"bias_add"> {
  let summary = "one addend a channel";
  let description = [{
    y[n, c] = x[n, c] + bias[c]; dbias = the sum of dy over all but the channels.

    Constraints:
    - (C1) the rank of the input is at least 2; the bias has one element a channel.

    Example:
    ```mlir
    %y = cnn.bias_add %x, %b : tensor<8x16x28x28xf32>, tensor<16xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, Cnn_Vector:$bias);
  let assemblyFormat = "$input `,` $bias attr-dict `:` type($input) `,` type($bias)";
}

def Cnn_ScaleChannelsOp : Cnn_ChannelOp<"scale_channels"> {
  let summary = "one factor a channel";
  let description = [{
    y[n, c] = x[n, c] * factor[c]; dfactor = the sum of dy * x over all but the channels.

    Constraints:
    - (C1) the rank of the input is at least 2; there is one factor a channel.

    Example:
    ```mlir
    %y = cnn.scale_channels %x, %f : tensor<8x16x28x28xf32>, tensor<16xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, Cnn_Vector:$factor);
  let assemblyFormat = "$input `,` $factor attr-dict `:` type($input) `,` type($factor)";
}

#endif // CNN_OPS_LINEAR_TD
