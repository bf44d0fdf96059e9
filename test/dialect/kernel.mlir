// Kernels: a matrix product with a bias, without extras, on buffers, and with a schedule.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -
// RUN: cnn-opt %s --canonicalize --cse | FileCheck %s --check-prefix=EFFECTS

#a = affine_map<(i, j, k) -> (i, k)>
#b = affine_map<(i, j, k) -> (j, k)>
#column = affine_map<(i, j, k) -> (j)>
#c = affine_map<(i, j, k) -> (i, j)>

// CHECK-LABEL: func.func @bias(
// CHECK: cnn.kernel ins(%{{.*}}, %{{.*}} : tensor<8x64xf32>, tensor<16x64xf32>) extras(%{{.*}} : tensor<16xf32>)
// CHECK-SAME: outs(%{{.*}} : tensor<8x16xf32>) maps [{{[#a-z0-9, ]*}}]
// CHECK-SAME: extents [8, 16, 64] reductions [false, false, true] starts [0.000000e+00 : f32] reduce
// CHECK-NEXT: ^bb0(%{{.*}}: f32, %{{.*}}: f32, %{{.*}}: f32):
// CHECK: cnn.yield %{{.*}} : f32
// CHECK: finish
// CHECK-NEXT: ^bb0(%{{.*}}: f32, %{{.*}}: f32):
// CHECK: cnn.yield %{{.*}} : f32
// CHECK: -> tensor<8x16xf32>
func.func @bias(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %b: tensor<16xf32>, %t: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) extras(%b : tensor<16xf32>)
      outs(%t : tensor<8x16xf32>) maps [#a, #b, #column, #c]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %c: f32, %sum: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32, %bias: f32):
    %0 = arith.addf %sum, %bias : f32
    cnn.yield %0 : f32
  } -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// On buffers it has no result, and writes: nothing erases it. A schedule is an attribute.
// CHECK-LABEL: func.func @buffers(
// CHECK: cnn.kernel ins(%{{.*}} : memref<8x64xf32>) outs(%{{.*}} : memref<8xf32>)
// CHECK-SAME: starts [0.000000e+00 : f32] attributes {cnn.schedule = {lanes = 8 : i64}} reduce
// CHECK-NOT: ->
// CHECK: return
// EFFECTS-LABEL: func.func @buffers(
// EFFECTS: cnn.kernel
func.func @buffers(%x: memref<8x64xf32>, %y: memref<8xf32>) {
  cnn.kernel ins(%x : memref<8x64xf32>) outs(%y : memref<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] attributes {cnn.schedule = {lanes = 8}} reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// What nobody reads has no effect on tensors. Two accumulators, of which one output is made.
// CHECK-LABEL: func.func @two_sums(
// CHECK: starts [0.000000e+00 : f32, 0xFF800000 : f32] reduce
// EFFECTS-LABEL: func.func @two_sums(
// EFFECTS-NOT: cnn.kernel
// EFFECTS: return
func.func @two_sums(%x: tensor<8x64xf32>, %t: tensor<8xf32>) {
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32, 0xFF800000 : f32] reduce {
  ^bb0(%a: f32, %sum: f32, %max: f32):
    %0 = arith.addf %sum, %a : f32
    %1 = arith.maximumf %max, %a : f32
    cnn.yield %0, %1 : f32, f32
  } finish {
  ^bb0(%sum: f32, %max: f32):
    %0 = arith.divf %sum, %max : f32
    cnn.yield %0 : f32
  } -> tensor<8xf32>
  return
}

// Pairs of rows are pooled: they are a loop of their own, whose two values `pool` takes.
// CHECK-LABEL: func.func @pooled(
// CHECK: cnn.kernel {{.*}} extents [4, 16, 64, 2] reductions [false, false, true, false]
// CHECK-SAME: starts [0.000000e+00 : f32] window [3] reduce {
// CHECK: } finish {
// CHECK: } pool {
// CHECK-NEXT: ^bb0(%[[FIRST:.*]]: f32, %[[SECOND:.*]]: f32):
// CHECK-NEXT: arith.maximumf %[[FIRST]], %[[SECOND]]
// CHECK: } -> tensor<4x16xf32>
func.func @pooled(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %z: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%z : tensor<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } pool {
  ^bb0(%first: f32, %second: f32):
    %0 = arith.maximumf %first, %second : f32
    cnn.yield %0 : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}
