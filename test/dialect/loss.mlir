// Losses and the request of a gradient.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -

// CHECK-LABEL: func.func @cross_entropy(
// CHECK: cnn.cross_entropy %{{.*}}, %{{.*}} : tensor<4x5xf32>, tensor<4xi32>
// CHECK: return {{.*}} : tensor<f32>
func.func @cross_entropy(%x: tensor<4x5xf32>, %l: tensor<4xi32>) -> (tensor<f32>) {
  %y = cnn.cross_entropy %x, %l : tensor<4x5xf32>, tensor<4xi32>
  return %y : tensor<f32>
}

// CHECK-LABEL: func.func @cross_entropy_smooth(
// CHECK: cnn.cross_entropy %{{.*}}, %{{.*}} smooth 1.000000e-01 : tensor<4x5x2x2xf64>, tensor<4x2x2xi32>
// CHECK: return {{.*}} : tensor<f64>
func.func @cross_entropy_smooth(%x: tensor<4x5x2x2xf64>, %l: tensor<4x2x2xi32>) -> (tensor<f64>) {
  %y = cnn.cross_entropy %x, %l smooth 1.000000e-01 : tensor<4x5x2x2xf64>, tensor<4x2x2xi32>
  return %y : tensor<f64>
}

// CHECK-LABEL: func.func @one_hot(
// CHECK: cnn.one_hot %{{.*}} on 9.000000e-01 off 2.000000e-02 : tensor<4xi32> -> tensor<4x5xf32>
// CHECK: return {{.*}} : tensor<4x5xf32>
func.func @one_hot(%l: tensor<4xi32>) -> (tensor<4x5xf32>) {
  %y = cnn.one_hot %l on 9.000000e-01 off 2.000000e-02 : tensor<4xi32> -> tensor<4x5xf32>
  return %y : tensor<4x5xf32>
}

// CHECK-LABEL: func.func @mse(
// CHECK: cnn.mse %{{.*}}, %{{.*}} : tensor<4x5xf32>
// CHECK: return {{.*}} : tensor<f32>
func.func @mse(%x: tensor<4x5xf32>, %t: tensor<4x5xf32>) -> (tensor<f32>) {
  %y = cnn.mse %x, %t : tensor<4x5xf32>
  return %y : tensor<f32>
}

// CHECK-LABEL: func.func @nll(
// CHECK: cnn.nll %{{.*}}, %{{.*}} : tensor<4x5x2x2xf32>, tensor<4x2x2xi32>
// CHECK: return {{.*}} : tensor<f32>
func.func @nll(%x: tensor<4x5x2x2xf32>, %l: tensor<4x2x2xi32>) -> (tensor<f32>) {
  %y = cnn.nll %x, %l : tensor<4x5x2x2xf32>, tensor<4x2x2xi32>
  return %y : tensor<f32>
}

// CHECK-LABEL: func.func @hinge(
// CHECK: cnn.hinge %{{.*}}, %{{.*}} : tensor<4x5x2x2xf32>, tensor<4x2x2xi32>
// CHECK: return {{.*}} : tensor<f32>
func.func @hinge(%x: tensor<4x5x2x2xf32>, %l: tensor<4x2x2xi32>) -> (tensor<f32>) {
  %y = cnn.hinge %x, %l : tensor<4x5x2x2xf32>, tensor<4x2x2xi32>
  return %y : tensor<f32>
}

// CHECK-LABEL: func.func @mae(
// CHECK: cnn.mae %{{.*}}, %{{.*}} : tensor<4x5xf64>
// CHECK: return {{.*}} : tensor<f64>
func.func @mae(%x: tensor<4x5xf64>, %t: tensor<4x5xf64>) -> (tensor<f64>) {
  %y = cnn.mae %x, %t : tensor<4x5xf64>
  return %y : tensor<f64>
}

// CHECK-LABEL: func.func @huber(
// CHECK: cnn.huber %{{.*}}, %{{.*}} delta 5.000000e-01 : tensor<4x5xf64>
// CHECK: return {{.*}} : tensor<f64>
func.func @huber(%x: tensor<4x5xf64>, %t: tensor<4x5xf64>) -> (tensor<f64>) {
  %y = cnn.huber %x, %t delta 5.000000e-01 : tensor<4x5xf64>
  return %y : tensor<f64>
}

// CHECK-LABEL: func.func @bce(
// CHECK: cnn.bce %{{.*}}, %{{.*}} : tensor<4x5xf64>
// CHECK: return {{.*}} : tensor<f64>
func.func @bce(%x: tensor<4x5xf64>, %t: tensor<4x5xf64>) -> (tensor<f64>) {
  %y = cnn.bce %x, %t : tensor<4x5xf64>
  return %y : tensor<f64>
}

// CHECK-LABEL: func.func @gradient(
// CHECK: cnn.gradient %{{.*}} of %{{.*}}, %{{.*}} : tensor<f32> of tensor<4x5xf32>, tensor<3xf32>
// CHECK: return {{.*}} : tensor<4x5xf32>, tensor<3xf32>
func.func @gradient(%l: tensor<f32>, %a: tensor<4x5xf32>, %b: tensor<3xf32>) -> (tensor<4x5xf32>, tensor<3xf32>) {
  %d, %e = cnn.gradient %l of %a, %b : tensor<f32> of tensor<4x5xf32>, tensor<3xf32>
  return %d, %e : tensor<4x5xf32>, tensor<3xf32>
}
