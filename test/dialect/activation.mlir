// Activations and dropout.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -

// CHECK-LABEL: func.func @relu(
// CHECK: cnn.relu %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @relu(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.relu %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @tanh(
// CHECK: cnn.tanh %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @tanh(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.tanh %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @sigmoid(
// CHECK: cnn.sigmoid %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @sigmoid(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.sigmoid %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @softmax(
// CHECK: cnn.softmax %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @softmax(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.softmax %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @relu_mask(
// CHECK: cnn.relu_mask %{{.*}}, %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @relu_mask(%x: tensor<2x3x4x4xf32>, %m: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.relu_mask %x, %m : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @dropout(
// CHECK: cnn.dropout %{{.*}}, %{{.*}}, %{{.*}} probability 5.000000e-01 stream 2 : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @dropout(%x: tensor<2x3x4x4xf32>, %s: tensor<i64>, %t: tensor<i64>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.dropout %x, %s, %t probability 5.000000e-01 stream 2 : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @dropout_salt(
// CHECK: cnn.dropout %{{.*}}, %{{.*}}, %{{.*}} probability 5.000000e-01 stream 2 salt 7 : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @dropout_salt(%x: tensor<2x3x4x4xf32>, %s: tensor<i64>, %t: tensor<i64>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.dropout %x, %s, %t probability 5.000000e-01 stream 2 salt 7 : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}
