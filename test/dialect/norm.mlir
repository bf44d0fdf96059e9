// Normalization.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -

// CHECK-LABEL: func.func @lrn(
// CHECK: cnn.lrn %{{.*}} {alpha = 1.000000e-04 : f64, beta = 7.500000e-01 : f64, k = 2.000000e+00 : f64, size = 5 : i64} : tensor<2x3x4x4xf32>
func.func @lrn(%x: tensor<2x3x4x4xf32>) -> tensor<2x3x4x4xf32> {
  %y = cnn.lrn %x {size = 5 : i64, alpha = 1.0e-4 : f64, beta = 7.5e-1 : f64, k = 2.0 : f64} : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @channel_window_sum(
// CHECK: cnn.channel_window_sum %{{.*}} before 2 after 1 : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @channel_window_sum(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.channel_window_sum %x before 2 after 1 : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @batch_norm(
// CHECK: cnn.batch_norm %{{.*}} epsilon 1.000000e-05 : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>
func.func @batch_norm(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y, %m, %v = cnn.batch_norm %x epsilon 1.000000e-05 : tensor<2x3x4x4xf32>
  return %y, %m, %v : tensor<2x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @batch_norm_rows(
// CHECK: cnn.batch_norm %{{.*}} epsilon 1.000000e-05 : tensor<8x5xf64>
// CHECK: return {{.*}} : tensor<8x5xf64>, tensor<5xf64>, tensor<5xf64>
func.func @batch_norm_rows(%x: tensor<8x5xf64>) -> (tensor<8x5xf64>, tensor<5xf64>, tensor<5xf64>) {
  %y, %m, %v = cnn.batch_norm %x epsilon 1.000000e-05 : tensor<8x5xf64>
  return %y, %m, %v : tensor<8x5xf64>, tensor<5xf64>, tensor<5xf64>
}

// CHECK-LABEL: func.func @normalize(
// CHECK: cnn.normalize %{{.*}}, %{{.*}}, %{{.*}} epsilon 1.000000e-05 : tensor<2x3x4x4xf32>, tensor<3xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @normalize(%x: tensor<2x3x4x4xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.normalize %x, %m, %v epsilon 1.000000e-05 : tensor<2x3x4x4xf32>, tensor<3xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @group_norm(
// CHECK: cnn.group_norm %{{.*}} groups 4 epsilon 1.000000e-05 : tensor<2x8x4x4xf32>
// CHECK: return {{.*}} : tensor<2x8x4x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>
func.func @group_norm(%x: tensor<2x8x4x4xf32>) -> (tensor<2x8x4x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) {
  %y, %m, %v = cnn.group_norm %x groups 4 epsilon 1.000000e-05 : tensor<2x8x4x4xf32>
  return %y, %m, %v : tensor<2x8x4x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>
}

// CHECK-LABEL: func.func @group_norm_rows(
// CHECK: cnn.group_norm %{{.*}} groups 1 epsilon 1.000000e-05 : tensor<3x6xf64>
// CHECK: return {{.*}} : tensor<3x6xf64>, tensor<3x1xf64>, tensor<3x1xf64>
func.func @group_norm_rows(%x: tensor<3x6xf64>) -> (tensor<3x6xf64>, tensor<3x1xf64>, tensor<3x1xf64>) {
  %y, %m, %v = cnn.group_norm %x groups 1 epsilon 1.000000e-05 : tensor<3x6xf64>
  return %y, %m, %v : tensor<3x6xf64>, tensor<3x1xf64>, tensor<3x1xf64>
}

// CHECK-LABEL: func.func @position_norm(
// CHECK: cnn.position_norm %{{.*}} epsilon 1.000000e-05 : tensor<2x8x4x4xf32>
// CHECK: return {{.*}} : tensor<2x8x4x4xf32>, tensor<2x4x4xf32>, tensor<2x4x4xf32>
func.func @position_norm(%x: tensor<2x8x4x4xf32>) -> (tensor<2x8x4x4xf32>, tensor<2x4x4xf32>, tensor<2x4x4xf32>) {
  %y, %m, %v = cnn.position_norm %x epsilon 1.000000e-05 : tensor<2x8x4x4xf32>
  return %y, %m, %v : tensor<2x8x4x4xf32>, tensor<2x4x4xf32>, tensor<2x4x4xf32>
}

// CHECK-LABEL: func.func @position_norm_rows(
// CHECK: cnn.position_norm %{{.*}} epsilon 1.000000e-05 : tensor<3x6xf64>
// CHECK: return {{.*}} : tensor<3x6xf64>, tensor<3xf64>, tensor<3xf64>
func.func @position_norm_rows(%x: tensor<3x6xf64>) -> (tensor<3x6xf64>, tensor<3xf64>, tensor<3xf64>) {
  %y, %m, %v = cnn.position_norm %x epsilon 1.000000e-05 : tensor<3x6xf64>
  return %y, %m, %v : tensor<3x6xf64>, tensor<3xf64>, tensor<3xf64>
}
