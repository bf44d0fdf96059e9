// RUN: cnn-opt --cnn-join-reductions %s | FileCheck %s
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-join-reductions{max-inputs=2}))' %s | FileCheck %s --check-prefix=FEW

// Both sums in one pass, at the place of the first, whose result is needed before the second stood.
// CHECK-LABEL: func.func @gradient_sums(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<8x4x9x16xf32>, %[[Y:[a-z0-9]+]]: tensor<8x4x9x16xf32>
// CHECK: %[[S:.*]]:2 = cnn.kernel ins(%[[X]], %[[Y]] : {{.*}}) outs(%{{.*}}, %{{.*}} : tensor<4x16xf32>, tensor<4x16xf32>)
// CHECK-SAME: extents [4, 8, 9, 16] reductions [false, true, true, false] starts [0.000000e+00 : f32, 0.000000e+00 : f32] reduce {
// CHECK-NEXT: ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %[[SUM0:.*]]: f32, %[[SUM1:.*]]: f32):
// CHECK-NEXT: %[[NEXT0:.*]] = arith.addf %[[SUM0]], %[[A]]
// CHECK-NEXT: %[[PRODUCT:.*]] = arith.mulf %[[A]], %[[B]]
// CHECK-NEXT: %[[NEXT1:.*]] = arith.addf %[[SUM1]], %[[PRODUCT]]
// CHECK-NEXT: cnn.yield %[[NEXT0]], %[[NEXT1]]
// CHECK: ^bb0(%[[ALL0:.*]]: f32, %[[ALL1:.*]]: f32):
// CHECK-NEXT: %[[LAST:.*]] = arith.negf %[[ALL1]]
// CHECK-NEXT: cnn.yield %[[ALL0]], %[[LAST]]
// CHECK: arith.negf %[[S]]#0
// CHECK: return %{{.*}}, %[[S]]#1
// FEW-LABEL: func.func @gradient_sums(
// FEW: cnn.kernel
// FEW: cnn.kernel
func.func @gradient_sums(%x: tensor<8x4x9x16xf32>, %y: tensor<8x4x9x16xf32>) -> (tensor<4x16xf32>, tensor<4x16xf32>) {
  %t = tensor.empty() : tensor<4x16xf32>
  %s = cnn.kernel ins(%x : tensor<8x4x9x16xf32>) outs(%t : tensor<4x16xf32>) maps [affine_map<(c, n, p, i) -> (n, c, p, i)>, affine_map<(c, n, p, i) -> (c, i)>]
      extents [4, 8, 9, 16] reductions [false, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<4x16xf32>
  %u = arith.negf %s : tensor<4x16xf32>
  %p = cnn.kernel ins(%x, %y : tensor<8x4x9x16xf32>, tensor<8x4x9x16xf32>) outs(%t : tensor<4x16xf32>) maps [affine_map<(c, n, p, i) -> (n, c, p, i)>, affine_map<(c, n, p, i) -> (n, c, p, i)>, affine_map<(c, n, p, i) -> (c, i)>]
      extents [4, 8, 9, 16] reductions [false, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.negf %sum : f32
    cnn.yield %0 : f32
  } -> tensor<4x16xf32>
  return %u, %p : tensor<4x16xf32>, tensor<4x16xf32>
}

// What the second reads is made between the two: they stand where it stood.
// CHECK-LABEL: func.func @later_operand(
// CHECK-NOT: cnn.kernel
// CHECK: %[[Z:.*]] = arith.mulf
// CHECK: cnn.kernel ins(%{{.*}}, %[[Z]] :
// CHECK-NOT: cnn.kernel
// CHECK: return
func.func @later_operand(%x: tensor<8x4x9x16xf32>, %y: tensor<8x4x9x16xf32>) -> (tensor<4x16xf32>, tensor<4x16xf32>) {
  %t = tensor.empty() : tensor<4x16xf32>
  %s = cnn.kernel ins(%x : tensor<8x4x9x16xf32>) outs(%t : tensor<4x16xf32>) maps [affine_map<(c, n, p, i) -> (n, c, p, i)>, affine_map<(c, n, p, i) -> (c, i)>]
      extents [4, 8, 9, 16] reductions [false, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<4x16xf32>
  %z = arith.mulf %y, %y : tensor<8x4x9x16xf32>
  %p = cnn.kernel ins(%x, %z : tensor<8x4x9x16xf32>, tensor<8x4x9x16xf32>) outs(%t : tensor<4x16xf32>) maps [affine_map<(c, n, p, i) -> (n, c, p, i)>, affine_map<(c, n, p, i) -> (n, c, p, i)>, affine_map<(c, n, p, i) -> (c, i)>]
      extents [4, 8, 9, 16] reductions [false, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.negf %sum : f32
    cnn.yield %0 : f32
  } -> tensor<4x16xf32>
  return %s, %p : tensor<4x16xf32>, tensor<4x16xf32>
}

// A variance needs the mean: two passes.
// CHECK-LABEL: func.func @one_after_the_other(
// CHECK: cnn.kernel
// CHECK: cnn.kernel
func.func @one_after_the_other(%x: tensor<8x4x9x16xf32>) -> (tensor<4x16xf32>, tensor<4x16xf32>) {
  %t = tensor.empty() : tensor<4x16xf32>
  %s = cnn.kernel ins(%x : tensor<8x4x9x16xf32>) outs(%t : tensor<4x16xf32>) maps [affine_map<(c, n, p, i) -> (n, c, p, i)>, affine_map<(c, n, p, i) -> (c, i)>]
      extents [4, 8, 9, 16] reductions [false, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<4x16xf32>
  %p = cnn.kernel ins(%x, %s : tensor<8x4x9x16xf32>, tensor<4x16xf32>) outs(%t : tensor<4x16xf32>) maps [affine_map<(c, n, p, i) -> (n, c, p, i)>, affine_map<(c, n, p, i) -> (c, i)>, affine_map<(c, n, p, i) -> (c, i)>]
      extents [4, 8, 9, 16] reductions [false, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.negf %sum : f32
    cnn.yield %0 : f32
  } -> tensor<4x16xf32>
  return %s, %p : tensor<4x16xf32>, tensor<4x16xf32>
}

// Neither can stand where the other one does.
// CHECK-LABEL: func.func @between(
// CHECK: cnn.kernel
// CHECK: cnn.kernel
func.func @between(%x: tensor<8x4x9x16xf32>, %y: tensor<8x4x9x16xf32>) -> (tensor<4x16xf32>, tensor<4x16xf32>) {
  %t = tensor.empty() : tensor<4x16xf32>
  %s = cnn.kernel ins(%x : tensor<8x4x9x16xf32>) outs(%t : tensor<4x16xf32>) maps [affine_map<(c, n, p, i) -> (n, c, p, i)>, affine_map<(c, n, p, i) -> (c, i)>]
      extents [4, 8, 9, 16] reductions [false, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<4x16xf32>
  %u = arith.negf %s : tensor<4x16xf32>
  %z = arith.mulf %y, %y : tensor<8x4x9x16xf32>
  %p = cnn.kernel ins(%x, %z : tensor<8x4x9x16xf32>, tensor<8x4x9x16xf32>) outs(%t : tensor<4x16xf32>) maps [affine_map<(c, n, p, i) -> (n, c, p, i)>, affine_map<(c, n, p, i) -> (n, c, p, i)>, affine_map<(c, n, p, i) -> (c, i)>]
      extents [4, 8, 9, 16] reductions [false, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    %0 = arith.negf %sum : f32
    cnn.yield %0 : f32
  } -> tensor<4x16xf32>
  return %u, %p : tensor<4x16xf32>, tensor<4x16xf32>
}

// They share nothing.
// CHECK-LABEL: func.func @other_tensors(
// CHECK: cnn.kernel
// CHECK: cnn.kernel
func.func @other_tensors(%x: tensor<8x4x9x16xf32>, %y: tensor<8x4x9x16xf32>) -> (tensor<4x16xf32>, tensor<4x16xf32>) {
  %t = tensor.empty() : tensor<4x16xf32>
  %s = cnn.kernel ins(%x : tensor<8x4x9x16xf32>) outs(%t : tensor<4x16xf32>) maps [affine_map<(c, n, p, i) -> (n, c, p, i)>, affine_map<(c, n, p, i) -> (c, i)>]
      extents [4, 8, 9, 16] reductions [false, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<4x16xf32>
  %p = cnn.kernel ins(%y : tensor<8x4x9x16xf32>) outs(%t : tensor<4x16xf32>) maps [affine_map<(c, n, p, i) -> (n, c, p, i)>, affine_map<(c, n, p, i) -> (c, i)>]
      extents [4, 8, 9, 16] reductions [false, true, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<4x16xf32>
  return %s, %p : tensor<4x16xf32>, tensor<4x16xf32>
}

// The lanes of a row's sum are added up: such a kernel has one accumulator.
// CHECK-LABEL: func.func @rows(
// CHECK: cnn.kernel
// CHECK: cnn.kernel
func.func @rows(%x: tensor<64x64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
  %t = tensor.empty() : tensor<64xf32>
  %s = cnn.kernel ins(%x : tensor<64x64xf32>) outs(%t : tensor<64xf32>) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [64, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<64xf32>
  %p = cnn.kernel ins(%x : tensor<64x64xf32>) outs(%t : tensor<64xf32>) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [64, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.maximumf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<64xf32>
  return %s, %p : tensor<64xf32>, tensor<64xf32>
}

// Nor do products of matrices join: their tiles need the registers.
// CHECK-LABEL: func.func @products(
// CHECK: cnn.kernel
// CHECK: cnn.kernel
func.func @products(%x: tensor<8x64xf32>, %v: tensor<64x16xf32>, %w: tensor<64x16xf32>) -> (tensor<8x16xf32>, tensor<8x16xf32>) {
  %t = tensor.empty() : tensor<8x16xf32>
  %s = cnn.kernel ins(%x, %v : tensor<8x64xf32>, tensor<64x16xf32>) outs(%t : tensor<8x16xf32>)
      maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %p = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<64x16xf32>) outs(%t : tensor<8x16xf32>)
      maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>]
      extents [8, 16, 64] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  return %s, %p : tensor<8x16xf32>, tensor<8x16xf32>
}

// The same sum twice is one, whether its lanes are added up or not.
// CHECK-LABEL: func.func @equal(
// CHECK: %[[S:.*]] = cnn.kernel
// CHECK-NOT: cnn.kernel
// CHECK: return %[[S]], %[[S]]
func.func @equal(%x: tensor<64x64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
  %t = tensor.empty() : tensor<64xf32>
  %s = cnn.kernel ins(%x : tensor<64x64xf32>) outs(%t : tensor<64xf32>) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [64, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<64xf32>
  %p = cnn.kernel ins(%x : tensor<64x64xf32>) outs(%t : tensor<64xf32>) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [64, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<64xf32>
  return %s, %p : tensor<64xf32>, tensor<64xf32>
}

// The largest and where it is: the numbers of the places are constants, so the tensor is all that is read.
// CHECK-LABEL: func.func @positions(
// CHECK: %[[BOTH:.*]]:2 = cnn.kernel ins(%{{.*}}, %{{.*}} : tensor<4x9x16xf32>, tensor<9xi8>)
// CHECK: return %[[BOTH]]#0, %[[BOTH]]#1
func.func @positions(%x: tensor<4x9x16xf32>) -> (tensor<4x16xf32>, tensor<4x16xi8>) {
  %numbers = arith.constant dense<[0, 1, 2, 3, 4, 5, 6, 7, 8]> : tensor<9xi8>
  %t = tensor.empty() : tensor<4x16xf32>
  %u = tensor.empty() : tensor<4x16xi8>
  %y = cnn.kernel ins(%x : tensor<4x9x16xf32>) outs(%t : tensor<4x16xf32>) maps [affine_map<(c, p, i) -> (c, p, i)>, affine_map<(c, p, i) -> (c, i)>]
      extents [4, 9, 16] reductions [false, true, false] starts [0xFF800000 : f32] reduce {
  ^bb0(%a: f32, %best: f32):
    %0 = arith.maximumf %best, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%best: f32):
    cnn.yield %best : f32
  } -> tensor<4x16xf32>
  %z = cnn.kernel ins(%x, %numbers : tensor<4x9x16xf32>, tensor<9xi8>) outs(%u : tensor<4x16xi8>) maps [affine_map<(c, p, i) -> (c, p, i)>, affine_map<(c, p, i) -> (p)>, affine_map<(c, p, i) -> (c, i)>]
      extents [4, 9, 16] reductions [false, true, false] starts [0xFF800000 : f32, -1 : i8] reduce {
  ^bb0(%a: f32, %number: i8, %best: f32, %place: i8):
    %0 = arith.cmpf ogt, %a, %best : f32
    %1 = arith.maximumf %best, %a : f32
    %2 = arith.select %0, %number, %place : i8
    cnn.yield %1, %2 : f32, i8
  } finish {
  ^bb0(%best: f32, %place: i8):
    cnn.yield %place : i8
  } -> tensor<4x16xi8>
  return %y, %z : tensor<4x16xf32>, tensor<4x16xi8>
}

// Numbers from a tensor are another one to read.
// CHECK-LABEL: func.func @numbers_in_memory(
// CHECK: cnn.kernel
// CHECK: cnn.kernel
func.func @numbers_in_memory(%x: tensor<4x9x16xf32>, %numbers: tensor<9xi8>) -> (tensor<4x16xf32>, tensor<4x16xi8>) {
  %t = tensor.empty() : tensor<4x16xf32>
  %u = tensor.empty() : tensor<4x16xi8>
  %y = cnn.kernel ins(%x : tensor<4x9x16xf32>) outs(%t : tensor<4x16xf32>) maps [affine_map<(c, p, i) -> (c, p, i)>, affine_map<(c, p, i) -> (c, i)>]
      extents [4, 9, 16] reductions [false, true, false] starts [0xFF800000 : f32] reduce {
  ^bb0(%a: f32, %best: f32):
    %0 = arith.maximumf %best, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%best: f32):
    cnn.yield %best : f32
  } -> tensor<4x16xf32>
  %z = cnn.kernel ins(%x, %numbers : tensor<4x9x16xf32>, tensor<9xi8>) outs(%u : tensor<4x16xi8>) maps [affine_map<(c, p, i) -> (c, p, i)>, affine_map<(c, p, i) -> (p)>, affine_map<(c, p, i) -> (c, i)>]
      extents [4, 9, 16] reductions [false, true, false] starts [0xFF800000 : f32, -1 : i8] reduce {
  ^bb0(%a: f32, %number: i8, %best: f32, %place: i8):
    %0 = arith.cmpf ogt, %a, %best : f32
    %1 = arith.maximumf %best, %a : f32
    %2 = arith.select %0, %number, %place : i8
    cnn.yield %1, %2 : f32, i8
  } finish {
  ^bb0(%best: f32, %place: i8):
    cnn.yield %place : i8
  } -> tensor<4x16xi8>
  return %y, %z : tensor<4x16xf32>, tensor<4x16xi8>
}
