//===- Activation.td - Activation functions --------------------*- tablegen -*-===//

#ifndef CNN_OPS_ACTIVATION_TD
#define CNN_OPS_ACTIVATION_TD

include "dialect/CnnBase.td"
include "dialect/CnnInterfaces.td"
include "dialect/Ops/Elementwise.td"

def Cnn_ReluOp : Cnn_UnaryOp<"relu"> {
  let summary = "rectifier";
  let description = [{
    y = max(x, 0). Towards the input: `cnn.relu_mask` of the output's gradient.

    Example:
    ```mlir
    %y = cnn.relu %x : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_ReluMaskOp : Cnn_Op<"relu_mask", [Pure, SameOperandsAndResultType,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "values where another tensor is positive";
  let description = [{
    y = x where `mask` > 0, else 0: the gradient of relu, whose output is the mask. Linear in x and
    its own adjoint there; the mask has the derivative 0.

    Example:
    ```mlir
    %dx = cnn.relu_mask %dy, %y : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, Cnn_Tensor:$mask);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input `,` $mask attr-dict `:` type($input)";
}

def Cnn_TanhOp : Cnn_UnaryOp<"tanh"> {
  let summary = "hyperbolic tangent";
  let description = [{
    y = tanh(x); dx = dy * (1 - y^2).

    Example:
    ```mlir
    %y = cnn.tanh %x : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_SigmoidOp : Cnn_UnaryOp<"sigmoid"> {
  let summary = "logistic function";
  let description = [{
    y = 1 / (1 + exp(-x)); dx = dy * y * (1 - y).

    Example:
    ```mlir
    %y = cnn.sigmoid %x : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_LReluOp : Cnn_Op<"lrelu", [Pure, SameOperandsAndResultType,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "leaky rectifier";
  let description = [{
    y = x where x > 0, else slope * x; dx = `cnn.where` of dy and slope * dy.

    Example:
    ```mlir
    %y = cnn.lrelu %x slope 1.0e-2 : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, F64Attr:$slope);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input `slope` $slope attr-dict `:` type($input)";
}

def Cnn_PReluOp : Cnn_Op<"prelu", [Pure, SameOperandsElementType, AllTypesMatch<["input", "output"]>,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "rectifier with a learnt slope";
  let description = [{
    y = x where x > 0, else w * x, with one slope w for all or one a channel (He et al. 2015);
    dw = the sum of dy * x over what shares the slope and is not positive.

    Constraints:
    - (C1) the rank of the input is at least 2; there is one slope, or one a channel.

    Example:
    ```mlir
    %y = cnn.prelu %x, %w : tensor<8x16x28x28xf32>, tensor<16xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, Cnn_Vector:$slope);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input `,` $slope attr-dict `:` type($input) `,` type($slope)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Whether there is one slope for all channels.
    bool isShared() {
      return getSlope().getType().getDimSize(0) != getInput().getType().getDimSize(1);
    }
  }];
}

def Cnn_Relu6Op : Cnn_UnaryOp<"relu6"> {
  let summary = "rectifier that ends at 6";
  let description = [{
    y = min(max(x, 0), 6); dx = dy where 0 < y < 6, else 0.

    Example:
    ```mlir
    %y = cnn.relu6 %x : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_EluOp : Cnn_UnaryOp<"elu"> {
  let summary = "exponential linear unit";
  let description = [{
    y = x where x > 0, else exp(x) - 1; dx = dy where y > 0, else dy * (y + 1).

    Example:
    ```mlir
    %y = cnn.elu %x : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_HardSigmoidOp : Cnn_UnaryOp<"hardsigmoid"> {
  let summary = "logistic function in three pieces";
  let description = [{
    y = min(max(x + 3, 0), 6) / 6; dx = dy / 6 where 0 < y < 1, else 0.

    Example:
    ```mlir
    %y = cnn.hardsigmoid %x : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_SoftplusOp : Cnn_UnaryOp<"softplus"> {
  let summary = "smooth rectifier";
  let description = [{
    y = log(1 + exp(x)), computed as max(x, 0) + log(1 + exp(-|x|)) so that nothing overflows;
    dx = dy * sigmoid(x).

    Example:
    ```mlir
    %y = cnn.softplus %x : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_GeluOp : Cnn_UnaryOp<"gelu"> {
  let summary = "Gaussian error linear unit";
  let description = [{
    y = x * P(x) with the normal distribution P(x) = (1 + erf(x/sqrt(2))) / 2: the exact one, not the
    approximation by tanh (Hendrycks and Gimpel 2016). dx = dy * (P(x) + x * exp(-x^2/2)/sqrt(2 pi)).

    Example:
    ```mlir
    %y = cnn.gelu %x : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_SiluOp : Cnn_UnaryOp<"silu"> {
  let summary = "input times its logistic function";
  let description = [{
    y = x * s with s = sigmoid(x); dx = dy * s * (1 + x * (1 - s)).

    Example:
    ```mlir
    %y = cnn.silu %x : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_HardSwishOp : Cnn_UnaryOp<"hardswish"> {
  let summary = "input times its hard logistic function";
  let description = [{
    y = x * min(max(x + 3, 0), 6) / 6: x times `cnn.hardsigmoid`, whose rules make the gradient
    (Howard et al. 2019).

    Example:
    ```mlir
    %y = cnn.hardswish %x : tensor<8x16x28x28xf32>
    ```
  }];
}

/// An element of the result depends on all channels of its position.
class Cnn_OverChannelsOp<string mnemonic> : Cnn_Op<mnemonic, [Pure, SameOperandsAndResultType,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let arguments = (ins Cnn_Tensor:$input);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input attr-dict `:` type($input)";
  let hasVerifier = 1;
}

def Cnn_SoftmaxOp : Cnn_OverChannelsOp<"softmax"> {
  let summary = "softmax over channels";
  let description = [{
    y[n, c] = exp(x[n, c]) / sum over j of exp(x[n, j]), with the channels' maximum subtracted first
    so that nothing overflows; dx = y * (dy - sum over channels of dy * y).

    Constraints:
    - (C1) the rank is at least 2.

    Example:
    ```mlir
    %y = cnn.softmax %x : tensor<8x10xf32>
    ```
  }];
}

def Cnn_LogSoftmaxOp : Cnn_OverChannelsOp<"logsoftmax"> {
  let summary = "logarithm of softmax over channels";
  let description = [{
    y[n, c] = x[n, c] - log of the sum over j of exp(x[n, j]), with the channels' maximum subtracted
    first; dx = dy - exp(y) * sum over channels of dy.

    Constraints:
    - (C1) the rank is at least 2.

    Example:
    ```mlir
    %y = cnn.logsoftmax %x : tensor<8x10xf32>
    ```
  }];
}

def Cnn_DropoutOp : Cnn_Op<"dropout", [Pure, AllTypesMatch<["input", "output"]>,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "random zeros";
  let description = [{
    Sets each element to 0 with the given probability and divides the others by 1 - probability
    (Srivastava et al. 2014, inverted). The choice is a pure function of seed, step, `stream` and the
    element's index: word 0 of Philox4x32-10 (Salmon et al. 2011) with the key `seed` XOR `salt` and the
    counter (index, step low, step high, stream); an element stays if that word is at least
    probability * 2^32. So nothing is kept for the backward pass, which is the same op on the
    gradient.

    With `whole_images` there is one choice for each image of the batch, the first dimension, whose
    number is the index then: stochastic depth (Huang et al. 2016) where a sum with other branches
    follows.

    Constraints:
    - (C1) the probability is at least 0 and less than 1.
    - (C2) with `whole_images` the rank is at least 1.

    Example:
    ```mlir
    %y = cnn.dropout %x, %seed, %step probability 5.0e-1 stream 0 : tensor<8x120xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, Cnn_Counter:$seed, Cnn_Counter:$step,
      F64Attr:$probability, I64Attr:$stream, DefaultValuedOptionalAttr<I64Attr, "0">:$salt,
      UnitAttr:$whole_images);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = [{
    $input `,` $seed `,` $step `probability` $probability `stream` $stream (`salt` $salt^)?
    (`whole_images` $whole_images^)? attr-dict `:` type($input)
  }];
  let hasVerifier = 1;
}

#endif // CNN_OPS_ACTIVATION_TD
