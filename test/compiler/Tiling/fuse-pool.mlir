// RUN: cnn-opt --cnn-fuse-pool %s | FileCheck %s
// RUN: cnn-opt --cnn-fuse-pool --cnn-select-schedule %s | FileCheck %s --check-prefix=TILE
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-fuse-pool{l1-bytes=1024}))' %s | FileCheck %s --check-prefix=SMALL
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-fuse-pool{registers=4}))' --remark-format=emitRemark \
// RUN:   --remarks-filter=cnn-fuse %s 2>&1 >/dev/null | FileCheck %s --check-prefix=FEW
// RUN: cnn-opt --cnn-fuse-pool --remark-format=emitRemark --remarks-filter=cnn-fuse %s 2>&1 >/dev/null \
// RUN:   | FileCheck %s --check-prefix=REMARK

// The points of a window become loops; the map is written nowhere.
// CHECK-LABEL: func.func @maximum(
// CHECK: %[[Z:.*]] = cnn.kernel ins(%{{.*}}, %{{.*}}) outs(%{{[0-9a-z]+}} : tensor<2x4x6x16xf32>)
// CHECK-SAME: extents [2, 4, 6, 3, 3, 16, 16, 2, 2] reductions [false, false, false, true, true, true, false, false, false]
// CHECK-SAME: window [7, 8] reduce {
// CHECK: } finish {
// CHECK-NEXT: ^bb0(%[[SUM:.*]]: f32):
// CHECK-NEXT: %[[RELU:.*]] = arith.maximumf %[[SUM]]
// CHECK-NEXT: cnn.yield %[[RELU]] : f32
// CHECK: } pool {
// CHECK-NEXT: ^bb0(%[[P0:.*]]: f32, %[[P1:.*]]: f32, %[[P2:.*]]: f32, %[[P3:.*]]: f32):
// CHECK: %[[M0:.*]] = arith.maximumf %{{.*}}, %[[P0]]
// CHECK-NEXT: %[[M1:.*]] = arith.maximumf %[[M0]], %[[P1]]
// CHECK-NEXT: %[[M2:.*]] = arith.maximumf %[[M1]], %[[P2]]
// CHECK-NEXT: %[[M3:.*]] = arith.maximumf %[[M2]], %[[P3]]
// CHECK-NEXT: cnn.yield %[[M3]] : f32
// CHECK: return %[[Z]]
// A tile has whole windows.
// TILE-LABEL: func.func @maximum(
// TILE: cnn.schedule = {{{.*}} levels = array<i64: {{.*}}7, 2, 8, 2>{{.*}} tile = array<i64: {{[0-9, ]*}}, 2, 2>}
// Where blocks of the sum wait in the map, it stays, too, in front of what is pooled.
// SMALL-LABEL: func.func @maximum(
// SMALL: cnn.kernel ins(%{{.*}}, %{{.*}}) outs(%{{[0-9a-z]+}}, %{{[0-9a-z]+}} : tensor<2x8x12x16xf32>, tensor<2x4x6x16xf32>)
// SMALL: cnn.yield %[[ALL:.*]], %[[ALL]] : f32, f32
// REMARK: net.cnn:4:7: remark: [Passed] epilogue | Category:cnn-fuse | Remark="runs on the results of a kernel"
// REMARK-SAME: Source={{"?}}loc("net.cnn":3:5)
// Four registers have no room for four sums.
// FEW: net.cnn:4:7: remark: [Missed] {{.*}} Remark="does not run on the results of a kernel: no tile holds a window"
// FEW-SAME: Source={{"?}}loc("net.cnn":3:5)
func.func @maximum(%x: tensor<2x10x14x16xf32>, %w: tensor<3x3x16x16xf32>) -> tensor<2x4x6x16xf32> {
  %zero = arith.constant 0.0 : f32
  %four = arith.constant 4.0 : f32
  %t = tensor.empty() : tensor<2x8x12x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<2x10x14x16xf32>, tensor<3x3x16x16xf32>) outs(%t : tensor<2x8x12x16xf32>)
      maps [affine_map<(n, p, q, k, l, c, o) -> (n, p + k, q + l, c)>, affine_map<(n, p, q, k, l, c, o) -> (k, l, c, o)>, affine_map<(n, p, q, k, l, c, o) -> (n, p, q, o)>]
      extents [2, 8, 12, 3, 3, 16, 16] reductions [false, false, false, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.maximumf %sum, %zero : f32
    cnn.yield %0 : f32
  } -> tensor<2x8x12x16xf32> loc("net.cnn":3:5)
  %s = tensor.empty() : tensor<2x4x6x16xf32>
  %z = cnn.kernel ins(%y : tensor<2x8x12x16xf32>) outs(%s : tensor<2x4x6x16xf32>)
      maps [affine_map<(n, p, q, k, l, o) -> (n, 2 * p + k, 2 * q + l, o)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>]
      extents [2, 4, 6, 2, 2, 16] reductions [false, false, false, true, true, false] starts [0xFF800000 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.maximumf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<2x4x6x16xf32> loc("net.cnn":4:7)
  return %z : tensor<2x4x6x16xf32>
}

// The last row and column are in no window, and are not computed. What is done to a window's sum
// stands at the end of `pool`.
// CHECK-LABEL: func.func @mean_of_odd_map(
// CHECK: cnn.kernel {{.*}} extents [2, 3, 6, 3, 3, 16, 16, 2, 2]
// CHECK: } pool {
// CHECK-COUNT-4: arith.addf
// CHECK-NEXT: arith.divf
// CHECK-NEXT: cnn.yield
func.func @mean_of_odd_map(%x: tensor<2x9x15x16xf32>, %w: tensor<3x3x16x16xf32>) -> tensor<2x3x6x16xf32> {
  %zero = arith.constant 0.0 : f32
  %four = arith.constant 4.0 : f32
  %t = tensor.empty() : tensor<2x7x13x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<2x9x15x16xf32>, tensor<3x3x16x16xf32>) outs(%t : tensor<2x7x13x16xf32>)
      maps [affine_map<(n, p, q, k, l, c, o) -> (n, p + k, q + l, c)>, affine_map<(n, p, q, k, l, c, o) -> (k, l, c, o)>, affine_map<(n, p, q, k, l, c, o) -> (n, p, q, o)>]
      extents [2, 7, 13, 3, 3, 16, 16] reductions [false, false, false, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.maximumf %sum, %zero : f32
    cnn.yield %0 : f32
  } -> tensor<2x7x13x16xf32> loc("net.cnn":3:5)
  %s = tensor.empty() : tensor<2x3x6x16xf32>
  %z = cnn.kernel ins(%y : tensor<2x7x13x16xf32>) outs(%s : tensor<2x3x6x16xf32>)
      maps [affine_map<(n, p, q, k, l, o) -> (n, 2 * p + k, 2 * q + l, o)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>]
      extents [2, 3, 6, 2, 2, 16] reductions [false, false, false, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.divf %sum, %four : f32
    cnn.yield %0 : f32
  } -> tensor<2x3x6x16xf32> loc("net.cnn":4:7)
  return %z : tensor<2x3x6x16xf32>
}

// Backward reads the map, too: it is written beside.
// CHECK-LABEL: func.func @kept(
// CHECK: %[[BOTH:.*]]:2 = cnn.kernel {{.*}} window [7, 8] reduce
// CHECK: return %[[BOTH]]#1, %[[BOTH]]#0
func.func @kept(%x: tensor<2x10x14x16xf32>, %w: tensor<3x3x16x16xf32>) -> (tensor<2x4x6x16xf32>, tensor<2x8x12x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %four = arith.constant 4.0 : f32
  %t = tensor.empty() : tensor<2x8x12x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<2x10x14x16xf32>, tensor<3x3x16x16xf32>) outs(%t : tensor<2x8x12x16xf32>)
      maps [affine_map<(n, p, q, k, l, c, o) -> (n, p + k, q + l, c)>, affine_map<(n, p, q, k, l, c, o) -> (k, l, c, o)>, affine_map<(n, p, q, k, l, c, o) -> (n, p, q, o)>]
      extents [2, 8, 12, 3, 3, 16, 16] reductions [false, false, false, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.maximumf %sum, %zero : f32
    cnn.yield %0 : f32
  } -> tensor<2x8x12x16xf32> loc("net.cnn":3:5)
  %s = tensor.empty() : tensor<2x4x6x16xf32>
  %z = cnn.kernel ins(%y : tensor<2x8x12x16xf32>) outs(%s : tensor<2x4x6x16xf32>)
      maps [affine_map<(n, p, q, k, l, o) -> (n, 2 * p + k, 2 * q + l, o)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>]
      extents [2, 4, 6, 2, 2, 16] reductions [false, false, false, true, true, false] starts [0xFF800000 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.maximumf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<2x4x6x16xf32> loc("net.cnn":4:7)
  return %z, %y : tensor<2x4x6x16xf32>, tensor<2x8x12x16xf32>
}

// Nor in a plain image, whose rows are the lanes: a window would be neighbours in one vector.
// CHECK-LABEL: func.func @along_lanes(
// CHECK-NOT: window
// CHECK: return
// REMARK: net.cnn:4:7: remark: [Missed] {{.*}} Remark="does not run on the results of a kernel: its vectors lie along the windows"
func.func @along_lanes(%x: tensor<2x1x20x36xf32>, %w: tensor<6x1x5x5xf32>) -> tensor<2x6x8x16xf32> {
  %t = tensor.empty() : tensor<2x6x16x32xf32>
  %y = cnn.kernel ins(%x, %w : tensor<2x1x20x36xf32>, tensor<6x1x5x5xf32>) outs(%t : tensor<2x6x16x32xf32>)
      maps [affine_map<(n, o, p, c, k, l, q) -> (n, c, p + k, q + l)>, affine_map<(n, o, p, c, k, l, q) -> (o, c, k, l)>, affine_map<(n, o, p, c, k, l, q) -> (n, o, p, q)>]
      extents [2, 6, 16, 1, 5, 5, 32] reductions [false, false, false, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<2x6x16x32xf32> loc("net.cnn":3:5)
  %s = tensor.empty() : tensor<2x6x8x16xf32>
  %z = cnn.kernel ins(%y : tensor<2x6x16x32xf32>) outs(%s : tensor<2x6x8x16xf32>)
      maps [affine_map<(n, o, p, q, k, l) -> (n, o, 2 * p + k, 2 * q + l)>, affine_map<(n, o, p, q, k, l) -> (n, o, p, q)>]
      extents [2, 6, 8, 16, 2, 2] reductions [false, false, false, false, true, true] starts [0xFF800000 : f32] reduce {
  ^bb0(%a: f32, %max: f32):
    %0 = arith.maximumf %max, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%max: f32):
    cnn.yield %max : f32
  } -> tensor<2x6x8x16xf32> loc("net.cnn":4:7)
  return %z : tensor<2x6x8x16xf32>
}

// But not if the windows leave a row out that others read.
// CHECK-LABEL: func.func @kept_odd(
// CHECK-NOT: window
// CHECK: return
// REMARK: net.cnn:4:7: remark: [Missed] {{.*}} Remark="does not run on the results of a kernel: its windows leave out what is kept"
// REMARK-SAME: Source={{"?}}loc("net.cnn":3:5)
func.func @kept_odd(%x: tensor<2x9x14x16xf32>, %w: tensor<3x3x16x16xf32>) -> (tensor<2x3x6x16xf32>, tensor<2x7x12x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %four = arith.constant 4.0 : f32
  %t = tensor.empty() : tensor<2x7x12x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<2x9x14x16xf32>, tensor<3x3x16x16xf32>) outs(%t : tensor<2x7x12x16xf32>)
      maps [affine_map<(n, p, q, k, l, c, o) -> (n, p + k, q + l, c)>, affine_map<(n, p, q, k, l, c, o) -> (k, l, c, o)>, affine_map<(n, p, q, k, l, c, o) -> (n, p, q, o)>]
      extents [2, 7, 12, 3, 3, 16, 16] reductions [false, false, false, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.maximumf %sum, %zero : f32
    cnn.yield %0 : f32
  } -> tensor<2x7x12x16xf32> loc("net.cnn":3:5)
  %s = tensor.empty() : tensor<2x3x6x16xf32>
  %z = cnn.kernel ins(%y : tensor<2x7x12x16xf32>) outs(%s : tensor<2x3x6x16xf32>)
      maps [affine_map<(n, p, q, k, l, o) -> (n, 2 * p + k, 2 * q + l, o)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>]
      extents [2, 3, 6, 2, 2, 16] reductions [false, false, false, true, true, false] starts [0xFF800000 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.maximumf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<2x3x6x16xf32> loc("net.cnn":4:7)
  return %z, %y : tensor<2x3x6x16xf32>, tensor<2x7x12x16xf32>
}

// Windows of 3 at a distance of 2.
// CHECK-LABEL: func.func @overlap(
// CHECK-NOT: window
// CHECK: return
// REMARK: net.cnn:4:7: remark: [Missed] {{.*}} Remark="does not run on the results of a kernel: its windows overlap, or leave gaps"
// REMARK-SAME: Source={{"?}}loc("net.cnn":3:5)
func.func @overlap(%x: tensor<2x11x15x16xf32>, %w: tensor<3x3x16x16xf32>) -> tensor<2x4x6x16xf32> {
  %zero = arith.constant 0.0 : f32
  %four = arith.constant 4.0 : f32
  %t = tensor.empty() : tensor<2x9x13x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<2x11x15x16xf32>, tensor<3x3x16x16xf32>) outs(%t : tensor<2x9x13x16xf32>)
      maps [affine_map<(n, p, q, k, l, c, o) -> (n, p + k, q + l, c)>, affine_map<(n, p, q, k, l, c, o) -> (k, l, c, o)>, affine_map<(n, p, q, k, l, c, o) -> (n, p, q, o)>]
      extents [2, 9, 13, 3, 3, 16, 16] reductions [false, false, false, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.maximumf %sum, %zero : f32
    cnn.yield %0 : f32
  } -> tensor<2x9x13x16xf32> loc("net.cnn":3:5)
  %s = tensor.empty() : tensor<2x4x6x16xf32>
  %z = cnn.kernel ins(%y : tensor<2x9x13x16xf32>) outs(%s : tensor<2x4x6x16xf32>)
      maps [affine_map<(n, p, q, k, l, o) -> (n, 2 * p + k, 2 * q + l, o)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>]
      extents [2, 4, 6, 3, 3, 16] reductions [false, false, false, true, true, false] starts [0xFF800000 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.maximumf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<2x4x6x16xf32> loc("net.cnn":4:7)
  return %z : tensor<2x4x6x16xf32>
}

// 25 sums of each lane.
// CHECK-LABEL: func.func @large(
// CHECK-NOT: window
// CHECK: return
// REMARK: net.cnn:4:7: remark: [Missed] {{.*}} Remark="does not run on the results of a kernel: its windows are large"
// REMARK-SAME: Source={{"?}}loc("net.cnn":3:5)
func.func @large(%x: tensor<2x12x12x16xf32>, %w: tensor<3x3x16x16xf32>) -> tensor<2x2x2x16xf32> {
  %zero = arith.constant 0.0 : f32
  %four = arith.constant 4.0 : f32
  %t = tensor.empty() : tensor<2x10x10x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<2x12x12x16xf32>, tensor<3x3x16x16xf32>) outs(%t : tensor<2x10x10x16xf32>)
      maps [affine_map<(n, p, q, k, l, c, o) -> (n, p + k, q + l, c)>, affine_map<(n, p, q, k, l, c, o) -> (k, l, c, o)>, affine_map<(n, p, q, k, l, c, o) -> (n, p, q, o)>]
      extents [2, 10, 10, 3, 3, 16, 16] reductions [false, false, false, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.maximumf %sum, %zero : f32
    cnn.yield %0 : f32
  } -> tensor<2x10x10x16xf32> loc("net.cnn":3:5)
  %s = tensor.empty() : tensor<2x2x2x16xf32>
  %z = cnn.kernel ins(%y : tensor<2x10x10x16xf32>) outs(%s : tensor<2x2x2x16xf32>)
      maps [affine_map<(n, p, q, k, l, o) -> (n, 5 * p + k, 5 * q + l, o)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>]
      extents [2, 2, 2, 5, 5, 16] reductions [false, false, false, true, true, false] starts [0xFF800000 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.maximumf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<2x2x2x16xf32> loc("net.cnn":4:7)
  return %z : tensor<2x2x2x16xf32>
}

// A reduction of two tensors is none of windows alone.
// CHECK-LABEL: func.func @mask(
// CHECK-NOT: window
// CHECK: return
// REMARK: net.cnn:4:7: remark: [Missed] {{.*}} Remark="does not run on the results of a kernel: it is a kernel itself"
// REMARK-SAME: Source={{"?}}loc("net.cnn":3:5)
func.func @mask(%x: tensor<2x10x14x16xf32>, %w: tensor<3x3x16x16xf32>, %m: tensor<2x8x12x16xf32>) -> tensor<2x4x6x16xf32> {
  %zero = arith.constant 0.0 : f32
  %four = arith.constant 4.0 : f32
  %t = tensor.empty() : tensor<2x8x12x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<2x10x14x16xf32>, tensor<3x3x16x16xf32>) outs(%t : tensor<2x8x12x16xf32>)
      maps [affine_map<(n, p, q, k, l, c, o) -> (n, p + k, q + l, c)>, affine_map<(n, p, q, k, l, c, o) -> (k, l, c, o)>, affine_map<(n, p, q, k, l, c, o) -> (n, p, q, o)>]
      extents [2, 8, 12, 3, 3, 16, 16] reductions [false, false, false, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.maximumf %sum, %zero : f32
    cnn.yield %0 : f32
  } -> tensor<2x8x12x16xf32> loc("net.cnn":3:5)
  %s = tensor.empty() : tensor<2x4x6x16xf32>
  %z = cnn.kernel ins(%y, %m : tensor<2x8x12x16xf32>, tensor<2x8x12x16xf32>) outs(%s : tensor<2x4x6x16xf32>)
      maps [affine_map<(n, p, q, k, l, o) -> (n, 2 * p + k, 2 * q + l, o)>, affine_map<(n, p, q, k, l, o) -> (n, 2 * p + k, 2 * q + l, o)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>]
      extents [2, 4, 6, 2, 2, 16] reductions [false, false, false, true, true, false] starts [0xFF800000 : f32] reduce {
  ^bb0(%a: f32, %mask: f32, %sum: f32):
    %0 = arith.maximumf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<2x4x6x16xf32> loc("net.cnn":4:7)
  return %z : tensor<2x4x6x16xf32>
}

// The mean of the whole map.
// CHECK-LABEL: func.func @everything(
// CHECK-NOT: window
// CHECK: return
// REMARK: net.cnn:4:7: remark: [Missed] {{.*}} Remark="does not run on the results of a kernel: it reduces more than windows"
// REMARK-SAME: Source={{"?}}loc("net.cnn":3:5)
func.func @everything(%x: tensor<2x10x14x16xf32>, %w: tensor<3x3x16x16xf32>) -> tensor<2x16xf32> {
  %zero = arith.constant 0.0 : f32
  %four = arith.constant 4.0 : f32
  %t = tensor.empty() : tensor<2x8x12x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<2x10x14x16xf32>, tensor<3x3x16x16xf32>) outs(%t : tensor<2x8x12x16xf32>)
      maps [affine_map<(n, p, q, k, l, c, o) -> (n, p + k, q + l, c)>, affine_map<(n, p, q, k, l, c, o) -> (k, l, c, o)>, affine_map<(n, p, q, k, l, c, o) -> (n, p, q, o)>]
      extents [2, 8, 12, 3, 3, 16, 16] reductions [false, false, false, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.maximumf %sum, %zero : f32
    cnn.yield %0 : f32
  } -> tensor<2x8x12x16xf32> loc("net.cnn":3:5)
  %s = tensor.empty() : tensor<2x16xf32>
  %z = cnn.kernel ins(%y : tensor<2x8x12x16xf32>) outs(%s : tensor<2x16xf32>)
      maps [affine_map<(n, p, q, o) -> (n, p, q, o)>, affine_map<(n, p, q, o) -> (n, o)>]
      extents [2, 8, 12, 16] reductions [false, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<2x16xf32> loc("net.cnn":4:7)
  return %z : tensor<2x16xf32>
}

// Another op needs the map before it is pooled.
// CHECK-LABEL: func.func @earlier(
// CHECK-NOT: window
// CHECK: return
// REMARK: net.cnn:4:7: remark: [Missed] {{.*}} Remark="does not run on the results of a kernel: another op needs the result earlier"
// REMARK-SAME: Source={{"?}}loc("net.cnn":3:5)
func.func @earlier(%x: tensor<2x10x14x16xf32>, %w: tensor<3x3x16x16xf32>) -> (tensor<2x4x6x16xf32>, tensor<2x8x12x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %four = arith.constant 4.0 : f32
  %t = tensor.empty() : tensor<2x8x12x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<2x10x14x16xf32>, tensor<3x3x16x16xf32>) outs(%t : tensor<2x8x12x16xf32>)
      maps [affine_map<(n, p, q, k, l, c, o) -> (n, p + k, q + l, c)>, affine_map<(n, p, q, k, l, c, o) -> (k, l, c, o)>, affine_map<(n, p, q, k, l, c, o) -> (n, p, q, o)>]
      extents [2, 8, 12, 3, 3, 16, 16] reductions [false, false, false, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.maximumf %sum, %zero : f32
    cnn.yield %0 : f32
  } -> tensor<2x8x12x16xf32> loc("net.cnn":3:5)
  %n = math.absf %y : tensor<2x8x12x16xf32>
  %s = tensor.empty() : tensor<2x4x6x16xf32>
  %z = cnn.kernel ins(%y : tensor<2x8x12x16xf32>) outs(%s : tensor<2x4x6x16xf32>)
      maps [affine_map<(n, p, q, k, l, o) -> (n, 2 * p + k, 2 * q + l, o)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>]
      extents [2, 4, 6, 2, 2, 16] reductions [false, false, false, true, true, false] starts [0xFF800000 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.maximumf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<2x4x6x16xf32> loc("net.cnn":4:7)
  return %z, %n : tensor<2x4x6x16xf32>, tensor<2x8x12x16xf32>
}

// Pooling that is pooled: the first one is a sweep, of which there are no tiles of registers; it
// joins the convolution.
// CHECK-LABEL: func.func @twice(
// CHECK: cnn.kernel {{.*}} window [7, 8]
// CHECK: cnn.kernel
// CHECK-NOT: window
// CHECK: return
// REMARK: net.cnn:5:9: remark: [Missed] {{.*}} Remark="does not run on the results of a kernel: the kernel has no tile of registers"
// REMARK: net.cnn:4:7: remark: [Passed]
func.func @twice(%x: tensor<2x18x18x16xf32>, %w: tensor<3x3x16x16xf32>) -> tensor<2x4x4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %four = arith.constant 4.0 : f32
  %t = tensor.empty() : tensor<2x16x16x16xf32>
  %y = cnn.kernel ins(%x, %w : tensor<2x18x18x16xf32>, tensor<3x3x16x16xf32>) outs(%t : tensor<2x16x16x16xf32>)
      maps [affine_map<(n, p, q, k, l, c, o) -> (n, p + k, q + l, c)>, affine_map<(n, p, q, k, l, c, o) -> (k, l, c, o)>, affine_map<(n, p, q, k, l, c, o) -> (n, p, q, o)>]
      extents [2, 16, 16, 3, 3, 16, 16] reductions [false, false, false, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.maximumf %sum, %zero : f32
    cnn.yield %0 : f32
  } -> tensor<2x16x16x16xf32> loc("net.cnn":3:5)
  %s0 = tensor.empty() : tensor<2x8x8x16xf32>
  %z0 = cnn.kernel ins(%y : tensor<2x16x16x16xf32>) outs(%s0 : tensor<2x8x8x16xf32>)
      maps [affine_map<(n, p, q, k, l, o) -> (n, 2 * p + k, 2 * q + l, o)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>]
      extents [2, 8, 8, 2, 2, 16] reductions [false, false, false, true, true, false] starts [0xFF800000 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.maximumf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<2x8x8x16xf32> loc("net.cnn":4:7)
  %s = tensor.empty() : tensor<2x4x4x16xf32>
  %z = cnn.kernel ins(%z0 : tensor<2x8x8x16xf32>) outs(%s : tensor<2x4x4x16xf32>)
      maps [affine_map<(n, p, q, k, l, o) -> (n, 2 * p + k, 2 * q + l, o)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>]
      extents [2, 4, 4, 2, 2, 16] reductions [false, false, false, true, true, false] starts [0xFF800000 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.maximumf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<2x4x4x16xf32> loc("net.cnn":5:9)
  return %z : tensor<2x4x4x16xf32>
}
