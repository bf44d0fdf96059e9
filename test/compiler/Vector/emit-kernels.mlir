// RUN: cnn-opt --cnn-emit-kernels --canonicalize %s | FileCheck %s
// RUN: cnn-opt --pass-pipeline='builtin.module(cnn-emit-kernels{vector-bits=512 has-fma=0},canonicalize)' %s \
// RUN:   | FileCheck %s --check-prefix=WIDE

#x = affine_map<(i, j, k) -> (i, k)>
#w = affine_map<(i, j, k) -> (k, j)>
#y = affine_map<(i, j, k) -> (i, j)>
#b = affine_map<(i, j, k) -> (j)>
#i = affine_map<(i) -> (i)>
#ij = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#ijk = affine_map<(i, j, k) -> (i, j, k)>

// A contraction as its schedule says: two rows of one vector each, whose sums the loop over k carries; what
// is done to them follows, before they are stored. Parts are pairs of rows; the caller does all four.
// CHECK-LABEL: func.func @forward(
// CHECK-DAG: %[[FIRST:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-DAG: %[[LAST:[a-z0-9_]+]] = arith.constant 4 : index
// CHECK: call @contraction(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[FIRST]], %[[LAST]]) :
// CHECK-LABEL: func.func private @contraction(
// CHECK-SAME: %[[BEGIN:[a-z0-9_]+]]: index, %[[END:[a-z0-9_]+]]: index) attributes {cnn.tasks = 4 : i64
// CHECK-DAG: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : vector<8xf32>
// CHECK-DAG: %[[C64:[a-z0-9_]+]] = arith.constant 64 : index
// CHECK-DAG: %[[C2:[a-z0-9_]+]] = arith.constant 2 : index
// CHECK: scf.for %{{.*}} = %[[BEGIN]] to %[[END]] step
// CHECK-NEXT: scf.for %{{.*}} to %[[C2]] step
// CHECK: %[[SUMS:[a-z0-9_]+]]:2 = scf.for {{.*}} to %[[C64]] step {{.*}} iter_args(%[[A:[a-z0-9_]+]] = %[[ZERO]], %[[B:[a-z0-9_]+]] = %[[ZERO]])
// CHECK-COUNT-1: vector.load
// CHECK: %[[P:[a-z0-9_]+]] = math.fma %{{.*}}, %{{.*}}, %[[A]] : vector<8xf32>
// CHECK-NOT: vector.load
// CHECK: %[[Q:[a-z0-9_]+]] = math.fma %{{.*}}, %{{.*}}, %[[B]] : vector<8xf32>
// CHECK-NEXT: scf.yield %[[P]], %[[Q]]
// CHECK: %[[BIAS:[a-z0-9_]+]] = vector.load
// CHECK-NEXT: %[[BIASED:[a-z0-9_]+]] = arith.addf %[[SUMS]]#0, %[[BIAS]]
// CHECK-NEXT: %[[MAX:[a-z0-9_]+]] = arith.maximumf %[[BIASED]], %[[ZERO]]
// CHECK: vector.store %[[MAX]]
// CHECK: arith.addf %[[SUMS]]#1, %[[BIAS]]
// CHECK: vector.store
// CHECK-NOT: cnn.kernel
// CHECK: return
// Without that instruction the product is rounded.
// WIDE-LABEL: func.func private @contraction(
// WIDE: arith.mulf {{.*}} : vector<8xf32>
// WIDE-NEXT: arith.addf {{.*}} : vector<8xf32>
// WIDE-NOT: math.fma
func.func @forward(%x: memref<8x64xf32>, %w: memref<64x16xf32>, %b: memref<16xf32>, %y: memref<8x16xf32>) {
  call @contraction(%x, %w, %b, %y) : (memref<8x64xf32>, memref<64x16xf32>, memref<16xf32>, memref<8x16xf32>) -> ()
  return
}
func.func private @contraction(%x: memref<8x64xf32>, %w: memref<64x16xf32>, %b: memref<16xf32>, %y: memref<8x16xf32>) {
  %zero = arith.constant 0.0 : f32
  cnn.kernel ins(%x, %w : memref<8x64xf32>, memref<64x16xf32>) extras(%b : memref<16xf32>) outs(%y : memref<8x16xf32>) maps [#x, #w, #b, #y]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 0, 2, 1, 8>, tasks = 1, tile = array<i64: 2, 8, 1>}} reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32, %bias: f32):
    %0 = arith.addf %sum, %bias : f32
    %1 = arith.maximumf %0, %zero : f32
    cnn.yield %1 : f32
  }
  return
}

// The sum over k in blocks of 16: results wait in the output. They start there, each block adds to them,
// and what is done with them is done at the end.
// CHECK-LABEL: func.func private @blocks(
// CHECK-DAG: %[[C16:[a-z0-9_]+]] = arith.constant 16 : index
// CHECK-DAG: %[[C4:[a-z0-9_]+]] = arith.constant 4 : index
// CHECK-NOT: scf.if
// CHECK: scf.for
// CHECK: vector.store %{{cst[_0-9]*}}
// CHECK: scf.for %{{.*}} to %[[C4]] step
// CHECK: vector.load %[[Y:[a-z_0-9]+]][
// CHECK: scf.for %{{.*}} to %[[C16]] step
// CHECK: math.fma
// CHECK: vector.store %{{.*}}, %[[Y]][
// CHECK: scf.for
// CHECK: vector.load %[[Y]][
// CHECK-NOT: math.fma
// CHECK: arith.maximumf
// CHECK: vector.store %{{.*}}, %[[Y]][
// CHECK: return
func.func private @blocks(%x: memref<8x64xf32>, %w: memref<64x16xf32>, %y: memref<8x16xf32>) {
  %zero = arith.constant 0.0 : f32
  cnn.kernel ins(%x, %w : memref<8x64xf32>, memref<64x16xf32>) outs(%y : memref<8x16xf32>) maps [#x, #w, #y]
      extents [8, 16, 64] reductions [false, false, true] starts [1.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 2, 16, 0, 2, 1, 8>, tasks = 0, tile = array<i64: 2, 8, 1>}} reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.maximumf %sum, %zero : f32
    cnn.yield %0 : f32
  }
  return
}

// Seven rows in tiles of at most three: 3, 2 and 2, none of them small.
// CHECK-LABEL: func.func private @equal_tiles(
// CHECK: scf.for {{.*}} iter_args(%{{[a-z0-9_]+}} = %{{.*}}, %{{[a-z0-9_]+}} = %{{.*}}, %{{[a-z0-9_]+}} = %{{[^,]*}}) -> (vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK: scf.for {{.*}} to %c2 step
// CHECK: scf.for {{.*}} -> (vector<8xf32>, vector<8xf32>) {
// CHECK-NOT: iter_args
// CHECK: return
func.func private @equal_tiles(%x: memref<7x64xf32>, %w: memref<64x8xf32>, %y: memref<7x8xf32>) {
  cnn.kernel ins(%x, %w : memref<7x64xf32>, memref<64x8xf32>) outs(%y : memref<7x8xf32>) maps [#x, #w, #y]
      extents [7, 8, 64] reductions [false, false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 1, 8, 0, 3>, tasks = 0, tile = array<i64: 3, 8, 1>}} reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// An op without a schedule passes over memory: its three loops are one row of 105 elements, of which 96 are
// three times four vectors, 8 one vector, and one is left. No loop over rows, nothing for other threads.
// CHECK-LABEL: func.func private @sweep(
// CHECK-SAME: %{{[a-z0-9_]+}}: memref<3x5x7xf32>, %{{[a-z0-9_]+}}: memref<3x5x7xf32>)
// CHECK-NOT: cnn.tasks
// CHECK: memref.reinterpret_cast %{{.*}} to offset: [0], sizes: [105], strides: [1]
// CHECK: scf.for %{{.*}} to %c3 step
// CHECK-NOT: scf.for
// CHECK-COUNT-4: vector.store {{.*}} : memref<105xf32>, vector<8xf32>
// CHECK: }
// CHECK: vector.store {{.*}}[%c96]
// CHECK: memref.store {{.*}}[%c104]
// CHECK-NEXT: return
// WIDE-LABEL: func.func private @sweep(
// WIDE: vector<16xf32>
func.func private @sweep(%x: memref<3x5x7xf32>, %y: memref<3x5x7xf32>) {
  linalg.generic {indexing_maps = [#ijk, #ijk], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x : memref<3x5x7xf32>) outs(%y : memref<3x5x7xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.mulf %in, %in : f32
    linalg.yield %0 : f32
  }
  return
}

// The inside of padded rows: they stay rows, of which one is a part for a thread.
// CHECK-LABEL: func.func private @rows(
// CHECK-SAME: attributes {cnn.tasks = 64 : i64
// CHECK: scf.for
// CHECK-NEXT: scf.for
// CHECK: vector.load
func.func private @rows(%x: memref<64x512xf32, strided<[514, 1]>>, %y: memref<64x512xf32>) {
  linalg.copy ins(%x : memref<64x512xf32, strided<[514, 1]>>) outs(%y : memref<64x512xf32>)
  return
}

// One long row, in parts of 4096.
// CHECK-LABEL: func.func private @long_row(
// CHECK-SAME: attributes {cnn.tasks = 5 : i64
// CHECK: vector.store
func.func private @long_row(%x: memref<20000xf32>, %y: memref<20000xf32>) {
  linalg.copy ins(%x : memref<20000xf32>) outs(%y : memref<20000xf32>)
  return
}

// A sum whose elements are the lanes: two vectors, their lanes added up, then three elements one by one.
// CHECK-LABEL: func.func private @lane_sum(
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<8xf32>) {
// CHECK: arith.addf {{.*}} : vector<8xf32>
// CHECK: vector.reduction <add>, %{{.*}} fastmath<reassoc> : vector<8xf32> into f32
// CHECK: scf.for %{{.*}} to %c3 step {{.*}} -> (f32) {
// CHECK: arith.addf {{.*}} : f32
// CHECK: memref.store
// CHECK: return
func.func private @lane_sum(%x: memref<19xf32>, %y: memref<f32>) {
  cnn.kernel ins(%x : memref<19xf32>) outs(%y : memref<f32>) maps [#i, affine_map<(i) -> ()>]
      extents [19] reductions [true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 0>, lane_loop = 0, lanes = 8, levels = array<i64>, tasks = 0, tile = array<i64: 1>}} reduce {
  ^bb0(%p: f32, %sum: f32):
    %0 = arith.addf %sum, %p : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// What is left to do with 13 sums of lanes is much: they go through it as vectors of eight and four, one alone.
// CHECK-LABEL: func.func private @long_finish(
// CHECK-COUNT-13: vector.reduction <add>
// CHECK-NOT: vector.reduction
// CHECK: %[[EIGHT:.*]] = vector.from_elements {{.*}} : vector<8xf32>
// CHECK: vector.load {{.*}}[%c0] : memref<13xf32>, vector<8xf32>
// CHECK: vector.store {{.*}}[%c0] : memref<13xf32>, vector<8xf32>
// CHECK: vector.from_elements {{.*}} : vector<4xf32>
// CHECK: vector.store {{.*}}[%c8] : memref<13xf32>, vector<4xf32>
// CHECK: memref.load {{.*}}[%c12] : memref<13xf32>
// CHECK: memref.store {{.*}}[%c12] : memref<13xf32>
// CHECK-NEXT: return
func.func private @long_finish(%x: memref<1x64xf32>, %w: memref<13x64xf32>, %bias: memref<13xf32>, %y: memref<1x13xf32>) {
  cnn.kernel ins(%x, %w : memref<1x64xf32>, memref<13x64xf32>) extras(%bias : memref<13xf32>) outs(%y : memref<1x13xf32>)
      maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (j)>, affine_map<(i, j, k) -> (i, j)>]
      extents [1, 13, 64] reductions [false, false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 2, lanes = 8, levels = array<i64: 0, 1, 1, 13>, tasks = 0, tile = array<i64: 1, 13, 1>}} reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32, %c: f32):
    %0 = arith.addf %sum, %c : f32
    %1 = arith.mulf %0, %0 : f32
    %2 = arith.mulf %1, %1 : f32
    %3 = arith.mulf %2, %2 : f32
    %4 = arith.mulf %3, %3 : f32
    %5 = arith.mulf %4, %4 : f32
    %6 = arith.mulf %5, %5 : f32
    cnn.yield %6 : f32
  }
  return
}

// A bias alone is not worth it.
// CHECK-LABEL: func.func private @short_finish(
// CHECK-NOT: vector.from_elements
// CHECK-COUNT-13: memref.store
// CHECK-NEXT: return
func.func private @short_finish(%x: memref<1x64xf32>, %w: memref<13x64xf32>, %bias: memref<13xf32>, %y: memref<1x13xf32>) {
  cnn.kernel ins(%x, %w : memref<1x64xf32>, memref<13x64xf32>) extras(%bias : memref<13xf32>) outs(%y : memref<1x13xf32>)
      maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (j)>, affine_map<(i, j, k) -> (i, j)>]
      extents [1, 13, 64] reductions [false, false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 2, lanes = 8, levels = array<i64: 0, 1, 1, 13>, tasks = 0, tile = array<i64: 1, 13, 1>}} reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32, %c: f32):
    %0 = arith.addf %sum, %c : f32
    cnn.yield %0 : f32
  }
  return
}

// Every second element of a row: eight of 16 from two vectors, of which the second ends where the row does;
// two by themselves.
// CHECK-LABEL: func.func private @every_second(
// CHECK: %[[FIRST:.*]] = vector.load %[[ROW:.*]][%c0] : memref<19xf32>, vector<8xf32>
// CHECK: %[[SECOND:.*]] = vector.load %[[ROW]][%c7] : memref<19xf32>, vector<8xf32>
// CHECK: vector.shuffle %[[FIRST]], %[[SECOND]] [0, 2, 4, 6, 9, 11, 13, 15]
// CHECK: scf.for %{{.*}} to %c2 step
// CHECK: memref.load %[[ROW]]
// CHECK-NOT: vector.load
// CHECK: return
func.func private @every_second(%x: memref<19xf32>, %y: memref<10xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (2 * i)>, #i], iterator_types = ["parallel"]}
      ins(%x : memref<19xf32>) outs(%y : memref<10xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  }
  return
}

// Threads share 4096 places of windows whose lanes lie apart, and not 2304.
// CHECK-LABEL: func.func private @many_windows(
// CHECK-SAME: cnn.tasks
func.func private @many_windows(%x: memref<64x64xf32>, %w: memref<2xf32>, %y: memref<64x32xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, 2 * j + k)>, affine_map<(i, j, k) -> (k)>, affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : memref<64x64xf32>, memref<2xf32>) outs(%y : memref<64x32xf32>) {
  ^bb0(%in: f32, %tap: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  }
  return
}

// CHECK-LABEL: func.func private @few_windows(
// CHECK-NOT: cnn.tasks
// CHECK: return
func.func private @few_windows(%x: memref<36x64xf32>, %w: memref<2xf32>, %y: memref<36x32xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, 2 * j + k)>, affine_map<(i, j, k) -> (k)>, affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : memref<36x64xf32>, memref<2xf32>) outs(%y : memref<36x32xf32>) {
  ^bb0(%in: f32, %tap: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  }
  return
}

// A maximum starts its lanes with the least number.
// CHECK-LABEL: func.func private @lane_maximum(
// CHECK: arith.constant dense<0xFF800000> : vector<8xf32>
// CHECK: vector.reduction <maximumf>
func.func private @lane_maximum(%x: memref<4x64xf32>, %y: memref<4xf32>) {
  cnn.kernel ins(%x : memref<4x64xf32>) outs(%y : memref<4xf32>) maps [#ij, #row]
      extents [4, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %max: f32):
    %0 = arith.maximumf %p, %max : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%max: f32):
    cnn.yield %max : f32
  }
  return
}

// Columns become rows: what is read lies apart and is collected.
// CHECK-LABEL: func.func private @transposed(
// CHECK: vector.from_elements
// CHECK: vector.store
func.func private @transposed(%x: memref<16x16xf32>, %y: memref<16x16xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (j, i)>, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<16x16xf32>) outs(%y : memref<16x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  }
  return
}

// Of two results one lies apart: its elements are stored one by one.
// CHECK-LABEL: func.func private @both_ways(
// CHECK: %[[SUM:.*]] = arith.addf %{{.*}} : vector<8xf32>
// CHECK: vector.extract %[[SUM]][7]
// CHECK: memref.store
// CHECK: vector.store %[[SUM]]
func.func private @both_ways(%x: memref<16x32xf32>, %y: memref<16x32xf32>, %z: memref<32x16xf32>) {
  linalg.generic {indexing_maps = [#ij, #ij, affine_map<(i, j) -> (j, i)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<16x32xf32>) outs(%y, %z : memref<16x32xf32>, memref<32x16xf32>) {
  ^bb0(%in: f32, %out0: f32, %out1: f32):
    %0 = arith.addf %in, %in : f32
    linalg.yield %0, %0 : f32, f32
  }
  return
}

// Each element's number, a vector of them at once.
// CHECK-LABEL: func.func private @numbers(
// CHECK: arith.constant dense<[0, 1, 2, 3, 4, 5, 6, 7]> : vector<8xindex>
// CHECK: arith.index_cast {{.*}} : vector<8xindex> to vector<8xi32>
func.func private @numbers(%y: memref<64xi32>) {
  linalg.generic {indexing_maps = [#i], iterator_types = ["parallel"]} outs(%y : memref<64xi32>) {
  ^bb0(%out: i32):
    %0 = linalg.index 0 : index
    %1 = arith.index_cast %0 : index to i32
    linalg.yield %1 : i32
  }
  return
}

// Left alone: every second element, a place that is not linear, and an op that has no vectors.
// CHECK-LABEL: func.func private @strided(
// CHECK-NEXT: linalg.copy
func.func private @strided(%x: memref<64xf32, strided<[2]>>, %y: memref<64xf32, strided<[2]>>) {
  linalg.copy ins(%x : memref<64xf32, strided<[2]>>) outs(%y : memref<64xf32, strided<[2]>>)
  return
}

// CHECK-LABEL: func.func private @not_linear(
// CHECK-NEXT: linalg.generic
func.func private @not_linear(%x: memref<32xf32>, %y: memref<64xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i floordiv 2)>, #i], iterator_types = ["parallel"]}
      ins(%x : memref<32xf32>) outs(%y : memref<64xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  }
  return
}

// CHECK-LABEL: func.func private @gathers(
// CHECK: linalg.generic
func.func private @gathers(%x: memref<32xf32>, %at: memref<64xi32>, %y: memref<64xf32>) {
  linalg.generic {indexing_maps = [#i, #i], iterator_types = ["parallel"]}
      ins(%at : memref<64xi32>) outs(%y : memref<64xf32>) {
  ^bb0(%in: i32, %out: f32):
    %0 = arith.index_cast %in : i32 to index
    %1 = memref.load %x[%0] : memref<32xf32>
    linalg.yield %1 : f32
  }
  return
}

// What others can call has the arguments that they know.
// CHECK-LABEL: func.func @public(
// CHECK-NEXT: linalg.copy
func.func @public(%x: memref<64xf32>, %y: memref<64xf32>) {
  linalg.copy ins(%x : memref<64xf32>) outs(%y : memref<64xf32>)
  return
}

// The sums of both rows of a window are in registers when the larger one is stored; they are not.
// CHECK-LABEL: func.func private @pooled(
// CHECK: %[[SUMS:.*]]:2 = scf.for
// CHECK: %[[MAX:.*]] = arith.maximumf %[[SUMS]]#0, %[[SUMS]]#1 : vector<8xf32>
// CHECK: vector.store %[[MAX]]
// CHECK-NOT: vector.store
// CHECK: return
func.func private @pooled(%x: memref<8x64xf32>, %w: memref<16x64xf32>, %z: memref<4x16xf32>) {
  cnn.kernel ins(%x, %w : memref<8x64xf32>, memref<16x64xf32>) outs(%z : memref<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 0, 1, 1, 8, 3, 2>, tasks = 0, tile = array<i64: 1, 8, 1, 2>}} reduce {
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
  }
  return
}

// Without a schedule nobody knows a tile of whole windows: left to plain loops.
// CHECK-LABEL: func.func private @pooled_plain(
// CHECK: cnn.kernel
func.func private @pooled_plain(%x: memref<8x64xf32>, %w: memref<16x64xf32>, %z: memref<4x16xf32>) {
  cnn.kernel ins(%x, %w : memref<8x64xf32>, memref<16x64xf32>) outs(%z : memref<4x16xf32>)
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
  }
  return
}

// Rows of a map with a zero on each side, one row in a tile: the loop over taps runs over those that the
// row needs, of the first row not the first, of the last one not the last.
// CHECK-LABEL: func.func private @taps_of_rows(
// CHECK-DAG: %[[C0:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-DAG: %[[C3:[a-z0-9_]+]] = arith.constant 3 : index
// CHECK-DAG: %[[C4:[a-z0-9_]+]] = arith.constant 4 : index
// CHECK: scf.for %[[P:[a-z0-9_]+]] = %[[C0]] to %[[C4]] step
// CHECK: %[[LOW:[a-z0-9_]+]] = arith.maxsi %{{.*}}, %[[C0]]
// CHECK: %[[HIGH:[a-z0-9_]+]] = arith.minsi %{{.*}}, %[[C3]]
// CHECK: %[[COUNT:[a-z0-9_]+]] = arith.{{addi|subi}} %[[HIGH]], %{{.*}}
// CHECK: scf.for %{{.*}} = %[[C0]] to %[[COUNT]] step
// CHECK: math.fma
// CHECK-NOT: math.fma
// CHECK: return
#xp = affine_map<(p, o, k) -> (p + k)>
#wk = affine_map<(p, o, k) -> (k, o)>
#yp = affine_map<(p, o, k) -> (p, o)>
#inside = affine_set<(p, o, k) : (p + k - 1 >= 0, 4 - p - k >= 0)>
func.func private @taps_of_rows(%x: memref<6xf32>, %w: memref<3x8xf32>, %y: memref<4x8xf32>) {
  cnn.kernel ins(%x, %w : memref<6xf32>, memref<3x8xf32>) outs(%y : memref<4x8xf32>) maps [#xp, #wk, #yp]
      extents [4, 8, 3] reductions [false, false, true] starts [0.0 : f32] domain #inside
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 1, 8, 0, 1>, tasks = 0, tile = array<i64: 1, 8, 1>}} reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// All rows in one tile, the taps written out: 4 rows of 3 taps, less the two that read a zero.
// CHECK-LABEL: func.func private @taps_written_out(
// CHECK-NOT: scf.for
// CHECK-COUNT-10: math.fma
// CHECK-NOT: math.fma
// CHECK: return
func.func private @taps_written_out(%x: memref<6xf32>, %w: memref<3x8xf32>, %y: memref<4x8xf32>) {
  cnn.kernel ins(%x, %w : memref<6xf32>, memref<3x8xf32>) outs(%y : memref<4x8xf32>) maps [#xp, #wk, #yp]
      extents [4, 8, 3] reductions [false, false, true] starts [0.0 : f32] domain #inside
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 1, 8, 0, 4>, tasks = 0, tile = array<i64: 4, 8, 3>}} reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// Two rows in a tile: between them they need all taps.
// CHECK-LABEL: func.func private @taps_of_pairs(
// CHECK-NOT: arith.maxsi
// CHECK: return
func.func private @taps_of_pairs(%x: memref<6xf32>, %w: memref<3x8xf32>, %y: memref<4x8xf32>) {
  cnn.kernel ins(%x, %w : memref<6xf32>, memref<3x8xf32>) outs(%y : memref<4x8xf32>) maps [#xp, #wk, #yp]
      extents [4, 8, 3] reductions [false, false, true] starts [0.0 : f32] domain #inside
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 1, 8, 0, 2>, tasks = 0, tile = array<i64: 2, 8, 1>}} reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// The other way round, as in a filter's gradient: a tile of three taps, summed over a row of 6. The first
// and the last place have two taps each and stand before and behind the loop over the others.
// CHECK-LABEL: func.func private @ends_written_out(
// CHECK-DAG: %[[C0:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-DAG: %[[C4:[a-z0-9_]+]] = arith.constant 4 : index
// CHECK-NOT: scf.for
// CHECK-COUNT-2: math.fma
// CHECK-NOT: math.fma
// CHECK: scf.for %{{.*}} = %[[C0]] to %[[C4]] step
// CHECK-COUNT-3: math.fma
// CHECK: scf.yield
// CHECK-COUNT-2: math.fma
// CHECK-NOT: math.fma
// CHECK: return
#xt = affine_map<(t, o, p) -> (p + t)>
#gp = affine_map<(t, o, p) -> (p, o)>
#wt = affine_map<(t, o, p) -> (t, o)>
#among_six = affine_set<(t, o, p) : (p + t - 1 >= 0, 6 - p - t >= 0)>
func.func private @ends_written_out(%x: memref<8xf32>, %g: memref<6x8xf32>, %w: memref<3x8xf32>) {
  cnn.kernel ins(%x, %g : memref<8xf32>, memref<6x8xf32>) outs(%w : memref<3x8xf32>) maps [#xt, #gp, #wt]
      extents [3, 8, 6] reductions [false, false, true] starts [0.0 : f32] domain #among_six
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 1, 8, 0, 3>, tasks = 0, tile = array<i64: 3, 8, 1>}} reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// Of a row of 30 two products in 90 are not worth it.
// CHECK-LABEL: func.func private @long_row_of_taps(
// CHECK-DAG: %[[C0:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK-DAG: %[[C30:[a-z0-9_]+]] = arith.constant 30 : index
// CHECK-NOT: math.fma
// CHECK: scf.for %{{.*}} = %[[C0]] to %[[C30]] step
// CHECK-COUNT-3: math.fma
// CHECK-NOT: math.fma
// CHECK: return
#among_thirty = affine_set<(t, o, p) : (p + t - 1 >= 0, 30 - p - t >= 0)>
func.func private @long_row_of_taps(%x: memref<32xf32>, %g: memref<30x8xf32>, %w: memref<3x8xf32>) {
  cnn.kernel ins(%x, %g : memref<32xf32>, memref<30x8xf32>) outs(%w : memref<3x8xf32>) maps [#xt, #gp, #wt]
      extents [3, 8, 30] reductions [false, false, true] starts [0.0 : f32] domain #among_thirty
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 1, 8, 0, 3>, tasks = 0, tile = array<i64: 3, 8, 1>}} reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// Each of two places lacks a tap: there is no loop left.
// CHECK-LABEL: func.func private @all_ends(
// CHECK-NOT: scf.for
// CHECK-COUNT-4: math.fma
// CHECK-NOT: math.fma
// CHECK: return
#among_two = affine_set<(t, o, p) : (p + t - 1 >= 0, 2 - p - t >= 0)>
func.func private @all_ends(%x: memref<4xf32>, %g: memref<2x8xf32>, %w: memref<3x8xf32>) {
  cnn.kernel ins(%x, %g : memref<4xf32>, memref<2x8xf32>) outs(%w : memref<3x8xf32>) maps [#xt, #gp, #wt]
      extents [3, 8, 2] reductions [false, false, true] starts [0.0 : f32] domain #among_two
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 1, 8, 0, 3>, tasks = 0, tile = array<i64: 3, 8, 1>}} reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// Lanes that are results: of a row of 14, one vector of 8, then halves of one: 4 and 2, since what is written may be read.
// CHECK-LABEL: func.func private @row_in_halves(
// CHECK: math.fma {{.*}} : vector<8xf32>
// CHECK: math.fma {{.*}} : vector<4xf32>
// CHECK: math.fma {{.*}} : vector<2xf32>
// CHECK-NOT: math.fma
// CHECK: return
#xr = affine_map<(o, q, l) -> (q + l)>
#wr = affine_map<(o, q, l) -> (o, l)>
#yr = affine_map<(o, q, l) -> (o, q)>
func.func private @row_in_halves(%x: memref<16xf32>, %w: memref<4x3xf32>, %y: memref<4x14xf32>) {
  cnn.kernel ins(%x, %w : memref<16xf32>, memref<4x3xf32>) outs(%y : memref<4x14xf32>) maps [#xr, #wr, #yr]
      extents [4, 14, 3] reductions [false, false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 1, 8, 0, 1>, tasks = 0, tile = array<i64: 1, 8, 1>}} reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// Where nothing else is in the buffer that is written, a second vector starts early, at 6, and computes two results again.
// CHECK-LABEL: func.func private @row_again(
// CHECK-NOT: vector<4xf32>
// CHECK: math.fma {{.*}} : vector<8xf32>
// CHECK: vector.store {{.*}} : memref<56xf32>, vector<8xf32>
// CHECK: %[[X:.*]] = arith.addi %{{.*}}, %c6 : index
// CHECK: math.fma {{.*}} : vector<8xf32>
// CHECK: vector.store {{.*}} : memref<56xf32>, vector<8xf32>
// CHECK-NOT: vector.store
// CHECK: return
func.func private @row_again(%x: memref<16xf32> {llvm.noalias}, %w: memref<4x3xf32> {llvm.noalias}, %y: memref<4x14xf32> {llvm.noalias}) {
  cnn.kernel ins(%x, %w : memref<16xf32>, memref<4x3xf32>) outs(%y : memref<4x14xf32>) maps [#xr, #wr, #yr]
      extents [4, 14, 3] reductions [false, false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 1, 8, 0, 1>, tasks = 0, tile = array<i64: 1, 8, 1>}} reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// Not where the end of a sum reads what it is written to.
// CHECK-LABEL: func.func private @row_on_itself(
// CHECK: math.fma {{.*}} : vector<8xf32>
// CHECK: math.fma {{.*}} : vector<4xf32>
// CHECK: math.fma {{.*}} : vector<2xf32>
// CHECK: return
func.func private @row_on_itself(%x: memref<16xf32> {llvm.noalias}, %w: memref<4x3xf32> {llvm.noalias}, %y: memref<4x14xf32> {llvm.noalias}) {
  cnn.kernel ins(%x, %w : memref<16xf32>, memref<4x3xf32>) extras(%y : memref<4x14xf32>) outs(%y : memref<4x14xf32>) maps [#xr, #wr, #yr, #yr]
      extents [4, 14, 3] reductions [false, false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 1, 8, 0, 1>, tasks = 0, tile = array<i64: 1, 8, 1>}} reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32, %old: f32):
    %2 = arith.addf %sum, %old : f32
    cnn.yield %2 : f32
  }
  return
}

// Nor where the vectors of a row are parts for the threads.
// CHECK-LABEL: func.func private @row_of_threads(
// CHECK: math.fma {{.*}} : vector<8xf32>
// CHECK: math.fma {{.*}} : vector<4xf32>
// CHECK: math.fma {{.*}} : vector<2xf32>
// CHECK: return
func.func private @row_of_threads(%x: memref<16xf32> {llvm.noalias}, %w: memref<4x3xf32> {llvm.noalias}, %y: memref<4x14xf32> {llvm.noalias}) {
  cnn.kernel ins(%x, %w : memref<16xf32>, memref<4x3xf32>) outs(%y : memref<4x14xf32>) maps [#xr, #wr, #yr]
      extents [4, 14, 3] reductions [false, false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 1, 8, 0, 1>, tasks = 1, tile = array<i64: 1, 8, 1>}} reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}
