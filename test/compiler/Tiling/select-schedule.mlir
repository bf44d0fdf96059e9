// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-select-schedule))' %s | FileCheck %s

#columns = affine_map<(i, j) -> (j, i)>
#rows = affine_map<(i, j) -> (i, j)>
#first = affine_map<(i, j) -> (i)>

// Everything runs along i: it becomes the innermost loop.
// CHECK-LABEL: func.func @wrong_order
// CHECK: cnn.schedule = array<i64: 1, 0>
func.func @wrong_order(%a: tensor<8x4xf32>, %e: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = linalg.generic {indexing_maps = [#columns, #columns], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) {
  ^bb0(%x: f32, %y: f32):
    %z = arith.addf %x, %x : f32
    linalg.yield %z : f32
  } -> tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}

// In order already.
// CHECK-LABEL: func.func @right_order
// CHECK-NOT: cnn.schedule
func.func @right_order(%a: tensor<8x4xf32>, %e: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = linalg.generic {indexing_maps = [#rows, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) {
  ^bb0(%x: f32, %y: f32):
    %z = arith.addf %x, %x : f32
    linalg.yield %z : f32
  } -> tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}

// A transposition reads with a stride or writes with one: writing costs more, so it stays.
// CHECK-LABEL: func.func @transposition
// CHECK-NOT: cnn.schedule
func.func @transposition(%a: tensor<4x8xf32>, %e: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = linalg.generic {indexing_maps = [#columns, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<4x8xf32>) outs(%e : tensor<8x4xf32>) {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  } -> tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}

// The order of a sum decides how it is rounded.
// CHECK-LABEL: func.func @reduction
// CHECK-NOT: cnn.schedule
func.func @reduction(%a: tensor<4x8xf32>, %e: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.generic {indexing_maps = [#columns, #first], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<4x8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%x: f32, %y: f32):
    %z = arith.addf %x, %y : f32
    linalg.yield %z : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
