// RUN: cnn-opt %s --pass-pipeline='builtin.module(func.func(cnn-lower-loops),canonicalize)' --split-input-file | FileCheck %s

// The sum over the innermost loop is carried by it.
// CHECK-LABEL: func.func @row_sums(
// CHECK-SAME: %[[A:[a-z0-9]*]]: memref<8x16xf32>, %[[S:[a-z0-9]*]]: memref<8xf32>
// CHECK: scf.for %[[I:.*]] = %c0 to %c8 step %c1 {
// CHECK: %[[INIT:.*]] = memref.load %[[S]][%[[I]]]
// CHECK: %[[SUM:.*]] = scf.for %[[K:.*]] = %c0 to %c16 step %c1 iter_args(%[[ACC:.*]] = %[[INIT]])
// CHECK: %[[X:.*]] = memref.load %[[A]][%[[I]], %[[K]]]
// CHECK: %[[NEXT:.*]] = arith.addf %[[ACC]], %[[X]] fastmath<reassoc,contract>
// CHECK: scf.yield %[[NEXT]]
// CHECK: memref.store %[[SUM]], %[[S]][%[[I]]]
func.func @row_sums(%a: memref<8x16xf32>, %s: memref<8xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>], iterator_types = ["parallel", "reduction"]}
    ins(%a : memref<8x16xf32>) outs(%s : memref<8xf32>) {
  ^bb0(%x: f32, %acc: f32):
    %r = arith.addf %acc, %x : f32
    linalg.yield %r : f32
  }
  return
}

// -----

// A near miss: the reduction is not innermost. It keeps its order and its place in memory.
// CHECK-LABEL: func.func @column_sums(
// CHECK-NOT: iter_args
// CHECK: arith.addf %{{[^ ]*}}, %{{[^ ]*}} : f32
// CHECK: memref.store
func.func @column_sums(%a: memref<16x8xf32>, %s: memref<8xf32>) {
  linalg.generic {indexing_maps = [affine_map<(k, i) -> (k, i)>, affine_map<(k, i) -> (i)>], iterator_types = ["reduction", "parallel"]}
    ins(%a : memref<16x8xf32>) outs(%s : memref<8xf32>) {
  ^bb0(%x: f32, %acc: f32):
    %r = arith.addf %acc, %x : f32
    linalg.yield %r : f32
  }
  return
}

// -----

// Only what combines the accumulator may be reordered; windows add their indices.
// CHECK-LABEL: func.func @convolution(
// CHECK-COUNT-3: scf.for
// CHECK: affine.apply
// CHECK: arith.mulf %{{[^ ]*}}, %{{[^ ]*}} : f32
// CHECK: arith.addf {{.*}} fastmath<reassoc,contract>
func.func @convolution(%x: memref<10xf32>, %w: memref<4x3xf32>, %y: memref<4x8xf32>) {
  linalg.generic {indexing_maps = [affine_map<(c, o, k) -> (o + k)>, affine_map<(c, o, k) -> (c, k)>, affine_map<(c, o, k) -> (c, o)>],
                  iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : memref<10xf32>, memref<4x3xf32>) outs(%y : memref<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %p = arith.mulf %a, %b : f32
    %r = arith.addf %p, %acc : f32
    linalg.yield %r : f32
  }
  return
}

// -----

// Two outputs, an index, and a maximum, which has no order to give up.
// CHECK-LABEL: func.func @argmax(
// CHECK: scf.for %[[K:.*]] = {{.*}} iter_args(%[[BEST:.*]] = %{{.*}}, %[[AT:.*]] = %{{.*}}) -> (f32, i32)
// CHECK: %[[INDEX:.*]] = arith.index_cast %[[K]]
// CHECK: arith.select %{{.*}}, %[[INDEX]], %[[AT]]
// CHECK-NOT: fastmath
// CHECK: memref.store
// CHECK: memref.store
func.func @argmax(%x: memref<16xf32>, %m: memref<f32>, %i: memref<i32>) {
  linalg.generic {indexing_maps = [affine_map<(k) -> (k)>, affine_map<(k) -> ()>, affine_map<(k) -> ()>], iterator_types = ["reduction"]}
    ins(%x : memref<16xf32>) outs(%m, %i : memref<f32>, memref<i32>) {
  ^bb0(%a: f32, %best: f32, %at: i32):
    %k = linalg.index 0 : index
    %k32 = arith.index_cast %k : index to i32
    %above = arith.cmpf ogt, %a, %best : f32
    %v = arith.select %above, %a, %best : f32
    %p = arith.select %above, %k32, %at : i32
    linalg.yield %v, %p : f32, i32
  }
  return
}

// -----

// Named ops, a scalar operand, no dimensions, and copies of strided buffers.
// CHECK-LABEL: func.func @others(
// CHECK-NOT: linalg
// CHECK-NOT: memref.copy
// CHECK: memref.store %{{.*}}, %{{.*}}[] : memref<f32>
// CHECK: return
func.func @others(%v: f32, %s: memref<f32>, %a: memref<4x4xf32>, %b: memref<2x2xf32>) {
  linalg.fill ins(%v : f32) outs(%s : memref<f32>)
  %w = memref.subview %a[1, 1] [2, 2] [1, 1] : memref<4x4xf32> to memref<2x2xf32, strided<[4, 1], offset: 5>>
  linalg.matmul ins(%b, %w : memref<2x2xf32>, memref<2x2xf32, strided<[4, 1], offset: 5>>) outs(%b : memref<2x2xf32>)
  memref.copy %w, %b : memref<2x2xf32, strided<[4, 1], offset: 5>> to memref<2x2xf32>
  return
}

// -----

// Tensors are not its business.
// CHECK-LABEL: func.func @tensors(
// CHECK: linalg.fill
func.func @tensors(%v: f32, %t: tensor<4xf32>) -> tensor<4xf32> {
  %r = linalg.fill ins(%v : f32) outs(%t : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// A border: the rows above and below whole, the columns beside the inside only.
// CHECK-LABEL: func.func @border(
// CHECK-SAME: %[[B:[a-z0-9]*]]: memref<8x16xf32>
// CHECK: scf.for %[[J:.*]] = %c0 to %c16
// CHECK: memref.store %{{.*}}, %[[B]][%c0, %[[J]]]
// CHECK: scf.for %{{.*}} = %c6 to %c8
// CHECK: scf.for %{{.*}} = %c0 to %c16
// CHECK: scf.for %{{.*}} = %c1 to %c6
// CHECK: scf.for %{{.*}} = %c13 to %c16
// CHECK-NOT: scf.for
// CHECK: return
func.func @border(%b: memref<8x16xf32>) {
  cnn.fill_border %b low [1, 0] high [2, 3] value 1.0 : f32 : memref<8x16xf32>
  return
}

// -----

// A window is written out: the sums of its two rows, of which each is stored, then the larger one.
// CHECK-LABEL: func.func @pooled(
// CHECK: scf.for %[[P:.*]] =
// CHECK: scf.for %[[J:.*]] =
// CHECK: %[[FIRST:.*]] = scf.for
// CHECK: memref.store %[[FIRST]]
// CHECK: %[[SECOND:.*]] = scf.for
// CHECK: memref.store %[[SECOND]]
// CHECK: %[[MAX:.*]] = arith.maximumf %[[FIRST]], %[[SECOND]]
// CHECK: memref.store %[[MAX]], %{{.*}}[%[[P]], %[[J]]]
func.func @pooled(%x: memref<8x64xf32>, %w: memref<16x64xf32>, %z: memref<4x16xf32>, %f: memref<8x16xf32>) {
  cnn.kernel ins(%x, %w : memref<8x64xf32>, memref<16x64xf32>) outs(%f, %z : memref<8x16xf32>, memref<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (2 * p + t, j)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum, %sum : f32, f32
  } pool {
  ^bb0(%first: f32, %second: f32):
    %0 = arith.maximumf %first, %second : f32
    cnn.yield %0 : f32
  }
  return
}
