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

// CHECK-LABEL: func.func @relu6(
// CHECK: cnn.relu6 %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @relu6(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.relu6 %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @elu(
// CHECK: cnn.elu %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @elu(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.elu %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @hardsigmoid(
// CHECK: cnn.hardsigmoid %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @hardsigmoid(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.hardsigmoid %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @softplus(
// CHECK: cnn.softplus %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @softplus(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.softplus %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @gelu(
// CHECK: cnn.gelu %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @gelu(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.gelu %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @silu(
// CHECK: cnn.silu %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @silu(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.silu %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @hardswish(
// CHECK: cnn.hardswish %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @hardswish(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.hardswish %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @logsoftmax(
// CHECK: cnn.logsoftmax %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @logsoftmax(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.logsoftmax %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @lrelu(
// CHECK: cnn.lrelu %{{.*}} slope 1.000000e-02 : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @lrelu(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.lrelu %x slope 1.000000e-02 : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @prelu(
// CHECK: cnn.prelu %{{.*}}, %{{.*}} : tensor<2x3x4x4xf32>, tensor<3xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @prelu(%x: tensor<2x3x4x4xf32>, %w: tensor<3xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.prelu %x, %w : tensor<2x3x4x4xf32>, tensor<3xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @prelu_shared(
// CHECK: cnn.prelu %{{.*}}, %{{.*}} : tensor<8x5xf64>, tensor<1xf64>
// CHECK: return {{.*}} : tensor<8x5xf64>
func.func @prelu_shared(%x: tensor<8x5xf64>, %w: tensor<1xf64>) -> (tensor<8x5xf64>) {
  %y = cnn.prelu %x, %w : tensor<8x5xf64>, tensor<1xf64>
  return %y : tensor<8x5xf64>
}

// CHECK-LABEL: func.func @dropout_whole_images(
// CHECK: cnn.dropout %{{.*}}, %{{.*}}, %{{.*}} probability 5.000000e-01 stream 2 salt 7 whole_images : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @dropout_whole_images(%x: tensor<2x3x4x4xf32>, %s: tensor<i64>, %t: tensor<i64>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.dropout %x, %s, %t probability 5.000000e-01 stream 2 salt 7 whole_images : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}
