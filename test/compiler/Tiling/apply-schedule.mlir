// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-apply-schedule))' -split-input-file -verify-diagnostics %s | FileCheck %s

#columns = affine_map<(i, j) -> (j, i)>

// CHECK: #[[ROWS:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func.func @permuted
// CHECK: indexing_maps = [#[[ROWS]], #[[ROWS]]]
// CHECK-NOT: cnn.schedule
func.func @permuted(%a: tensor<8x4xf32>, %e: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = linalg.generic {indexing_maps = [#columns, #columns], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) attrs = {cnn.schedule = array<i64: 1, 0>} {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  } -> tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}

// -----

#columns = affine_map<(i, j) -> (j, i)>

// Without a schedule nothing changes.
// CHECK: #[[COLUMNS:.*]] = affine_map<(d0, d1) -> (d1, d0)>
// CHECK-LABEL: func.func @untouched
// CHECK: indexing_maps = [#[[COLUMNS]], #[[COLUMNS]]]
func.func @untouched(%a: tensor<8x4xf32>, %e: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = linalg.generic {indexing_maps = [#columns, #columns], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  } -> tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}

// -----

#columns = affine_map<(i, j) -> (j, i)>

func.func @no_permutation(%a: tensor<8x4xf32>, %e: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @+1 {{expects 'cnn.schedule' to be a permutation of its 2 loops, but got array<i64: 1, 1>}}
  %0 = linalg.generic {indexing_maps = [#columns, #columns], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) attrs = {cnn.schedule = array<i64: 1, 1>} {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  } -> tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}
