//===- Activation.td - Activation functions --------------------*- tablegen -*-===//

#ifndef CNN_OPS_ACTIVATION_TD
#define CNN_OPS_ACTIVATION_TD

include "dialect/CnnBase.td"
include "dialect/CnnInterfaces.td"

class Cnn_ActivationOp<string mnemonic> : Cnn_Op<mnemonic, [Pure, SameOperandsAndResultType,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let arguments = (ins Cnn_Tensor:$input);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def Cnn_ReluOp : Cnn_ActivationOp<"relu"> {
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

def Cnn_TanhOp : Cnn_ActivationOp<"tanh"> {
  let summary = "hyperbolic tangent";
  let description = [{
    y = tanh(x); dx = dy * (1 - y^2).

    Example:
    ```mlir
    %y = cnn.tanh %x : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_SigmoidOp : Cnn_ActivationOp<"sigmoid"> {
  let summary = "logistic function";
  let description = [{
    y = 1 / (1 + exp(-x)); dx = dy * y * (1 - y).

    Example:
    ```mlir
    %y = cnn.sigmoid %x : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_SoftmaxOp : Cnn_ActivationOp<"softmax"> {
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
  let hasVerifier = 1;
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

    Constraints:
    - (C1) the probability is at least 0 and less than 1.

    Example:
    ```mlir
    %y = cnn.dropout %x, %seed, %step probability 5.0e-1 stream 0 : tensor<8x120xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, Cnn_Counter:$seed, Cnn_Counter:$step,
      F64Attr:$probability, I64Attr:$stream, DefaultValuedOptionalAttr<I64Attr, "0">:$salt);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = [{
    $input `,` $seed `,` $step `probability` $probability `stream` $stream (`salt` $salt^)? attr-dict `:`
    type($input)
  }];
  let hasVerifier = 1;
}

#endif // CNN_OPS_ACTIVATION_TD
