// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-place-halos))' --split-input-file %s | FileCheck %s

// The border comes before the first op that writes what is padded.
// CHECK-LABEL: func.func @produced
// CHECK: %[[T:.*]] = tensor.empty() : tensor<6x7xf32>
// CHECK: %[[B:.*]] = cnn.fill_border %[[T]] low [1, 0] high [1, 3] value 0.000000e+00 : f32
// CHECK: linalg.fill
// CHECK: %[[Y:.*]] = linalg.exp
// CHECK: tensor.insert_slice %[[Y]] into %[[B]][1, 0] [4, 4] [1, 1]
func.func @produced(%x: tensor<4x4xf32>) -> tensor<6x7xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %y = linalg.exp ins(%x : tensor<4x4xf32>) outs(%f : tensor<4x4xf32>) -> tensor<4x4xf32>
  %p = tensor.pad %y low[1, 0] high[1, 3] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<4x4xf32> to tensor<6x7xf32>
  return %p : tensor<6x7xf32>
}

// -----

// An argument is somewhere already.
// CHECK-LABEL: func.func @argument
// CHECK-SAME: %[[X:[a-z0-9]+]]
// CHECK: %[[B:.*]] = cnn.fill_border
// CHECK-NEXT: tensor.insert_slice %[[X]] into %[[B]]
func.func @argument(%x: tensor<4x4xf32>) -> tensor<6x4xf32> {
  %one = arith.constant 1.0 : f32
  %p = tensor.pad %x low[1, 0] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %one : f32
  } : tensor<4x4xf32> to tensor<6x4xf32>
  return %p : tensor<6x4xf32>
}
