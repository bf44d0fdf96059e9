//===- Conv.td - Convolution -----------------------------------*- tablegen -*-===//

#ifndef CNN_OPS_CONV_TD
#define CNN_OPS_CONV_TD

include "dialect/CnnBase.td"
include "dialect/CnnInterfaces.td"

def Cnn_Conv2DOp : Cnn_Op<"conv2d", [Pure, SameOperandsElementType, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "two-dimensional convolution";
  let description = [{
    Slides a filter over the input, without flipping it (cross-correlation, as all networks mean it):

        y[n, o, p, q] = sum over c, k, l of x'[n, g*C/G + c, p*S + k*D - lo, q*S + l*D - lo] * w[o, c, k, l]

    where g is the group of o and x' is x with `input_dilation - 1` zeros between neighbours and
    zeros around. `pad` is `[h_lo, h_hi, w_lo, w_hi]` and signed: a negative one crops. With an
    input dilation this is the transposed convolution. Both gradients of a `conv2d` are `conv2d`s:
    towards the input, of the output's gradient with the filter of `cnn.transpose_filter`, stride and
    input dilation exchanged; towards the filter, of the input with the output's gradient, batch and
    channels exchanged, stride and dilation exchanged. For the latter `batch_groups` splits the
    batch as `groups` splits the channels: output channel o reads the images of its part alone.

    Constraints:
    - (C1) the input's channels are the filter's times `groups`.
    - (C2) the filter's outputs divide by `groups` and by `batch_groups`, one of which is 1.
    - (C3) the batch divides by `batch_groups`.
    - (C4) stride, dilation and input dilation are two positive numbers each, `pad` has four.
    - (C5) the window is not larger than the padded input.

    Example:
    ```mlir
    %y = cnn.conv2d %x, %w stride [2, 2] pad [1, 1, 1, 1] : tensor<8x3x32x32xf32>, tensor<16x3x3x3xf32>
    ```
  }];
  let arguments = (ins Cnn_Image:$input, Cnn_Image:$filter,
      DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
      DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
      DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
      DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$input_dilations,
      DefaultValuedOptionalAttr<I64Attr, "1">:$groups, DefaultValuedOptionalAttr<I64Attr, "1">:$batch_groups);
  let results = (outs Cnn_Image:$output);
  let assemblyFormat = [{
    $input `,` $filter (`stride` $strides^)? (`pad` $padding^)? (`dilation` $dilations^)?
    (`input_dilation` $input_dilations^)? (`groups` $groups^)? (`batch_groups` $batch_groups^)?
    attr-dict `:` type($input) `,` type($filter)
  }];
}

def Cnn_TransposeFilterOp : Cnn_Op<"transpose_filter", [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "filter of the adjoint convolution";
  let description = [{
    Turns a filter by 180 degrees and exchanges its input and output channels within each group:

        t[g*C/G + c, o, k, l] = w[g*O/G + o, c, K-1-k, L-1-l]

    It is its own inverse.

    Constraints:
    - (C1) the outputs divide by `groups`, which is positive.

    Example:
    ```mlir
    %t = cnn.transpose_filter %w groups 2 : tensor<8x3x5x5xf32>
    ```
  }];
  let arguments = (ins Cnn_Image:$filter, DefaultValuedOptionalAttr<I64Attr, "1">:$groups);
  let results = (outs Cnn_Image:$output);
  let assemblyFormat = "$filter (`groups` $groups^)? attr-dict `:` type($filter)";
  let hasFolder = 1;
}

def Cnn_FilterGradientOp : Cnn_Op<"filter_gradient", [Pure, SameOperandsElementType,
    InferTypeOpAdaptor]> {
  let summary = "gradient of a convolution towards its filter";
  let description = [{
    Sums over all images and windows the products of what a tap reads and the output's gradient:

        dw[o, c, k, l] = sum over n, p, q of x'[n, g*C/G + c, p*S + k*D - lo, q*S + l*D - lo] * dy[n, o, p, q]

    where g is the group of o and x' is x with zeros around. What `cnn.conv2d` with batch and
    channels exchanged computes, in one op: the phase Fusion makes it, after Autodiff, so that
    neither operand is transposed.

    Constraints:
    - (C1) both operands have as many images.
    - (C2) the channels of both divide by `groups`, which is positive.
    - (C3) kernel, stride and dilation are two positive numbers each, `pad` has four.
    - (C4) the windows over the input are as many as the output's gradient has positions.

    Example:
    ```mlir
    %dw = cnn.filter_gradient %x, %dy kernel [3, 3] pad [1, 1, 1, 1] : tensor<8x3x32x32xf32>, tensor<8x16x32x32xf32>
    ```
  }];
  let arguments = (ins Cnn_Image:$input, Cnn_Image:$gradient, DenseI64ArrayAttr:$kernel,
      DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
      DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
      DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
      DefaultValuedOptionalAttr<I64Attr, "1">:$groups);
  let results = (outs Cnn_Image:$output);
  let assemblyFormat = [{
    $input `,` $gradient `kernel` $kernel (`stride` $strides^)? (`pad` $padding^)?
    (`dilation` $dilations^)? (`groups` $groups^)? attr-dict `:` type($input) `,` type($gradient)
  }];
}

#endif // CNN_OPS_CONV_TD
