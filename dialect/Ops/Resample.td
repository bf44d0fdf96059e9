//===- Resample.td - Images at another resolution --------------*- tablegen -*-===//

#ifndef CNN_OPS_RESAMPLE_TD
#define CNN_OPS_RESAMPLE_TD

include "dialect/CnnBase.td"
include "dialect/CnnInterfaces.td"

class Cnn_ResampleOp<string mnemonic> : Cnn_Op<mnemonic, [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let results = (outs Cnn_Image:$output);
  let hasFolder = 1;
}

def Cnn_UpsampleOp : Cnn_ResampleOp<"upsample"> {
  let summary = "image of a multiple of the height and width";
  let description = [{
    Every position becomes `factor` x `factor` equal ones:

        y[n, c, p, q] = x[n, c, floor(p/F), floor(q/F)]

    With `bilinear`, output p stands at s = (p + 1/2)/F - 1/2 on the axis of the input (half-pixel
    centres), and along both axes

        y[p] = (1 - t) * x[i] + t * x[i + 1], where i = floor(s) and t = s - i

    where a position outside is the nearest inside. The gradient of the former is a `cnn.sum_pool`,
    that of the latter `cnn.upsample_adjoint`.

    Constraints:
    - (C1) `factor` is positive.
    - (C2) the sizes' product fits 64 bits.

    Example:
    ```mlir
    %y = cnn.upsample %x factor 2 bilinear : tensor<8x16x14x14xf32>
    ```
  }];
  let arguments = (ins Cnn_Image:$input, I64Attr:$factor, UnitAttr:$bilinear);
  let assemblyFormat = "$input `factor` $factor (`bilinear` $bilinear^)? attr-dict `:` type($input)";
}

def Cnn_UpsampleAdjointOp : Cnn_ResampleOp<"upsample_adjoint"> {
  let summary = "adjoint of bilinear upsampling";
  let description = [{
    Every element of the input goes back to the positions that a bilinear `cnn.upsample` of the same
    factor mixes it from, times their weights:

        x[i] = sum over p of dy[p] * (the weight of x[i] in y[p])

    Constraints:
    - (C1) `factor` is positive and divides the height and the width.

    Example:
    ```mlir
    %dx = cnn.upsample_adjoint %dy factor 2 : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Image:$input, I64Attr:$factor);
  let assemblyFormat = "$input `factor` $factor attr-dict `:` type($input)";
}

def Cnn_AdaptiveAvgPoolOp : Cnn_ResampleOp<"adaptive_avg_pool"> {
  let summary = "means over windows that divide an image into a given number";
  let description = [{
    Output (i, j) of the `size` [P, Q] is the mean of the rows floor(i*H/P) .. ceil((i+1)*H/P) - 1
    and the columns floor(j*W/Q) .. ceil((j+1)*W/Q) - 1. Where P and Q divide H and W, this is a
    `cnn.avg_pool`.

    Constraints:
    - (C1) `size` is two positive numbers.
    - (C2) the sizes' product fits 64 bits.

    Example:
    ```mlir
    %y = cnn.adaptive_avg_pool %x size [6, 6] : tensor<8x256x13x13xf32>
    ```
  }];
  let arguments = (ins Cnn_Image:$input, DenseI64ArrayAttr:$size);
  let assemblyFormat = "$input `size` $size attr-dict `:` type($input)";
}

def Cnn_AdaptiveSpreadOp : Cnn_ResampleOp<"adaptive_spread"> {
  let summary = "adjoint of adaptive average pooling";
  let description = [{
    Every element of the input goes back to the positions of its window in an image of `size`
    [H, W], in equal shares; windows overlap, and there the shares add:

        x[h, w] = sum over the windows (i, j) with (h, w) in them of dy[i, j] / (rows(i) * columns(j))

    Constraints:
    - (C1) `size` is two positive numbers.
    - (C2) the sizes' product fits 64 bits.

    Example:
    ```mlir
    %dx = cnn.adaptive_spread %dy size [13, 13] : tensor<8x256x6x6xf32>
    ```
  }];
  let arguments = (ins Cnn_Image:$input, DenseI64ArrayAttr:$size);
  let assemblyFormat = "$input `size` $size attr-dict `:` type($input)";
}

#endif // CNN_OPS_RESAMPLE_TD
