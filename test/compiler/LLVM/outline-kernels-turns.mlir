// RUN: cnn-opt --cnn-outline-kernels %s | FileCheck %s
// RUN: cnn-opt --cnn-outline-kernels --cnn-emit-kernels %s | FileCheck %s --check-prefix=LOOPS

#x = affine_map<(i, j, k) -> (i, k)>
#w = affine_map<(i, j, k) -> (k, j)>
#y = affine_map<(i, j, k) -> (i, j)>

// Two kernels that write every other row each, and have the same tasks, are one function. What is only read
// may be passed twice, and rows that take turns do not overlap: all of it is promised.
// CHECK-LABEL: func.func @turns(
// CHECK: call @[[TURNS:kernel_[0-9]+]](
// CHECK-NOT: call
// CHECK: return
// LOOPS-LABEL: func.func @turns(
// LOOPS: call @[[TURNS:kernel_[0-9]+]]({{.*}}, %c0, %c8)
// LOOPS-NOT: call
// LOOPS: return
func.func @turns(%x: memref<8x4xf32>, %w: memref<4x4xf32>, %a: memref<16x4xf32>) {
  %even = memref.subview %a[0, 0] [8, 4] [2, 1] : memref<16x4xf32> to memref<8x4xf32, strided<[8, 1]>>
  %odd = memref.subview %a[1, 0] [8, 4] [2, 1] : memref<16x4xf32> to memref<8x4xf32, strided<[8, 1], offset: 4>>
  cnn.kernel ins(%x, %w : memref<8x4xf32>, memref<4x4xf32>) outs(%even : memref<8x4xf32, strided<[8, 1]>>) maps [#x, #w, #y]
      extents [8, 4, 4] reductions [false, false, true] starts [0.0 : f32] attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1 : i64, lanes = 4 : i64, levels = array<i64: 0, 1, 1, 4>, tasks = 1 : i64, tile = array<i64: 1, 4, 1>}} reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  cnn.kernel ins(%x, %w : memref<8x4xf32>, memref<4x4xf32>) outs(%odd : memref<8x4xf32, strided<[8, 1], offset: 4>>) maps [#x, #w, #y]
      extents [8, 4, 4] reductions [false, false, true] starts [0.0 : f32] attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1 : i64, lanes = 4 : i64, levels = array<i64: 0, 1, 1, 4>, tasks = 1 : i64, tile = array<i64: 1, 4, 1>}} reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// Halves are not known to take turns.
// CHECK-LABEL: func.func @halves(
// CHECK: call @
// CHECK: call @
func.func @halves(%x: memref<8x4xf32>, %w: memref<4x4xf32>, %a: memref<16x4xf32>) {
  %low = memref.subview %a[0, 0] [8, 4] [1, 1] : memref<16x4xf32> to memref<8x4xf32, strided<[4, 1]>>
  %high = memref.subview %a[8, 0] [8, 4] [1, 1] : memref<16x4xf32> to memref<8x4xf32, strided<[4, 1], offset: 32>>
  cnn.kernel ins(%x, %w : memref<8x4xf32>, memref<4x4xf32>) outs(%low : memref<8x4xf32, strided<[4, 1]>>) maps [#x, #w, #y]
      extents [8, 4, 4] reductions [false, false, true] starts [0.0 : f32] attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1 : i64, lanes = 4 : i64, levels = array<i64: 0, 1, 1, 4>, tasks = 1 : i64, tile = array<i64: 1, 4, 1>}} reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  cnn.kernel ins(%x, %w : memref<8x4xf32>, memref<4x4xf32>) outs(%high : memref<8x4xf32, strided<[4, 1], offset: 32>>) maps [#x, #w, #y]
      extents [8, 4, 4] reductions [false, false, true] starts [0.0 : f32] attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1 : i64, lanes = 4 : i64, levels = array<i64: 0, 1, 1, 4>, tasks = 1 : i64, tile = array<i64: 1, 4, 1>}} reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// Other tasks: two rows each.
// CHECK-LABEL: func.func @other_tasks(
// CHECK: call @
// CHECK: call @
func.func @other_tasks(%x: memref<8x4xf32>, %w: memref<4x4xf32>, %a: memref<16x4xf32>) {
  %even = memref.subview %a[0, 0] [8, 4] [2, 1] : memref<16x4xf32> to memref<8x4xf32, strided<[8, 1]>>
  %odd = memref.subview %a[1, 0] [8, 4] [2, 1] : memref<16x4xf32> to memref<8x4xf32, strided<[8, 1], offset: 4>>
  cnn.kernel ins(%x, %w : memref<8x4xf32>, memref<4x4xf32>) outs(%even : memref<8x4xf32, strided<[8, 1]>>) maps [#x, #w, #y]
      extents [8, 4, 4] reductions [false, false, true] starts [0.0 : f32] attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1 : i64, lanes = 4 : i64, levels = array<i64: 0, 1, 1, 4>, tasks = 1 : i64, tile = array<i64: 1, 4, 1>}} reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  cnn.kernel ins(%x, %w : memref<8x4xf32>, memref<4x4xf32>) outs(%odd : memref<8x4xf32, strided<[8, 1], offset: 4>>) maps [#x, #w, #y]
      extents [8, 4, 4] reductions [false, false, true] starts [0.0 : f32] attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1 : i64, lanes = 4 : i64, levels = array<i64: 0, 2, 1, 4>, tasks = 1 : i64, tile = array<i64: 2, 4, 1>}} reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// Without tasks there is nothing to run by.
// CHECK-LABEL: func.func @no_tasks(
// CHECK: call @
// CHECK: call @
func.func @no_tasks(%x: memref<8x4xf32>, %w: memref<4x4xf32>, %a: memref<16x4xf32>) {
  %even = memref.subview %a[0, 0] [8, 4] [2, 1] : memref<16x4xf32> to memref<8x4xf32, strided<[8, 1]>>
  %odd = memref.subview %a[1, 0] [8, 4] [2, 1] : memref<16x4xf32> to memref<8x4xf32, strided<[8, 1], offset: 4>>
  cnn.kernel ins(%x, %w : memref<8x4xf32>, memref<4x4xf32>) outs(%even : memref<8x4xf32, strided<[8, 1]>>) maps [#x, #w, #y]
      extents [8, 4, 4] reductions [false, false, true] starts [0.0 : f32] attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1 : i64, lanes = 4 : i64, levels = array<i64: 0, 1, 1, 4>, tasks = 0 : i64, tile = array<i64: 1, 4, 1>}} reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  cnn.kernel ins(%x, %w : memref<8x4xf32>, memref<4x4xf32>) outs(%odd : memref<8x4xf32, strided<[8, 1], offset: 4>>) maps [#x, #w, #y]
      extents [8, 4, 4] reductions [false, false, true] starts [0.0 : f32] attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1 : i64, lanes = 4 : i64, levels = array<i64: 0, 1, 1, 4>, tasks = 0 : i64, tile = array<i64: 1, 4, 1>}} reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// The second reads a copy of what the first has written: something happens between them.
// CHECK-LABEL: func.func @interrupted(
// CHECK: call @
// CHECK: call @
// CHECK: call @
func.func @interrupted(%x: memref<8x4xf32>, %z: memref<8x4xf32>, %w: memref<4x4xf32>, %a: memref<16x4xf32>) {
  %even = memref.subview %a[0, 0] [8, 4] [2, 1] : memref<16x4xf32> to memref<8x4xf32, strided<[8, 1]>>
  %odd = memref.subview %a[1, 0] [8, 4] [2, 1] : memref<16x4xf32> to memref<8x4xf32, strided<[8, 1], offset: 4>>
  cnn.kernel ins(%x, %w : memref<8x4xf32>, memref<4x4xf32>) outs(%even : memref<8x4xf32, strided<[8, 1]>>) maps [#x, #w, #y]
      extents [8, 4, 4] reductions [false, false, true] starts [0.0 : f32] attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1 : i64, lanes = 4 : i64, levels = array<i64: 0, 1, 1, 4>, tasks = 1 : i64, tile = array<i64: 1, 4, 1>}} reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  linalg.copy ins(%even : memref<8x4xf32, strided<[8, 1]>>) outs(%z : memref<8x4xf32>)
  cnn.kernel ins(%z, %w : memref<8x4xf32>, memref<4x4xf32>) outs(%odd : memref<8x4xf32, strided<[8, 1], offset: 4>>) maps [#x, #w, #y]
      extents [8, 4, 4] reductions [false, false, true] starts [0.0 : f32] attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1 : i64, lanes = 4 : i64, levels = array<i64: 0, 1, 1, 4>, tasks = 1 : i64, tile = array<i64: 1, 4, 1>}} reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// CHECK: func.func private @[[TURNS]](%{{[a-z0-9]+}}: memref<8x4xf32> {llvm.noalias}, %{{[a-z0-9]+}}: memref<4x4xf32> {llvm.noalias}, %{{[a-z0-9]+}}: memref<8x4xf32, strided<[8, 1]>> {llvm.noalias}, %{{[a-z0-9]+}}: memref<8x4xf32, strided<[8, 1], offset: 4>> {llvm.noalias})
// CHECK: cnn.kernel
// CHECK: cnn.kernel
// CHECK: return

// One loop over the tasks, in which each kernel does its part.
// LOOPS: func.func private @[[TURNS]](
// LOOPS-SAME: %[[FIRST:[a-z0-9]+]]: index, %[[END:[a-z0-9]+]]: index) attributes {cnn.tasks = 8 : i64, cnn.vectorized
// LOOPS: scf.for %{{[a-z0-9]+}} = %[[FIRST]] to %[[END]]
// LOOPS: vector.store {{.*}} : memref<60xf32>, vector<4xf32>
// LOOPS: vector.store {{.*}} : memref<64xf32>, vector<4xf32>
// LOOPS: return
