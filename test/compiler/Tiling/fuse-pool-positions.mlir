// RUN: cnn-opt --cnn-fuse-pool %s | FileCheck %s

// The number of each tap is a constant where the window is written out.
// CHECK-LABEL: func.func @numbered(
// CHECK: cnn.kernel ins(%{{[0-9a-z]+}}, %{{[0-9a-z]+}} : {{.*}}) outs(%{{[0-9a-z]+}}, %{{[0-9a-z]+}} : tensor<2x4x6x16xf32>, tensor<2x4x6x16xi8>)
// CHECK-SAME: window [7, 8]
// CHECK: } pool {
// CHECK-NEXT: ^bb0(%[[P0:.*]]: f32, %[[P1:.*]]: f32, %[[P2:.*]]: f32, %[[P3:.*]]: f32):
// CHECK: arith.cmpf ogt, %[[P3]], %[[BEST:.*]] : f32
// CHECK: arith.maximumf %[[BEST]], %[[P3]]
// CHECK: arith.select %{{.*}}, %c3_i8, %{{.*}} : i8
// CHECK: cnn.yield %{{.*}}, %{{.*}} : f32, i8
func.func @numbered(%x: tensor<2x10x14x16xf32>, %w: tensor<3x3x16x16xf32>) -> (tensor<2x4x6x16xf32>, tensor<2x4x6x16xi8>) {
  %zero = arith.constant 0.0 : f32
  %numbers = arith.constant dense<[[0, 1], [2, 3]]> : tensor<2x2xi8>
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
  } -> tensor<2x8x12x16xf32>
  %s = tensor.empty() : tensor<2x4x6x16xf32>
  %i = tensor.empty() : tensor<2x4x6x16xi8>
  %z:2 = cnn.kernel ins(%y, %numbers : tensor<2x8x12x16xf32>, tensor<2x2xi8>) outs(%s, %i : tensor<2x4x6x16xf32>, tensor<2x4x6x16xi8>)
      maps [affine_map<(n, p, q, k, l, o) -> (n, 2 * p + k, 2 * q + l, o)>, affine_map<(n, p, q, k, l, o) -> (k, l)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>]
      extents [2, 4, 6, 2, 2, 16] reductions [false, false, false, true, true, false] starts [0xFF800000 : f32, -1 : i8] reduce {
  ^bb0(%a: f32, %number: i8, %best: f32, %place: i8):
    %0 = arith.cmpf ogt, %a, %best : f32
    %1 = arith.maximumf %best, %a : f32
    %2 = arith.select %0, %number, %place : i8
    cnn.yield %1, %2 : f32, i8
  } finish {
  ^bb0(%best: f32, %place: i8):
    cnn.yield %best, %place : f32, i8
  } -> tensor<2x4x6x16xf32>, tensor<2x4x6x16xi8>
  return %z#0, %z#1 : tensor<2x4x6x16xf32>, tensor<2x4x6x16xi8>
}

// Numbers in another order than the taps stay data.
// CHECK-LABEL: func.func @other_order(
// CHECK-NOT: window
// CHECK: return
func.func @other_order(%x: tensor<2x10x14x16xf32>, %w: tensor<3x3x16x16xf32>) -> (tensor<2x4x6x16xf32>, tensor<2x4x6x16xi8>) {
  %zero = arith.constant 0.0 : f32
  %numbers = arith.constant dense<[[0, 1], [2, 3]]> : tensor<2x2xi8>
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
  } -> tensor<2x8x12x16xf32>
  %s = tensor.empty() : tensor<2x4x6x16xf32>
  %i = tensor.empty() : tensor<2x4x6x16xi8>
  %z:2 = cnn.kernel ins(%y, %numbers : tensor<2x8x12x16xf32>, tensor<2x2xi8>) outs(%s, %i : tensor<2x4x6x16xf32>, tensor<2x4x6x16xi8>)
      maps [affine_map<(n, p, q, k, l, o) -> (n, 2 * p + k, 2 * q + l, o)>, affine_map<(n, p, q, k, l, o) -> (l, k)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>, affine_map<(n, p, q, k, l, o) -> (n, p, q, o)>]
      extents [2, 4, 6, 2, 2, 16] reductions [false, false, false, true, true, false] starts [0xFF800000 : f32, -1 : i8] reduce {
  ^bb0(%a: f32, %number: i8, %best: f32, %place: i8):
    %0 = arith.cmpf ogt, %a, %best : f32
    %1 = arith.maximumf %best, %a : f32
    %2 = arith.select %0, %number, %place : i8
    cnn.yield %1, %2 : f32, i8
  } finish {
  ^bb0(%best: f32, %place: i8):
    cnn.yield %best, %place : f32, i8
  } -> tensor<2x4x6x16xf32>, tensor<2x4x6x16xi8>
  return %z#0, %z#1 : tensor<2x4x6x16xf32>, tensor<2x4x6x16xi8>
}
