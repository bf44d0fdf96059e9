//===- Norm.td - Normalization ---------------------------------*- tablegen -*-===//

#ifndef CNN_OPS_NORM_TD
#define CNN_OPS_NORM_TD

include "dialect/CnnBase.td"
include "dialect/CnnInterfaces.td"

def Cnn_LrnOp : Cnn_Op<"lrn", [Pure, SameOperandsAndResultType,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "local response normalization across channels";
  let description = [{
    y[n, c] = x[n, c] / (k + alpha/size * sum over j of x[n, j]^2)^beta, j from c - size/2 to
    c + (size-1)/2 where there is such a channel (Krizhevsky et al. 2012, 3.3, with alpha divided by
    the size as PyTorch, ONNX and Caffe do).

    Constraints:
    - (C1) the rank is at least 2.
    - (C2) `size` and `k` are positive, `alpha` is not negative.

    Example:
    ```mlir
    %y = cnn.lrn %x {size = 5 : i64, alpha = 1.0e-4 : f64, beta = 7.5e-1 : f64, k = 2.0 : f64} : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, I64Attr:$size, F64Attr:$alpha, F64Attr:$beta, F64Attr:$k);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input attr-dict `:` type($input)";
  let hasVerifier = 1;
}

def Cnn_ChannelWindowSumOp : Cnn_Op<"channel_window_sum", [Pure, SameOperandsAndResultType,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "sum over neighbouring channels";
  let description = [{
    y[n, c] = sum of x[n, j] for j from c - before to c + after where there is such a channel. Its
    adjoint exchanges `before` and `after`.

    Constraints:
    - (C1) the rank is at least 2.
    - (C2) `before` and `after` are not negative.

    Example:
    ```mlir
    %y = cnn.channel_window_sum %x before 2 after 1 : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, I64Attr:$before, I64Attr:$after);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input `before` $before `after` $after attr-dict `:` type($input)";
  let hasVerifier = 1;
}

def Cnn_BatchNormOp : Cnn_Op<"batch_norm", [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "normalization by the statistics of the batch";
  let description = [{
    y = (x - mean) / sqrt(variance + epsilon) with the mean and the (biased) variance of each
    channel over the batch and all positions, which are results too (Ioffe and Szegedy 2015, without
    the scale and shift, which are `cnn.scale_channels` and `cnn.bias_add`).

    Constraints:
    - (C1) the rank is at least 2.
    - (C2) `epsilon` is positive.

    Example:
    ```mlir
    %y, %mean, %variance = cnn.batch_norm %x epsilon 1.0e-5 : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, F64Attr:$epsilon);
  let results = (outs Cnn_Tensor:$output, Cnn_Tensor:$mean, Cnn_Tensor:$variance);
  let assemblyFormat = "$input `epsilon` $epsilon attr-dict `:` type($input)";
}

def Cnn_GroupNormOp : Cnn_Op<"group_norm", [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "normalization by the statistics of groups of channels";
  let description = [{
    y = (x - mean) / sqrt(variance + epsilon) with the mean and the (biased) variance of each image
    over each of `groups` groups of neighbouring channels and all positions, which are results too
    (Wu and He 2018). One group is layer normalization of whole images. Scale and shift are
    `cnn.scale_channels` and `cnn.bias_add`.

    Constraints:
    - (C1) the rank is at least 2.
    - (C2) `groups` is positive and divides the number of channels.
    - (C3) `epsilon` is positive.

    Example:
    ```mlir
    %y, %mean, %variance = cnn.group_norm %x groups 4 epsilon 1.0e-5 : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, I64Attr:$groups, F64Attr:$epsilon);
  let results = (outs Cnn_Tensor:$output, Cnn_Matrix:$mean, Cnn_Matrix:$variance);
  let assemblyFormat = "$input `groups` $groups `epsilon` $epsilon attr-dict `:` type($input)";
}

def Cnn_PositionNormOp : Cnn_Op<"position_norm", [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "normalization by the statistics of each position";
  let description = [{
    y = (x - mean) / sqrt(variance + epsilon) with the mean and the (biased) variance over the channels
    of each image's each position, which are results too: layer normalization along the channels (Ba
    et al. 2016).

    Constraints:
    - (C1) the rank is at least 2.
    - (C2) `epsilon` is positive.

    Example:
    ```mlir
    %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-5 : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, F64Attr:$epsilon);
  let results = (outs Cnn_Tensor:$output, Cnn_Tensor:$mean, Cnn_Tensor:$variance);
  let assemblyFormat = "$input `epsilon` $epsilon attr-dict `:` type($input)";
}

def Cnn_NormalizeOp : Cnn_Op<"normalize", [Pure, SameOperandsElementType,
    AllTypesMatch<["input", "output"]>, AllTypesMatch<["mean", "variance"]>,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "normalization by given statistics";
  let description = [{
    y[n, c] = (x[n, c] - mean[c]) / sqrt(variance[c] + epsilon): batch normalization in inference.

    Constraints:
    - (C1) the rank of the input is at least 2; the statistics have one element a channel.
    - (C2) `epsilon` is positive.

    Example:
    ```mlir
    %y = cnn.normalize %x, %mean, %variance epsilon 1.0e-5 : tensor<8x16x28x28xf32>, tensor<16xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, Cnn_Tensor:$mean, Cnn_Tensor:$variance, F64Attr:$epsilon);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = [{
    $input `,` $mean `,` $variance `epsilon` $epsilon attr-dict `:` type($input) `,` type($mean)
  }];
  let hasVerifier = 1;
}

#endif // CNN_OPS_NORM_TD
