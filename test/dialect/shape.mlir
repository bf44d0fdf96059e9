// Order, shape and sums over dimensions.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -

// CHECK-LABEL: func.func @reshape(
// CHECK: cnn.reshape %{{.*}} to [2, 48] : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x48xf32>
func.func @reshape(%x: tensor<2x3x4x4xf32>) -> (tensor<2x48xf32>) {
  %y = cnn.reshape %x to [2, 48] : tensor<2x3x4x4xf32>
  return %y : tensor<2x48xf32>
}

// CHECK-LABEL: func.func @reshape_scalar(
// CHECK: cnn.reshape %{{.*}} to [] : tensor<1x1xf32>
// CHECK: return {{.*}} : tensor<f32>
func.func @reshape_scalar(%x: tensor<1x1xf32>) -> (tensor<f32>) {
  %y = cnn.reshape %x to [] : tensor<1x1xf32>
  return %y : tensor<f32>
}

// CHECK-LABEL: func.func @transpose(
// CHECK: cnn.transpose %{{.*}} permutation [2, 0, 1] : tensor<2x3x4xf32>
// CHECK: return {{.*}} : tensor<4x2x3xf32>
func.func @transpose(%x: tensor<2x3x4xf32>) -> (tensor<4x2x3xf32>) {
  %y = cnn.transpose %x permutation [2, 0, 1] : tensor<2x3x4xf32>
  return %y : tensor<4x2x3xf32>
}

// CHECK-LABEL: func.func @reduce_sum(
// CHECK: cnn.reduce_sum %{{.*}} dims [0, 2, 3] : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<3xf32>
func.func @reduce_sum(%x: tensor<2x3x4x4xf32>) -> (tensor<3xf32>) {
  %y = cnn.reduce_sum %x dims [0, 2, 3] : tensor<2x3x4x4xf32>
  return %y : tensor<3xf32>
}

// CHECK-LABEL: func.func @reduce_all(
// CHECK: cnn.reduce_sum %{{.*}} dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<f32>
func.func @reduce_all(%x: tensor<2x3x4x4xf32>) -> (tensor<f32>) {
  %y = cnn.reduce_sum %x dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  return %y : tensor<f32>
}

// CHECK-LABEL: func.func @broadcast(
// CHECK: cnn.broadcast %{{.*}} dims [1] to [2, 3, 4, 4] : tensor<3xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @broadcast(%x: tensor<3xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.broadcast %x dims [1] to [2, 3, 4, 4] : tensor<3xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @broadcast_scalar(
// CHECK: cnn.broadcast %{{.*}} dims [] to [2, 3] : tensor<f32>
// CHECK: return {{.*}} : tensor<2x3xf32>
func.func @broadcast_scalar(%x: tensor<f32>) -> (tensor<2x3xf32>) {
  %y = cnn.broadcast %x dims [] to [2, 3] : tensor<f32>
  return %y : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @pad(
// CHECK: cnn.pad %{{.*}} low [0, -1, 1, 1] high [0, 0, 1, -2] : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x2x6x3xf32>
func.func @pad(%x: tensor<2x3x4x4xf32>) -> (tensor<2x2x6x3xf32>) {
  %y = cnn.pad %x low [0, -1, 1, 1] high [0, 0, 1, -2] : tensor<2x3x4x4xf32>
  return %y : tensor<2x2x6x3xf32>
}

// CHECK-LABEL: func.func @concat(
// CHECK: cnn.concat %{{.*}}, %{{.*}}, %{{.*}} : tensor<2x3x4x4xf32>, tensor<2x1x4x4xf32>, tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x7x4x4xf32>
func.func @concat(%a: tensor<2x3x4x4xf32>, %b: tensor<2x1x4x4xf32>) -> (tensor<2x7x4x4xf32>) {
  %y = cnn.concat %a, %b, %a : tensor<2x3x4x4xf32>, tensor<2x1x4x4xf32>, tensor<2x3x4x4xf32>
  return %y : tensor<2x7x4x4xf32>
}

// CHECK-LABEL: func.func @concat_vectors(
// CHECK: cnn.concat %{{.*}}, %{{.*}} : tensor<2x3xf64>, tensor<2x5xf64>
// CHECK: return {{.*}} : tensor<2x8xf64>
func.func @concat_vectors(%a: tensor<2x3xf64>, %b: tensor<2x5xf64>) -> (tensor<2x8xf64>) {
  %y = cnn.concat %a, %b : tensor<2x3xf64>, tensor<2x5xf64>
  return %y : tensor<2x8xf64>
}
