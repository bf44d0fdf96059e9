// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-select-schedule),cnn-override-schedules{name=mine schedules="fc1 forward: {inner = array<i64: 2>, lane_loop = 2, lanes = 4, levels = array<i64: 1, 5, 0, 3>, tasks = 1 : i64, tile = array<i64: 3, 5, 1>}"})' %s \
// RUN:   | FileCheck %s
// Without a text, and with one of comments, nothing changes.
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-select-schedule))' %s > %t.chosen
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-select-schedule),cnn-override-schedules)' %s | diff %t.chosen -
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-select-schedule),cnn-override-schedules{schedules="# fc1 forward: {}"})' %s | diff %t.chosen -
// What has no schedule gets none.
// RUN: not cnn-opt --pass-pipeline='builtin.module(func.func(cnn-select-schedule),cnn-override-schedules{schedules="sweep1 forward: {inner = array<i64: 1>, lane_loop = 1, lanes = 4, levels = array<i64: 0, 1>, tasks = 0, tile = array<i64: 1, 1>}"})' %s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=SWEEP
// SWEEP: error: no kernel with a schedule is of a layer 'sweep1'
// Unless lines that fit nothing are to be left out.
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-select-schedule),cnn-override-schedules{only-fitting schedules="sweep1 forward: {inner = array<i64: 1>, lane_loop = 1, lanes = 4, levels = array<i64: 0, 1>, tasks = 0, tile = array<i64: 1, 1>}"})' %s | diff %t.chosen -
// A direction of its own.
// RUN: not cnn-opt --pass-pipeline='builtin.module(func.func(cnn-select-schedule),cnn-override-schedules{schedules="fc1 data: {inner = array<i64: 2>, lane_loop = 2, lanes = 4, levels = array<i64: 1, 5, 0, 3>, tasks = 1, tile = array<i64: 3, 5, 1>}"})' %s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=DIRECTION
// DIRECTION: error: fc1 has no kernel with a schedule for data, only for forward

#a = affine_map<(i, j, k) -> (i, k)>
#b = affine_map<(i, j, k) -> (j, k)>
#c = affine_map<(i, j, k) -> (i, j)>
#all = affine_map<(i, k) -> (i, k)>
#row = affine_map<(i, k) -> (i)>

// Every function that has the layer.
// CHECK-LABEL: func.func @forward(
// CHECK: cnn.schedule = {inner = array<i64: 2>, lane_loop = 2 : i64, lanes = 4 : i64, levels = array<i64: 1, 5, 0, 3>, tasks = 1 : i64, tile = array<i64: 3, 5, 1>}
// CHECK-LABEL: func.func @train_step(
// CHECK: cnn.schedule = {inner = array<i64: 2>, lane_loop = 2 : i64, lanes = 4 : i64, levels = array<i64: 1, 5, 0, 3>, tasks = 1 : i64, tile = array<i64: 3, 5, 1>}
// Other layers stay as they are.
// CHECK-LABEL: func.func @another(
// CHECK: cnn.schedule = {inner = array<i64: 2>, lane_loop = 2 : i64, lanes = 8 : i64,
// CHECK-LABEL: func.func @sweep(
// CHECK-NOT: cnn.schedule
func.func @forward(%x: tensor<32x512xf32>, %w: tensor<100x512xf32>, %t: tensor<32x100xf32>) -> tensor<32x100xf32> {
  %y = cnn.kernel ins(%x, %w : tensor<32x512xf32>, tensor<100x512xf32>) outs(%t : tensor<32x100xf32>) maps [#a, #b, #c]
      extents [32, 100, 512] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<32x100xf32> loc("fc1"("net.cnn":3:4))
  return %y : tensor<32x100xf32>
}

func.func @train_step(%x: tensor<32x512xf32>, %w: tensor<100x512xf32>, %t: tensor<32x100xf32>) -> tensor<32x100xf32> {
  %y = cnn.kernel ins(%x, %w : tensor<32x512xf32>, tensor<100x512xf32>) outs(%t : tensor<32x100xf32>) maps [#a, #b, #c]
      extents [32, 100, 512] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<32x100xf32> loc("fc1"("net.cnn":3:4))
  return %y : tensor<32x100xf32>
}

func.func @another(%x: tensor<32x512xf32>, %w: tensor<100x512xf32>, %t: tensor<32x100xf32>) -> tensor<32x100xf32> {
  %y = cnn.kernel ins(%x, %w : tensor<32x512xf32>, tensor<100x512xf32>) outs(%t : tensor<32x100xf32>) maps [#a, #b, #c]
      extents [32, 100, 512] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %q: f32, %sum: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<32x100xf32> loc("fc2"("net.cnn":4:4))
  return %y : tensor<32x100xf32>
}

func.func @sweep(%x: tensor<32x512xf32>, %t: tensor<32xf32>) -> tensor<32xf32> {
  %y = cnn.kernel ins(%x : tensor<32x512xf32>) outs(%t : tensor<32xf32>) maps [#all, #row]
      extents [32, 512] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%p: f32, %sum: f32):
    %0 = arith.addf %sum, %p : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<32xf32> loc("sweep1"("net.cnn":5:4))
  return %y : tensor<32xf32>
}
