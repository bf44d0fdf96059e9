//===- Loss.td - Losses and the gradient of one ----------------*- tablegen -*-===//

#ifndef CNN_OPS_LOSS_TD
#define CNN_OPS_LOSS_TD

include "dialect/CnnBase.td"
include "dialect/CnnInterfaces.td"

def Cnn_CrossEntropyOp : Cnn_Op<"cross_entropy", [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "cross entropy of softmax";
  let description = [{
    The mean over the batch (and all positions) of -sum over classes k of t[k] * log softmax(x)[k],
    where t is 1 - smooth + smooth/K at the label and smooth/K elsewhere (Szegedy et al. 2016, 7).
    Logits are [N, K, ...], labels [N, ...]. dx = (softmax(x) - t) / N * dy.

    Constraints:
    - (C1) the rank is at least 2; the labels have the shape of the logits without the classes.
    - (C2) `smooth` is at least 0 and less than 1.

    Example:
    ```mlir
    %loss = cnn.cross_entropy %logits, %label smooth 1.0e-1 : tensor<64x10xf32>, tensor<64xi32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$logits, StaticShapeTensorOf<[I32]>:$label,
      DefaultValuedOptionalAttr<F64Attr, "0.0">:$smooth);
  let results = (outs Cnn_Scalar:$loss);
  let assemblyFormat = [{
    $logits `,` $label (`smooth` $smooth^)? attr-dict `:` type($logits) `,` type($label)
  }];
}

def Cnn_CrossEntropyStepOp : Cnn_Op<"cross_entropy_step", [Pure, InferTypeOpAdaptor]> {
  let summary = "cross entropy of softmax, and its gradient";
  let description = [{
    `loss` is that of `cnn.cross_entropy`; gradient = (softmax(x) - t) * `factor` with the same t: 1/N for the
    gradient of the mean. Both are made of the same exponentials. Made by the phase Fusion, so it has no
    gradient itself.

    Constraints:
    - (C1) the rank is at least 2; the labels have the shape of the logits without the classes.
    - (C2) `smooth` is at least 0 and less than 1.

    Example:
    ```mlir
    %loss, %dx = cnn.cross_entropy_step %logits, %label factor 1.5625e-2 : tensor<64x10xf32>, tensor<64xi32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$logits, StaticShapeTensorOf<[I32]>:$label,
      DefaultValuedOptionalAttr<F64Attr, "0.0">:$smooth, F64Attr:$factor);
  let results = (outs Cnn_Scalar:$loss, Cnn_Tensor:$gradient);
  let assemblyFormat = [{
    $logits `,` $label (`smooth` $smooth^)? `factor` $factor attr-dict `:` type($logits) `,` type($label)
  }];
}

def Cnn_OneHotOp : Cnn_Op<"one_hot", [Pure]> {
  let summary = "labels as rows of a distribution";
  let description = [{
    t[n, k] = `on` where k is the label of n, else `off`.

    Constraints:
    - (C1) the result has one dimension more than the labels, the second; the other sizes agree.

    Example:
    ```mlir
    %t = cnn.one_hot %label on 1.0 off 0.0 : tensor<64xi32> -> tensor<64x10xf32>
    ```
  }];
  let arguments = (ins StaticShapeTensorOf<[I32]>:$label, F64Attr:$on, F64Attr:$off);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$label `on` $on `off` $off attr-dict `:` type($label) `->` type($output)";
  let hasVerifier = 1;
}

class Cnn_ClassLossOp<string mnemonic> : Cnn_Op<mnemonic, [Pure, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let arguments = (ins Cnn_Tensor:$scores, StaticShapeTensorOf<[I32]>:$label);
  let results = (outs Cnn_Scalar:$loss);
  let assemblyFormat = "$scores `,` $label attr-dict `:` type($scores) `,` type($label)";
}

def Cnn_NegativeLogLikelihoodOp : Cnn_ClassLossOp<"nll"> {
  let summary = "negative log likelihood of the labels";
  let description = [{
    The mean over the batch (and all positions) of -x at the label, where x are logarithms of
    probabilities; dx = -1/N * dy at the label, else 0.

    Constraints:
    - (C1) the rank is at least 2; the labels have the shape of the scores without the classes.

    Example:
    ```mlir
    %loss = cnn.nll %logs, %label : tensor<64x10xf32>, tensor<64xi32>
    ```
  }];
}

def Cnn_HingeOp : Cnn_ClassLossOp<"hinge"> {
  let summary = "hinge loss of several classes";
  let description = [{
    The mean over the batch (and all positions) of the sum over the wrong classes k of
    max(0, 1 + x[k] - x[label]) (Weston and Watkins 1999). dx = dy/N at each wrong class whose term
    is positive, and at the label minus their sum.

    Constraints:
    - (C1) the rank is at least 2; the labels have the shape of the scores without the classes.

    Example:
    ```mlir
    %loss = cnn.hinge %scores, %label : tensor<64x10xf32>, tensor<64xi32>
    ```
  }];
}

class Cnn_MeanLossOp<string mnemonic, dag extra = (ins), string extraFormat = ""> : Cnn_Op<mnemonic,
    [Pure, AllTypesMatch<["prediction", "target"]>, InferTypeOpAdaptor,
     DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let arguments = !con((ins Cnn_Tensor:$prediction, Cnn_Tensor:$target), extra);
  let results = (outs Cnn_Scalar:$loss);
  let assemblyFormat = "$prediction `,` $target " # extraFormat # "attr-dict `:` type($prediction)";
}

def Cnn_MeanSquaredErrorOp : Cnn_MeanLossOp<"mse"> {
  let summary = "mean squared error";
  let description = [{
    The mean over all elements of (prediction - target)^2; dprediction = 2/n * (prediction - target) * dy.

    Example:
    ```mlir
    %loss = cnn.mse %prediction, %target : tensor<64x10xf32>
    ```
  }];
}

def Cnn_MeanAbsoluteErrorOp : Cnn_MeanLossOp<"mae"> {
  let summary = "mean absolute error";
  let description = [{
    The mean over all elements of |prediction - target|; dprediction = dy/n where the difference is
    positive, -dy/n where it is negative, and 0 where there is none.

    Example:
    ```mlir
    %loss = cnn.mae %prediction, %target : tensor<64x10xf32>
    ```
  }];
}

def Cnn_HuberOp : Cnn_MeanLossOp<"huber", (ins F64Attr:$delta), "`delta` $delta "> {
  let summary = "squared error that grows linearly from a distance on";
  let description = [{
    The mean over all elements of d^2 / 2 where |d| <= `delta`, else `delta` * (|d| - `delta`/2), with
    d = prediction - target (Huber 1964); dprediction = dy/n * d, cut to -`delta` .. `delta`.

    Constraints:
    - (C1) `delta` is positive.

    Example:
    ```mlir
    %loss = cnn.huber %prediction, %target delta 1.0 : tensor<64x10xf32>
    ```
  }];
}

def Cnn_BinaryCrossEntropyOp : Cnn_MeanLossOp<"bce"> {
  let summary = "binary cross entropy of logits";
  let description = [{
    The mean over all elements of -t * log s(x) - (1 - t) * log (1 - s(x)) with the sigmoid s, computed
    as max(x, 0) - x*t + log(1 + exp(-|x|)), where nothing overflows; dx = dy/n * (s(x) - t),
    dt = -dy/n * x.

    Example:
    ```mlir
    %loss = cnn.bce %logits, %target : tensor<64x10xf32>
    ```
  }];
}

def Cnn_GradientOp : Cnn_Op<"gradient", [Pure]> {
  let summary = "gradients of a loss";
  let description = [{
    The derivatives of a tensor of rank 0 towards values that it depends on; zeros towards those that
    it does not depend on. The phase Autodiff replaces it by the ops of the backward pass.

    Constraints:
    - (C1) the results have the types of the values.

    Example:
    ```mlir
    %dw, %db = cnn.gradient %loss of %w, %b : tensor<f32> of tensor<6x1x5x5xf32>, tensor<6xf32>
    ```
  }];
  let arguments = (ins Cnn_Scalar:$loss, Variadic<Cnn_Tensor>:$values);
  let results = (outs Variadic<Cnn_Tensor>:$gradients);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

#endif // CNN_OPS_LOSS_TD
