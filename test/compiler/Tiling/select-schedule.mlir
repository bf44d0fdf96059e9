// RUN: cnn-opt --cnn-select-schedule %s | FileCheck %s
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-select-schedule{vector-bits=512 registers=32}))' %s \
// RUN:   | FileCheck %s --check-prefix=WIDE
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-select-schedule{vector-bits=512 registers=32 l2-bytes=1048576}))' %s \
// RUN:   | FileCheck %s --check-prefix=LARGE

// The forward convolution over blocks of 16 channels: images, blocks of outputs, rows, columns,
// then what reduces: blocks of inputs, the window, the inputs of a block; the outputs of a block.
#x = affine_map<(n, ob, p, q, cb, k, l, c, o) -> (n, cb, p + k, q + l, c)>
#w = affine_map<(n, ob, p, q, cb, k, l, c, o) -> (ob, cb, k, l, c, o)>
#y = affine_map<(n, ob, p, q, cb, k, l, c, o) -> (n, ob, p, q, o)>
#dx = affine_map<(ob, cb, k, l, c, o, n, p, q) -> (n, cb, p + k, q + l, c)>
#dx2 = affine_map<(ob, cb, k, l, c, o, n, p, q) -> (n, cb, 2 * p + k, 2 * q + l, c)>
#dy = affine_map<(ob, cb, k, l, c, o, n, p, q) -> (n, ob, p, q, o)>
#dw = affine_map<(ob, cb, k, l, c, o, n, p, q) -> (ob, cb, k, l, c, o)>
#a = affine_map<(i, j, k) -> (i, k)>
#b = affine_map<(i, j, k) -> (j, k)>
#c = affine_map<(i, j, k) -> (i, j)>
#all = affine_map<(i, k) -> (i, k)>
#row = affine_map<(i, k) -> (i)>

// The outputs of a block are the lanes. A tile has rows from the image and columns from the blocks of
// outputs; a block of outputs is two vectors of 8 lanes, which 16 registers hold with 8 sums; 32 hold 28 sums.
// CHECK-LABEL: func.func @forward(
// CHECK: cnn.schedule = {inner = array<i64: 4, 5, 6, 7>, lane_loop = 8 : i64, lanes = 8 : i64, levels = array<i64: 0, 1,
// CHECK-SAME: tasks = 1 : i64, tile = array<i64: 1, 1, 1, 4, 1, 1, 1, 2, 16>}
// WIDE-LABEL: func.func @forward(
// WIDE: cnn.schedule = {inner = array<i64: 4, 5, 6, 7>, lane_loop = 8 : i64, lanes = 16 : i64,
// WIDE-SAME: tile = array<i64: 1, 2, 1, 14, 1, 1, 1, 4, 16>}
func.func @forward(%x0: tensor<8x4x30x30x16xf32>, %x1: tensor<4x4x3x3x16x16xf32>, %t: tensor<8x4x28x28x16xf32>) -> tensor<8x4x28x28x16xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<8x4x30x30x16xf32>, tensor<4x4x3x3x16x16xf32>) outs(%t : tensor<8x4x28x28x16xf32>) maps [#x, #w, #y]
      extents [8, 4, 28, 28, 4, 3, 3, 16, 16] reductions [false, false, false, false, true, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x4x28x28x16xf32>
  return %y : tensor<8x4x28x28x16xf32>
}

// Channels of a block are the lanes here, too: of the gradient, because the results are then contiguous.
// Images and positions are summed over.
// CHECK-LABEL: func.func @filter_gradient(
// CHECK: cnn.schedule = {inner = array<i64: 6, 7, 8>, lane_loop = 5 : i64, lanes = 8 : i64,
// WIDE-LABEL: func.func @filter_gradient(
// WIDE: cnn.schedule = {inner = array<i64: 6, 7, 8>, lane_loop = 5 : i64, lanes = 16 : i64,
func.func @filter_gradient(%x0: tensor<8x4x30x30x16xf32>, %x1: tensor<8x4x28x28x16xf32>, %t: tensor<4x4x3x3x16x16xf32>) -> tensor<4x4x3x3x16x16xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<8x4x30x30x16xf32>, tensor<8x4x28x28x16xf32>) outs(%t : tensor<4x4x3x3x16x16xf32>) maps [#dx, #dy, #dw]
      extents [4, 4, 3, 3, 16, 16, 8, 28, 28] reductions [false, false, false, false, false, false, true, true, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<4x4x3x3x16x16xf32>
  return %y : tensor<4x4x3x3x16x16xf32>
}

// Both matrices are contiguous along the sum: its elements are the lanes.
// CHECK-LABEL: func.func @fc(
// CHECK: cnn.schedule = {inner = array<i64: 2>, lane_loop = 2 : i64, lanes = 8 : i64, levels = array<i64: 0, 2, 1, 6>, tasks = 1 : i64, tile = array<i64: 2, 6, 1>}
// WIDE-LABEL: func.func @fc(
// WIDE: cnn.schedule = {inner = array<i64: 2>, lane_loop = 2 : i64, lanes = 16 : i64, levels = array<i64: 0, 2, 1, 13>, tasks = 1 : i64, tile = array<i64: 2, 13, 1>}
func.func @fc(%x0: tensor<32x512xf32>, %x1: tensor<100x512xf32>, %t: tensor<32x100xf32>) -> tensor<32x100xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<32x512xf32>, tensor<100x512xf32>) outs(%t : tensor<32x100xf32>) maps [#a, #b, #c]
      extents [32, 100, 512] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<32x100xf32>
  return %y : tensor<32x100xf32>
}

// What is there stays, whatever it says.
// CHECK-LABEL: func.func @by_hand(
// CHECK: attributes {cnn.schedule = {mine}} reduce
func.func @by_hand(%x0: tensor<32x512xf32>, %x1: tensor<100x512xf32>, %t: tensor<32x100xf32>) -> tensor<32x100xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<32x512xf32>, tensor<100x512xf32>) outs(%t : tensor<32x100xf32>) maps [#a, #b, #c]
      extents [32, 100, 512] reductions [false, false, true] starts [0.0 : f32] attributes {cnn.schedule = {mine}} reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<32x100xf32>
  return %y : tensor<32x100xf32>
}

// One input: nothing is used twice, the order follows from the buffers.
// CHECK-LABEL: func.func @sweep(
// CHECK-NOT: cnn.schedule
func.func @sweep(%x0: tensor<32x512xf32>, %t: tensor<32xf32>) -> tensor<32xf32> {
  %y = cnn.kernel ins(%x0 : tensor<32x512xf32>) outs(%t : tensor<32xf32>) maps [#all, #row]
      extents [32, 512] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %sum: f32):
    %0 = arith.addf %sum, %p0 : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<32xf32>
  return %y : tensor<32xf32>
}

// Two inputs, but every loop indexes both.
// CHECK-LABEL: func.func @product_sum(
// CHECK-NOT: cnn.schedule
func.func @product_sum(%x0: tensor<32x512xf32>, %x1: tensor<32x512xf32>, %t: tensor<32xf32>) -> tensor<32xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<32x512xf32>, tensor<32x512xf32>) outs(%t : tensor<32xf32>) maps [#all, #all, #row]
      extents [32, 512] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<32xf32>
  return %y : tensor<32xf32>
}

// Results may lie apart: they are few, compared with what is added up for them.
// CHECK-LABEL: func.func @apart(
// CHECK: cnn.schedule = {inner = array<i64: 2>, lane_loop = 1 : i64, lanes = 8 : i64,
func.func @apart(%x0: tensor<32x512xf32>, %x1: tensor<512x100xf32>, %t: tensor<100x32xf32>) -> tensor<100x32xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<32x512xf32>, tensor<512x100xf32>) outs(%t : tensor<100x32xf32>) maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (j, i)>]
      extents [32, 100, 512] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<100x32xf32>
  return %y : tensor<100x32xf32>
}

// The second matrix is contiguous along its rows: these are the lanes, elements of the first are spread.
// CHECK-LABEL: func.func @spread(
// CHECK: cnn.schedule = {inner = array<i64: 2>, lane_loop = 1 : i64, lanes = 8 : i64, levels = {{.*}}, tile = array<i64: 4, 16, 2>}
// WIDE-LABEL: func.func @spread(
// WIDE: cnn.schedule = {inner = array<i64: 2>, lane_loop = 1 : i64, lanes = 16 : i64, levels = {{.*}}, tile = array<i64: 16, 16, 4>}
func.func @spread(%x0: tensor<32x512xf32>, %x1: tensor<512x100xf32>, %t: tensor<32x100xf32>) -> tensor<32x100xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<32x512xf32>, tensor<512x100xf32>) outs(%t : tensor<32x100xf32>) maps [#a, affine_map<(i, j, k) -> (k, j)>, #c]
      extents [32, 100, 512] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<32x100xf32>
  return %y : tensor<32x100xf32>
}

// Every second element is read: no loop is contiguous.
// CHECK-LABEL: func.func @strided(
// CHECK-NOT: cnn.schedule
func.func @strided(%x0: tensor<32x1024xf32>, %x1: tensor<100x1024xf32>, %t: tensor<32x100xf32>) -> tensor<32x100xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<32x1024xf32>, tensor<100x1024xf32>) outs(%t : tensor<32x100xf32>) maps [affine_map<(i, j, k) -> (i, k * 2)>, affine_map<(i, j, k) -> (j, k * 2)>, #c]
      extents [32, 100, 512] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<32x100xf32>
  return %y : tensor<32x100xf32>
}

// The place of an element is not linear in the loops.
// CHECK-LABEL: func.func @floor(
// CHECK-NOT: cnn.schedule
func.func @floor(%x0: tensor<32x256xf32>, %x1: tensor<100x512xf32>, %t: tensor<32x100xf32>) -> tensor<32x100xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<32x256xf32>, tensor<100x512xf32>) outs(%t : tensor<32x100xf32>) maps [affine_map<(i, j, k) -> (i, k floordiv 2)>, #b, #c]
      extents [32, 100, 512] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<32x100xf32>
  return %y : tensor<32x100xf32>
}

// Nothing is reduced.
// CHECK-LABEL: func.func @elementwise(
// CHECK-NOT: cnn.schedule
func.func @elementwise(%x: tensor<32x512xf32>, %t: tensor<32x512xf32>) -> tensor<32x512xf32> {
  %y = linalg.exp ins(%x : tensor<32x512xf32>) outs(%t : tensor<32x512xf32>) -> tensor<32x512xf32>
  return %y : tensor<32x512xf32>
}

// The number of rows is unknown.
// CHECK-LABEL: func.func @unknown(
// CHECK-NOT: cnn.schedule
func.func @unknown(%x: tensor<?x512xf32>, %w: tensor<100x512xf32>, %t: tensor<?x100xf32>) -> tensor<?x100xf32> {
  %y = linalg.matmul indexing_maps = [#a, #b, #c] ins(%x, %w : tensor<?x512xf32>, tensor<100x512xf32>) outs(%t : tensor<?x100xf32>) -> tensor<?x100xf32>
  return %y : tensor<?x100xf32>
}

// A map of 7x7 with padding: one row in a tile, as a whole, so that the loop over rows of taps (5) leaves out
// what one row does not need, and the columns of taps (6) are written out.
// CHECK-LABEL: func.func @padded(
// WIDE-LABEL: func.func @padded(
// WIDE: cnn.schedule = {inner = array<i64: 4, 5, 6, 7>, lane_loop = 8 : i64, lanes = 16 : i64,
// WIDE-SAME: tile = array<i64: 1, 2, 1, 7, 1, 1, 3, 4, 16>}
// Without padding, more rows.
// WIDE-LABEL: func.func @not_padded(
// WIDE: tile = array<i64: 1, 2, 7, 2, 1, 1, 1, 1, 16>}
#inside = affine_set<(n, ob, p, q, cb, k, l, c, o) : (p + k - 1 >= 0, 7 - p - k >= 0, q + l - 1 >= 0, 7 - q - l >= 0)>
func.func @padded(%x0: tensor<8x32x9x9x16xf32>, %x1: tensor<32x32x3x3x16x16xf32>, %t: tensor<8x32x7x7x16xf32>) -> tensor<8x32x7x7x16xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<8x32x9x9x16xf32>, tensor<32x32x3x3x16x16xf32>) outs(%t : tensor<8x32x7x7x16xf32>) maps [#x, #w, #y]
      extents [8, 32, 7, 7, 32, 3, 3, 16, 16] reductions [false, false, false, false, true, true, true, true, false] starts [0.0 : f32] domain #inside reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x32x7x7x16xf32>
  return %y : tensor<8x32x7x7x16xf32>
}
func.func @not_padded(%x0: tensor<8x32x9x9x16xf32>, %x1: tensor<32x32x3x3x16x16xf32>, %t: tensor<8x32x7x7x16xf32>) -> tensor<8x32x7x7x16xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<8x32x9x9x16xf32>, tensor<32x32x3x3x16x16xf32>) outs(%t : tensor<8x32x7x7x16xf32>) maps [#x, #w, #y]
      extents [8, 32, 7, 7, 32, 3, 3, 16, 16] reductions [false, false, false, false, true, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x32x7x7x16xf32>
  return %y : tensor<8x32x7x7x16xf32>
}

// Depthwise: the lanes are channels that have their own image and filter. Rows of the tile are places of the
// image, the whole window is written out: 7 rows with 16 registers, 14 with 32.
#image = affine_map<(n, g, p, q, k, l, c) -> (n, g, p + k, q + l, c)>
#filter = affine_map<(n, g, p, q, k, l, c) -> (g, 0, k, l, c)>
#result = affine_map<(n, g, p, q, k, l, c) -> (n, g, p, q, c)>
// CHECK-LABEL: func.func @depthwise(
// CHECK: cnn.schedule = {inner = array<i64: 4, 5>, lane_loop = 6 : i64, lanes = 8 : i64,
// CHECK-SAME: levels = array<i64: 0, 1, 1, 1, 2, 1, 3, 7, 6, 8>, tasks = 2 : i64, tile = array<i64: 1, 1, 1, 7, 3, 3, 8>}
// WIDE-LABEL: func.func @depthwise(
// WIDE: lanes = 16 : i64,
// WIDE-SAME: tile = array<i64: 1, 1, 1, 14, 3, 3, 16>}
func.func @depthwise(%x: tensor<8x4x30x30x16xf32>, %w: tensor<4x1x3x3x16xf32>, %t: tensor<8x4x28x28x16xf32>) -> tensor<8x4x28x28x16xf32> {
  %y = cnn.kernel ins(%x, %w : tensor<8x4x30x30x16xf32>, tensor<4x1x3x3x16xf32>) outs(%t : tensor<8x4x28x28x16xf32>) maps [#image, #filter, #result]
      extents [8, 4, 28, 28, 3, 3, 16] reductions [false, false, false, false, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x4x28x28x16xf32>
  return %y : tensor<8x4x28x28x16xf32>
}

// The gradient of its filter: all taps are sums in registers, the image and the gradient pass once; in two halves of a
// block where a vector has 8 lanes, image by image so that the second half finds them in the cache. With 32 registers
// neighbouring places share what they load.
#slid = affine_map<(g, k, l, c, n, p, q) -> (n, g, p + k, q + l, c)>
#dresult = affine_map<(g, k, l, c, n, p, q) -> (n, g, p, q, c)>
#taps = affine_map<(g, k, l, c, n, p, q) -> (g, 0, k, l, c)>
// CHECK-LABEL: func.func @depthwise_filter(
// CHECK: cnn.schedule = {inner = array<i64: 4, 5, 6>, lane_loop = 3 : i64, lanes = 8 : i64,
// CHECK-SAME: levels = array<i64: 0, 1, 4, 2, 1, 3, 2, 3, 3, 8>, tasks = 1 : i64, tile = array<i64: 1, 3, 3, 8, 1, 1, 1>}
// WIDE-LABEL: func.func @depthwise_filter(
// WIDE: levels = array<i64: 0, 1, 1, 3, 2, 3, 3, 16>,
// WIDE-SAME: tile = array<i64: 1, 3, 3, 16, 1, 1, {{[24]}}>}
func.func @depthwise_filter(%x: tensor<8x4x30x30x16xf32>, %d: tensor<8x4x28x28x16xf32>, %t: tensor<4x1x3x3x16xf32>) -> tensor<4x1x3x3x16xf32> {
  %y = cnn.kernel ins(%x, %d : tensor<8x4x30x30x16xf32>, tensor<8x4x28x28x16xf32>) outs(%t : tensor<4x1x3x3x16xf32>) maps [#slid, #dresult, #taps]
      extents [4, 3, 3, 16, 8, 28, 28] reductions [false, false, false, false, true, true, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<4x1x3x3x16xf32>
  return %y : tensor<4x1x3x3x16xf32>
}

// A window of 5x5 has more sums than 16 registers: rows of taps pass over a part of an image that the second
// cache holds.
// CHECK-LABEL: func.func @depthwise_filter_5x5(
// CHECK: levels = array<i64: 0, 1, 4, 2, 1, 1, 2, 5, 3, 16>
// WIDE-LABEL: func.func @depthwise_filter_5x5(
// WIDE: levels = array<i64: 0, 1, 1, 5, 2, 5, 3, 16>,
// WIDE-SAME: tile = array<i64: 1, 5, 5, 16, 1, 1, 1>}
func.func @depthwise_filter_5x5(%x: tensor<8x4x32x32x16xf32>, %d: tensor<8x4x28x28x16xf32>, %t: tensor<4x1x5x5x16xf32>) -> tensor<4x1x5x5x16xf32> {
  %y = cnn.kernel ins(%x, %d : tensor<8x4x32x32x16xf32>, tensor<8x4x28x28x16xf32>) outs(%t : tensor<4x1x5x5x16xf32>) maps [#slid, #dresult, #taps]
      extents [4, 5, 5, 16, 8, 28, 28] reductions [false, false, false, false, true, true, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<4x1x5x5x16xf32>
  return %y : tensor<4x1x5x5x16xf32>
}

// Two inputs of the same places have no window: this passes over memory.
// CHECK-LABEL: func.func @product_sums(
// CHECK-NOT: cnn.schedule
#places = affine_map<(c, p) -> (p, c)>
#channel = affine_map<(c, p) -> (c)>
func.func @product_sums(%x: tensor<64x16xf32>, %d: tensor<64x16xf32>, %t: tensor<16xf32>) -> tensor<16xf32> {
  %y = cnn.kernel ins(%x, %d : tensor<64x16xf32>, tensor<64x16xf32>) outs(%t : tensor<16xf32>) maps [#places, #places, #channel]
      extents [16, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<16xf32>
  return %y : tensor<16xf32>
}

// Three images stay in a second cache of a megabyte beside the weights of a tile, so all weights pass once for
// three images; threads share these. In half of it only an image stays: all weights, which the third cache holds, pass
// for each, since 128 images would come from memory for each tile of weights.
// CHECK-LABEL: func.func @images_together(
// WIDE-LABEL: func.func @images_together(
// WIDE: levels = array<i64: 0, 1, 1, 2, 8, 16, 4, 8, 2, 1, 3, 14>
// LARGE-LABEL: func.func @images_together(
// LARGE: levels = array<i64: 0, 3, 1, 2, 8, 16, 0, 1, 2, 1, 3, 14>, tasks = 1 : i64
func.func @images_together(%x0: tensor<128x16x10x16x16xf32>, %x1: tensor<16x16x3x3x16x16xf32>, %t: tensor<128x16x8x14x16xf32>) -> tensor<128x16x8x14x16xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<128x16x10x16x16xf32>, tensor<16x16x3x3x16x16xf32>) outs(%t : tensor<128x16x8x14x16xf32>) maps [#x, #w, #y]
      extents [128, 16, 8, 14, 16, 3, 3, 16, 16] reductions [false, false, false, false, true, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<128x16x8x14x16xf32>
  return %y : tensor<128x16x8x14x16xf32>
}

// Three would stay, but of eight these are unequal parts: 3, 3 and 2.
// LARGE-LABEL: func.func @images_of_one_size(
// LARGE: levels = array<i64: 0, 2, 1, 2, 8, 16, 0, 1, 2, 1, 3, 14>, tasks = 2 : i64
func.func @images_of_one_size(%x0: tensor<8x10x16x16x16xf32>, %x1: tensor<20x10x3x3x16x16xf32>, %t: tensor<8x20x14x14x16xf32>) -> tensor<8x20x14x14x16xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<8x10x16x16x16xf32>, tensor<20x10x3x3x16x16xf32>) outs(%t : tensor<8x20x14x14x16xf32>) maps [#x, #w, #y]
      extents [8, 20, 14, 14, 10, 3, 3, 16, 16] reductions [false, false, false, false, true, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x20x14x14x16xf32>
  return %y : tensor<8x20x14x14x16xf32>
}

// All columns are one tile: which images pass together is no matter, and each is a part for the threads.
// LARGE-LABEL: func.func @one_column_tile(
// LARGE: levels = array<i64: 0, 1, 1, 1, 8, 16, 2, 1, 3, 28>, tasks = 1 : i64
func.func @one_column_tile(%x0: tensor<8x2x32x32x16xf32>, %x1: tensor<1x2x5x5x16x16xf32>, %t: tensor<8x1x28x28x16xf32>) -> tensor<8x1x28x28x16xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<8x2x32x32x16xf32>, tensor<1x2x5x5x16x16xf32>) outs(%t : tensor<8x1x28x28x16xf32>) maps [#x, #w, #y]
      extents [8, 1, 28, 28, 2, 5, 5, 16, 16] reductions [false, false, false, false, true, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x1x28x28x16xf32>
  return %y : tensor<8x1x28x28x16xf32>
}

// Not one image of a 1x1 convolution stays in the second cache: some of its rows do, and pass for all columns.
// LARGE-LABEL: func.func @rows_of_image(
// LARGE: levels = array<i64: 0, 1, 2, 8, 1, 2, 8, 16, 2, 1, 3, 14>, tasks = 1 : i64
func.func @rows_of_image(%x0: tensor<8x16x56x56x16xf32>, %x1: tensor<4x16x1x1x16x16xf32>, %t: tensor<8x4x56x56x16xf32>) -> tensor<8x4x56x56x16xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<8x16x56x56x16xf32>, tensor<4x16x1x1x16x16xf32>) outs(%t : tensor<8x4x56x56x16xf32>) maps [#x, #w, #y]
      extents [8, 4, 56, 56, 16, 1, 1, 16, 16] reductions [false, false, false, false, true, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x4x56x56x16xf32>
  return %y : tensor<8x4x56x56x16xf32>
}

// Rows of a window are those of the next part, too: an image passes as a whole. Eight of them are more than what
// stays in the third cache until the next columns read them, so each passes for all columns.
// LARGE-LABEL: func.func @windows_of_image(
// LARGE: levels = array<i64: 0, 1, 1, 2, 8, 16, 2, 1, 3, 14>, tasks = 1 : i64
func.func @windows_of_image(%x0: tensor<8x16x58x58x16xf32>, %x1: tensor<4x16x3x3x16x16xf32>, %t: tensor<8x4x56x56x16xf32>) -> tensor<8x4x56x56x16xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<8x16x58x58x16xf32>, tensor<4x16x3x3x16x16xf32>) outs(%t : tensor<8x4x56x56x16xf32>) maps [#x, #w, #y]
      extents [8, 4, 56, 56, 16, 3, 3, 16, 16] reductions [false, false, false, false, true, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x4x56x56x16xf32>
  return %y : tensor<8x4x56x56x16xf32>
}

// Two images stay there.
// LARGE-LABEL: func.func @windows_of_two_images(
// LARGE: levels = array<i64: 1, 2, 8, 16, 0, 1, 2, 28, 2, 1, 3, 14>, tasks = 4 : i64
func.func @windows_of_two_images(%x0: tensor<2x16x58x58x16xf32>, %x1: tensor<4x16x3x3x16x16xf32>, %t: tensor<2x4x56x56x16xf32>) -> tensor<2x4x56x56x16xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<2x16x58x58x16xf32>, tensor<4x16x3x3x16x16xf32>) outs(%t : tensor<2x4x56x56x16xf32>) maps [#x, #w, #y]
      extents [2, 4, 56, 56, 16, 3, 3, 16, 16] reductions [false, false, false, false, true, true, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<2x4x56x56x16xf32>
  return %y : tensor<2x4x56x56x16xf32>
}

// The gradient of a strided 1x1 filter: what all columns of the gradient read of eight images comes from memory each
// time, so blocks of inputs are outside, and each of them, which stays in the third cache, passes for all columns. Where
// all inputs stay there, columns are outside: they are fewer.
// LARGE-LABEL: func.func @strided_filter(
// LARGE: levels = array<i64: 1, 1, 2, 1, 0, 2, 5, 16, 6, 1, 3, 1, 4, 8>, tasks = 1 : i64
// LARGE-LABEL: func.func @filter_of_small_images(
// LARGE: levels = array<i64: 0, 2, 5, 16, 1, 1, 2, 1, 6, 1, 3, 1, 4, 8>, tasks = 1 : i64
func.func @strided_filter(%x0: tensor<8x16x56x56x16xf32>, %x1: tensor<8x32x28x28x16xf32>, %t: tensor<16x64x1x1x16x16xf32>) -> tensor<16x64x1x1x16x16xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<8x16x56x56x16xf32>, tensor<8x32x28x28x16xf32>) outs(%t : tensor<16x64x1x1x16x16xf32>) maps [#dx, #dy, #dw]
      extents [32, 16, 1, 1, 16, 16, 8, 28, 28] reductions [false, false, false, false, false, false, true, true, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<16x64x1x1x16x16xf32>
  return %y : tensor<16x64x1x1x16x16xf32>
}

func.func @filter_of_small_images(%x0: tensor<8x64x14x14x16xf32>, %x1: tensor<8x16x14x14x16xf32>, %t: tensor<16x64x1x1x16x16xf32>) -> tensor<16x64x1x1x16x16xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<8x64x14x14x16xf32>, tensor<8x16x14x14x16xf32>) outs(%t : tensor<16x64x1x1x16x16xf32>) maps [#dx, #dy, #dw]
      extents [16, 64, 1, 1, 16, 16, 8, 14, 14] reductions [false, false, false, false, false, false, true, true, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<16x64x1x1x16x16xf32>
  return %y : tensor<16x64x1x1x16x16xf32>
}

// A filter's gradient of one block by one has five rows of taps. Threads share the halves of the inputs, too.
// LARGE-LABEL: func.func @few_parts(
// LARGE: levels = array<i64: 0, 2, 5, 16, 1, 1, 2, 1, 4, 8, {{.*}}>, tasks = 5 : i64
func.func @few_parts(%x0: tensor<8x1x32x32x16xf32>, %x1: tensor<8x2x28x28x16xf32>, %t: tensor<2x1x5x5x16x16xf32>) -> tensor<2x1x5x5x16x16xf32> {
  %y = cnn.kernel ins(%x0, %x1 : tensor<8x1x32x32x16xf32>, tensor<8x2x28x28x16xf32>) outs(%t : tensor<2x1x5x5x16x16xf32>) maps [#dx, #dy, #dw]
      extents [2, 1, 5, 5, 16, 16, 8, 28, 28] reductions [false, false, false, false, false, false, true, true, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<2x1x5x5x16x16xf32>
  return %y : tensor<2x1x5x5x16x16xf32>
}

// The gradient of bilinear interpolation: two neighbouring positions add to one place, so columns are no parts for
// threads, though there are few images. Where each column has a place of its own, they are.
// LARGE-LABEL: func.func @columns_meet(
// LARGE: levels = array<i64: 0, 1, 1, 1, 2, 1, 3, 1, 6, 16, 4, 1>, tasks = 3 : i64
func.func @columns_meet(%x: tensor<2x1x1x1200x16xf32>, %share: tensor<2x2xf32>, %columns: tensor<600xf32>, %dx: tensor<2x1x1x601x16xf32>) -> tensor<2x1x1x601x16xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(n, c, p, q, s, k, l) -> (n, c, p, q * 2 + k, l)>, affine_map<(n, c, p, q, s, k, l) -> (k, s)>,
      affine_map<(n, c, p, q, s, k, l) -> (q)>, affine_map<(n, c, p, q, s, k, l) -> (n, c, p, q + s, l)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "parallel"]}
      ins(%x, %share, %columns : tensor<2x1x1x1200x16xf32>, tensor<2x2xf32>, tensor<600xf32>) outs(%dx : tensor<2x1x1x601x16xf32>) {
  ^bb0(%a: f32, %b: f32, %column: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<2x1x1x601x16xf32>
  return %y : tensor<2x1x1x601x16xf32>
}

// LARGE-LABEL: func.func @columns_apart(
// LARGE: levels = array<i64: 0, 1, 1, 1, 2, 1, 3, 12, 6, 16, 4, 2>, tasks = 4 : i64
func.func @columns_apart(%x: tensor<2x1x1x1200x16xf32>, %share: tensor<2x2xf32>, %columns: tensor<600xf32>, %dx: tensor<2x1x1x600x2x16xf32>) -> tensor<2x1x1x600x2x16xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(n, c, p, q, s, k, l) -> (n, c, p, q * 2 + k, l)>, affine_map<(n, c, p, q, s, k, l) -> (k, s)>,
      affine_map<(n, c, p, q, s, k, l) -> (q)>, affine_map<(n, c, p, q, s, k, l) -> (n, c, p, q, s, l)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "parallel"]}
      ins(%x, %share, %columns : tensor<2x1x1x1200x16xf32>, tensor<2x2xf32>, tensor<600xf32>) outs(%dx : tensor<2x1x1x600x2x16xf32>) {
  ^bb0(%a: f32, %b: f32, %column: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<2x1x1x600x2x16xf32>
  return %y : tensor<2x1x1x600x2x16xf32>
}

// Six tiles of 20 outputs take as long as five of 24, and two threads have equal shares. Smaller layers stay on one.
// WIDE-LABEL: func.func @equal_shares(
// WIDE: levels = array<i64: 0, 1, 1, 20, 1, 20>, tasks = 2 : i64
// WIDE-LABEL: func.func @one_share(
// WIDE: levels = array<i64: 0, 1, 1, 28>, tasks = 0 : i64
func.func @equal_shares(%x: tensor<1x400xf32>, %w: tensor<120x400xf32>, %t: tensor<1x120xf32>) -> tensor<1x120xf32> {
  %y = cnn.kernel ins(%x, %w : tensor<1x400xf32>, tensor<120x400xf32>) outs(%t : tensor<1x120xf32>)
      maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>]
      extents [1, 120, 400] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<1x120xf32>
  return %y : tensor<1x120xf32>
}

func.func @one_share(%x: tensor<1x120xf32>, %w: tensor<84x120xf32>, %t: tensor<1x84xf32>) -> tensor<1x84xf32> {
  %y = cnn.kernel ins(%x, %w : tensor<1x120xf32>, tensor<84x120xf32>) outs(%t : tensor<1x84xf32>)
      maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>]
      extents [1, 84, 120] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<1x84xf32>
  return %y : tensor<1x84xf32>
}
