// Products and channel-wise factors.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -

// CHECK-LABEL: func.func @matmul(
// CHECK: cnn.matmul %{{.*}}, %{{.*}} : tensor<4x3xf32>, tensor<3x5xf32>
// CHECK: return {{.*}} : tensor<4x5xf32>
func.func @matmul(%a: tensor<4x3xf32>, %b: tensor<3x5xf32>) -> (tensor<4x5xf32>) {
  %y = cnn.matmul %a, %b : tensor<4x3xf32>, tensor<3x5xf32>
  return %y : tensor<4x5xf32>
}

// CHECK-LABEL: func.func @matmul_transpose_a(
// CHECK: cnn.matmul %{{.*}}, %{{.*}} transpose_a : tensor<3x4xf32>, tensor<3x5xf32>
// CHECK: return {{.*}} : tensor<4x5xf32>
func.func @matmul_transpose_a(%a: tensor<3x4xf32>, %b: tensor<3x5xf32>) -> (tensor<4x5xf32>) {
  %y = cnn.matmul %a, %b transpose_a : tensor<3x4xf32>, tensor<3x5xf32>
  return %y : tensor<4x5xf32>
}

// CHECK-LABEL: func.func @matmul_transpose_b(
// CHECK: cnn.matmul %{{.*}}, %{{.*}} transpose_b : tensor<4x3xf32>, tensor<5x3xf32>
// CHECK: return {{.*}} : tensor<4x5xf32>
func.func @matmul_transpose_b(%a: tensor<4x3xf32>, %b: tensor<5x3xf32>) -> (tensor<4x5xf32>) {
  %y = cnn.matmul %a, %b transpose_b : tensor<4x3xf32>, tensor<5x3xf32>
  return %y : tensor<4x5xf32>
}

// CHECK-LABEL: func.func @matmul_transpose_a_transpose_b(
// CHECK: cnn.matmul %{{.*}}, %{{.*}} transpose_a transpose_b : tensor<3x4xf32>, tensor<5x3xf32>
// CHECK: return {{.*}} : tensor<4x5xf32>
func.func @matmul_transpose_a_transpose_b(%a: tensor<3x4xf32>, %b: tensor<5x3xf32>) -> (tensor<4x5xf32>) {
  %y = cnn.matmul %a, %b transpose_a transpose_b : tensor<3x4xf32>, tensor<5x3xf32>
  return %y : tensor<4x5xf32>
}

// CHECK-LABEL: func.func @bias_add(
// CHECK: cnn.bias_add %{{.*}}, %{{.*}} : tensor<2x3x4x4xf32>, tensor<3xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @bias_add(%x: tensor<2x3x4x4xf32>, %b: tensor<3xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.bias_add %x, %b : tensor<2x3x4x4xf32>, tensor<3xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @scale_channels(
// CHECK: cnn.scale_channels %{{.*}}, %{{.*}} : tensor<2x3x4x4xf32>, tensor<3xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @scale_channels(%x: tensor<2x3x4x4xf32>, %b: tensor<3xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.scale_channels %x, %b : tensor<2x3x4x4xf32>, tensor<3xf32>
  return %y : tensor<2x3x4x4xf32>
}
