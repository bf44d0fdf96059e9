// The border of a tensor and of a buffer: every spelling prints as it was read.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -

// CHECK-LABEL: func.func @around(
// CHECK: cnn.fill_border %{{.*}} low [0, 0, 1, 1] high [0, 0, 1, 2] value 0.000000e+00 : f32 : tensor<2x3x10x11xf32>
// CHECK: return {{.*}} : tensor<2x3x10x11xf32>
func.func @around(%t: tensor<2x3x10x11xf32>) -> tensor<2x3x10x11xf32> {
  %p = cnn.fill_border %t low [0, 0, 1, 1] high [0, 0, 1, 2] value 0.0 : f32 : tensor<2x3x10x11xf32>
  return %p : tensor<2x3x10x11xf32>
}

// A buffer is written, there is no result.
// CHECK-LABEL: func.func @buffer(
// CHECK-NEXT: cnn.fill_border %{{.*}} low [2] high [0] value -1.000000e+00 : f64 : memref<5xf64>
// CHECK-NEXT: return
func.func @buffer(%m: memref<5xf64>) {
  cnn.fill_border %m low [2] high [0] value -1.0 : f64 : memref<5xf64>
  return
}

// CHECK-LABEL: func.func @numbers(
// CHECK: cnn.fill_border %{{.*}} low [1, 0] high [0, 0] value 7 : i32 : tensor<3x1xi32>
func.func @numbers(%t: tensor<3x1xi32>) -> tensor<3x1xi32> {
  %p = cnn.fill_border %t low [1, 0] high [0, 0] value 7 : i32 : tensor<3x1xi32>
  return %p : tensor<3x1xi32>
}
