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

def Cnn_MeanSquaredErrorOp : Cnn_Op<"mse", [Pure, SameTypeOperands, InferTypeOpAdaptor,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "mean squared error";
  let description = [{
    The mean over all elements of (prediction - target)^2; dprediction = 2/n * (prediction - target) * dy.

    Example:
    ```mlir
    %loss = cnn.mse %prediction, %target : tensor<64x10xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$prediction, Cnn_Tensor:$target);
  let results = (outs Cnn_Scalar:$loss);
  let assemblyFormat = "$prediction `,` $target attr-dict `:` type($prediction)";
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
