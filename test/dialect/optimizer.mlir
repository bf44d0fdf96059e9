// Steps of optimizers.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -

// CHECK-LABEL: func.func @sgd(
// CHECK: cnn.sgd %{{.*}}, %{{.*}}, %{{.*}} : tensor<3xf32>
// CHECK: return {{.*}} : tensor<3xf32>
func.func @sgd(%w: tensor<3xf32>, %g: tensor<3xf32>, %lr: tensor<f32>) -> (tensor<3xf32>) {
  %u = cnn.sgd %w, %g, %lr : tensor<3xf32>
  return %u : tensor<3xf32>
}

// CHECK-LABEL: func.func @sgd_decay(
// CHECK: cnn.sgd %{{.*}}, %{{.*}}, %{{.*}} decay 5.000000e-04 : tensor<3xf32>
// CHECK: return {{.*}} : tensor<3xf32>
func.func @sgd_decay(%w: tensor<3xf32>, %g: tensor<3xf32>, %lr: tensor<f32>) -> (tensor<3xf32>) {
  %u = cnn.sgd %w, %g, %lr decay 5.000000e-04 : tensor<3xf32>
  return %u : tensor<3xf32>
}

// CHECK-LABEL: func.func @momentum(
// CHECK: cnn.momentum %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} momentum 9.000000e-01 : tensor<3xf32>
// CHECK: return {{.*}} : tensor<3xf32>, tensor<3xf32>
func.func @momentum(%w: tensor<3xf32>, %g: tensor<3xf32>, %v: tensor<3xf32>, %lr: tensor<f32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %u, %n = cnn.momentum %w, %g, %v, %lr momentum 9.000000e-01 : tensor<3xf32>
  return %u, %n : tensor<3xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @nesterov(
// CHECK: cnn.momentum %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} momentum 9.000000e-01 decay 5.000000e-04 nesterov : tensor<3xf32>
// CHECK: return {{.*}} : tensor<3xf32>, tensor<3xf32>
func.func @nesterov(%w: tensor<3xf32>, %g: tensor<3xf32>, %v: tensor<3xf32>, %lr: tensor<f32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %u, %n = cnn.momentum %w, %g, %v, %lr momentum 9.000000e-01 decay 5.000000e-04 nesterov : tensor<3xf32>
  return %u, %n : tensor<3xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @adam(
// CHECK: cnn.adam %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} beta1 9.000000e-01 beta2 9.375000e-01 epsilon 1.000000e-08 : tensor<3xf32>
// CHECK: return {{.*}} : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
func.func @adam(%w: tensor<3xf32>, %g: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>, %lr: tensor<f32>, %s: tensor<i64>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %u, %m2, %v2 = cnn.adam %w, %g, %m, %v, %lr, %s beta1 9.000000e-01 beta2 9.375000e-01 epsilon 1.000000e-08 : tensor<3xf32>
  return %u, %m2, %v2 : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @adam_f64(
// CHECK: cnn.adam %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} beta1 9.000000e-01 beta2 9.375000e-01 epsilon 1.000000e-08 decay 1.000000e-02 : tensor<3xf64>
// CHECK: return {{.*}} : tensor<3xf64>
func.func @adam_f64(%w: tensor<3xf64>, %g: tensor<3xf64>, %m: tensor<3xf64>, %v: tensor<3xf64>, %lr: tensor<f32>, %s: tensor<i64>) -> (tensor<3xf64>) {
  %u, %m2, %v2 = cnn.adam %w, %g, %m, %v, %lr, %s beta1 9.000000e-01 beta2 9.375000e-01 epsilon 1.000000e-08 decay 1.000000e-02 : tensor<3xf64>
  return %u : tensor<3xf64>
}

// CHECK-LABEL: func.func @adamw(
// CHECK: cnn.adam %{{.*}} epsilon 1.000000e-08 decay 1.000000e-02 decoupled : tensor<3xf32>
func.func @adamw(%w: tensor<3xf32>, %g: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>, %lr: tensor<f32>, %s: tensor<i64>) -> (tensor<3xf32>) {
  %u, %m2, %v2 = cnn.adam %w, %g, %m, %v, %lr, %s beta1 9.000000e-01 beta2 9.375000e-01 epsilon 1.000000e-08 decay 1.000000e-02 decoupled : tensor<3xf32>
  return %u : tensor<3xf32>
}

// CHECK-LABEL: func.func @rmsprop(
// CHECK: cnn.rmsprop %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} alpha 9.375000e-01 epsilon 1.000000e-08 : tensor<3xf32>
// CHECK: return {{.*}} : tensor<3xf32>, tensor<3xf32>
func.func @rmsprop(%w: tensor<3xf32>, %g: tensor<3xf32>, %s: tensor<3xf32>, %lr: tensor<f32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %u, %s2 = cnn.rmsprop %w, %g, %s, %lr alpha 9.375000e-01 epsilon 1.000000e-08 : tensor<3xf32>
  return %u, %s2 : tensor<3xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @rmsprop_momentum(
// CHECK: cnn.rmsprop_momentum %{{.*}} alpha 9.375000e-01 epsilon 1.000000e-08 momentum 9.000000e-01 decay 1.000000e-04 : tensor<3xf64>
// CHECK: return {{.*}} : tensor<3xf64>, tensor<3xf64>, tensor<3xf64>
func.func @rmsprop_momentum(%w: tensor<3xf64>, %g: tensor<3xf64>, %s: tensor<3xf64>, %v: tensor<3xf64>, %lr: tensor<f32>) -> (tensor<3xf64>, tensor<3xf64>, tensor<3xf64>) {
  %u, %s2, %v2 = cnn.rmsprop_momentum %w, %g, %s, %v, %lr alpha 9.375000e-01 epsilon 1.000000e-08 momentum 9.000000e-01 decay 1.000000e-04 : tensor<3xf64>
  return %u, %s2, %v2 : tensor<3xf64>, tensor<3xf64>, tensor<3xf64>
}

// CHECK-LABEL: func.func @adagrad(
// CHECK: cnn.adagrad %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} epsilon 1.000000e-10 decay 1.000000e-02 : tensor<3xf32>
// CHECK: return {{.*}} : tensor<3xf32>, tensor<3xf32>
func.func @adagrad(%w: tensor<3xf32>, %g: tensor<3xf32>, %s: tensor<3xf32>, %lr: tensor<f32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %u, %s2 = cnn.adagrad %w, %g, %s, %lr epsilon 1.000000e-10 decay 1.000000e-02 : tensor<3xf32>
  return %u, %s2 : tensor<3xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @increment(
// CHECK: cnn.increment %{{.*}} : tensor<i64>
// CHECK: return {{.*}} : tensor<i64>
func.func @increment(%s: tensor<i64>) -> (tensor<i64>) {
  %n = cnn.increment %s : tensor<i64>
  return %n : tensor<i64>
}
