//===- Optimizer.td - Steps of optimizers ----------------------*- tablegen -*-===//

#ifndef CNN_OPS_OPTIMIZER_TD
#define CNN_OPS_OPTIMIZER_TD

include "dialect/CnnBase.td"

def Cnn_SgdOp : Cnn_Op<"sgd", [Pure, AllTypesMatch<["parameter", "gradient", "updated"]>]> {
  let summary = "step of gradient descent";
  let description = [{
    w' = w - lr * (g + decay * w).

    Example:
    ```mlir
    %u = cnn.sgd %w, %g, %lr decay 5.0e-4 : tensor<6x1x5x5xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$parameter, Cnn_Tensor:$gradient, Cnn_Rate:$rate,
      DefaultValuedOptionalAttr<F64Attr, "0.0">:$decay);
  let results = (outs Cnn_Tensor:$updated);
  let assemblyFormat = [{
    $parameter `,` $gradient `,` $rate (`decay` $decay^)? attr-dict `:` type($parameter)
  }];
}

def Cnn_MomentumOp : Cnn_Op<"momentum", [Pure,
    AllTypesMatch<["parameter", "gradient", "velocity", "updated", "updated_velocity"]>]> {
  let summary = "step of gradient descent with momentum";
  let description = [{
    With h = g + decay * w: v' = momentum * v + h, and w' = w - lr * v'; with `nesterov`
    w' = w - lr * (h + momentum * v') (Sutskever et al. 2013, in PyTorch's form).

    Example:
    ```mlir
    %u, %v2 = cnn.momentum %w, %g, %v, %lr momentum 9.0e-1 decay 5.0e-4 : tensor<6x1x5x5xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$parameter, Cnn_Tensor:$gradient, Cnn_Tensor:$velocity,
      Cnn_Rate:$rate, F64Attr:$momentum, DefaultValuedOptionalAttr<F64Attr, "0.0">:$decay,
      UnitAttr:$nesterov);
  let results = (outs Cnn_Tensor:$updated, Cnn_Tensor:$updated_velocity);
  let assemblyFormat = [{
    $parameter `,` $gradient `,` $velocity `,` $rate `momentum` $momentum (`decay` $decay^)?
    (`nesterov` $nesterov^)? attr-dict `:` type($parameter)
  }];
}

def Cnn_AdamOp : Cnn_Op<"adam", [Pure, AllTypesMatch<["parameter", "gradient", "first", "second",
    "updated", "updated_first", "updated_second"]>]> {
  let summary = "step of Adam";
  let description = [{
    With h = g + decay * w and t = step + 1: m' = beta1 * m + (1 - beta1) * h,
    v' = beta2 * v + (1 - beta2) * h^2, and
    w' = w - lr / (1 - beta1^t) * m' / (sqrt(v' / (1 - beta2^t)) + epsilon) (Kingma and Ba 2015).
    With `decoupled` h = g, and w' loses lr * decay * w instead (AdamW: Loshchilov and Hutter 2019).

    Example:
    ```mlir
    %u, %m2, %v2 = cnn.adam %w, %g, %m, %v, %lr, %step beta1 0.9 beta2 0.999 epsilon 1.0e-8 : tensor<6xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$parameter, Cnn_Tensor:$gradient, Cnn_Tensor:$first,
      Cnn_Tensor:$second, Cnn_Rate:$rate, Cnn_Counter:$step, F64Attr:$beta1,
      F64Attr:$beta2, F64Attr:$epsilon, DefaultValuedOptionalAttr<F64Attr, "0.0">:$decay,
      UnitAttr:$decoupled);
  let results = (outs Cnn_Tensor:$updated, Cnn_Tensor:$updated_first, Cnn_Tensor:$updated_second);
  let assemblyFormat = [{
    $parameter `,` $gradient `,` $first `,` $second `,` $rate `,` $step `beta1` $beta1
    `beta2` $beta2 `epsilon` $epsilon (`decay` $decay^)? (`decoupled` $decoupled^)? attr-dict `:`
    type($parameter)
  }];
}

def Cnn_RmsPropOp : Cnn_Op<"rmsprop", [Pure,
    AllTypesMatch<["parameter", "gradient", "square", "updated", "updated_square"]>]> {
  let summary = "step of RMSProp";
  let description = [{
    With h = g + decay * w: s' = alpha * s + (1 - alpha) * h^2, and w' = w - lr * h / (sqrt(s') + epsilon)
    (Hinton 2012, in PyTorch's form).

    Example:
    ```mlir
    %u, %s2 = cnn.rmsprop %w, %g, %s, %lr alpha 9.9e-1 epsilon 1.0e-8 : tensor<6xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$parameter, Cnn_Tensor:$gradient, Cnn_Tensor:$square,
      Cnn_Rate:$rate, F64Attr:$alpha, F64Attr:$epsilon,
      DefaultValuedOptionalAttr<F64Attr, "0.0">:$decay);
  let results = (outs Cnn_Tensor:$updated, Cnn_Tensor:$updated_square);
  let assemblyFormat = [{
    $parameter `,` $gradient `,` $square `,` $rate `alpha` $alpha `epsilon` $epsilon
    (`decay` $decay^)? attr-dict `:` type($parameter)
  }];
}

def Cnn_RmsPropMomentumOp : Cnn_Op<"rmsprop_momentum", [Pure, AllTypesMatch<["parameter", "gradient",
    "square", "velocity", "updated", "updated_square", "updated_velocity"]>]> {
  let summary = "step of RMSProp with momentum";
  let description = [{
    With h = g + decay * w: s' = alpha * s + (1 - alpha) * h^2,
    v' = momentum * v + h / (sqrt(s') + epsilon), and w' = w - lr * v' (in PyTorch's form).

    Example:
    ```mlir
    %u, %s2, %v2 = cnn.rmsprop_momentum %w, %g, %s, %v, %lr alpha 9.9e-1 epsilon 1.0e-8 momentum 0.9 : tensor<6xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$parameter, Cnn_Tensor:$gradient, Cnn_Tensor:$square,
      Cnn_Tensor:$velocity, Cnn_Rate:$rate, F64Attr:$alpha, F64Attr:$epsilon, F64Attr:$momentum,
      DefaultValuedOptionalAttr<F64Attr, "0.0">:$decay);
  let results = (outs Cnn_Tensor:$updated, Cnn_Tensor:$updated_square,
      Cnn_Tensor:$updated_velocity);
  let assemblyFormat = [{
    $parameter `,` $gradient `,` $square `,` $velocity `,` $rate `alpha` $alpha `epsilon` $epsilon
    `momentum` $momentum (`decay` $decay^)? attr-dict `:` type($parameter)
  }];
}

def Cnn_AdagradOp : Cnn_Op<"adagrad", [Pure,
    AllTypesMatch<["parameter", "gradient", "square", "updated", "updated_square"]>]> {
  let summary = "step of AdaGrad";
  let description = [{
    With h = g + decay * w: s' = s + h^2, and w' = w - lr * h / (sqrt(s') + epsilon) (Duchi et al. 2011).

    Example:
    ```mlir
    %u, %s2 = cnn.adagrad %w, %g, %s, %lr epsilon 1.0e-10 : tensor<6xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$parameter, Cnn_Tensor:$gradient, Cnn_Tensor:$square,
      Cnn_Rate:$rate, F64Attr:$epsilon, DefaultValuedOptionalAttr<F64Attr, "0.0">:$decay);
  let results = (outs Cnn_Tensor:$updated, Cnn_Tensor:$updated_square);
  let assemblyFormat = [{
    $parameter `,` $gradient `,` $square `,` $rate `epsilon` $epsilon (`decay` $decay^)? attr-dict `:`
    type($parameter)
  }];
}

def Cnn_IncrementOp : Cnn_Op<"increment", [Pure, SameOperandsAndResultType]> {
  let summary = "the next step's number";
  let description = [{
    y = x + 1.

    Example:
    ```mlir
    %next = cnn.increment %step : tensor<i64>
    ```
  }];
  let arguments = (ins Cnn_Counter:$input);
  let results = (outs Cnn_Counter:$output);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

#endif // CNN_OPS_OPTIMIZER_TD
