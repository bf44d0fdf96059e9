// The surroundings of an image, on tensors and on buffers.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -
// RUN: cnn-opt %s --canonicalize | FileCheck %s --check-prefix=KEPT

// CHECK-LABEL: func.func @tensors(
// CHECK: %[[B:.*]] = cnn.fill_border %{{.*}} low [0, 1] high [2, 0] value 1.000000e+00 : f32 : tensor<4x6xf32>
// CHECK: return %[[B]] : tensor<4x6xf32>
func.func @tensors(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %b = cnn.fill_border %x low [0, 1] high [2, 0] value 1.0 : f32 : tensor<4x6xf32>
  return %b : tensor<4x6xf32>
}

// A write to a buffer stays, though nobody uses a result.
// CHECK-LABEL: func.func @buffers(
// CHECK: cnn.fill_border %{{.*}} low [0, 1] high [2, 0] value 0.000000e+00 : f64 : memref<4x6xf64>
// KEPT-LABEL: func.func @buffers(
// KEPT: cnn.fill_border
func.func @buffers(%x: memref<4x6xf64>) {
  cnn.fill_border %x low [0, 1] high [2, 0] value 0.0 : f64 : memref<4x6xf64>
  return
}
