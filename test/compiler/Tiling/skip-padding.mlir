// RUN: cnn-opt --cnn-skip-padding --split-input-file %s | FileCheck %s

// Rows of a map with a zero on each side: the first tap of the first row and the last of the last one
// read padding.
// CHECK: #[[DOMAIN:.*]] = affine_set<(d0, d1, d2) : (d1 + d2 - 1 >= 0, -(d1 + d2) + 14 >= 0)>
// CHECK-LABEL: func.func @convolution(
// CHECK: cnn.kernel {{.*}} starts [0.000000e+00 : f32] domain #[[DOMAIN]] reduce
#x = affine_map<(i, p, k) -> (i, p + k)>
#w = affine_map<(i, p, k) -> (k)>
#y = affine_map<(i, p, k) -> (i, p)>
func.func @convolution(%y: tensor<8x14xf32>, %e: tensor<8x16xf32>, %w: tensor<3xf32>, %t: tensor<8x14xf32>) -> tensor<8x14xf32> {
  %b = cnn.fill_border %e low [0, 1] high [0, 1] value 0.0 : f32 : tensor<8x16xf32>
  %x = tensor.insert_slice %y into %b[0, 1] [8, 14] [1, 1] : tensor<8x14xf32> into tensor<8x16xf32>
  %z = cnn.kernel ins(%x, %w : tensor<8x16xf32>, tensor<3xf32>) outs(%t : tensor<8x14xf32>) maps [#x, #w, #y]
      extents [8, 14, 3] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %c: f32, %sum: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x14xf32>
  return %z : tensor<8x14xf32>
}

// -----

// Of two maps joined in one padded tensor, and of a window with a stride that never reaches the zero behind.
// CHECK: #[[DOMAIN:.*]] = affine_set<(d0, d1, d2) : (d1 * 2 + d2 - 1 >= 0)>
// CHECK-LABEL: func.func @joined(
// CHECK: domain #[[DOMAIN]] reduce
#x = affine_map<(i, p, k) -> (i, 2 * p + k)>
#w = affine_map<(i, p, k) -> (k)>
#y = affine_map<(i, p, k) -> (i, p)>
func.func @joined(%u: tensor<4x14xf32>, %v: tensor<4x14xf32>, %e: tensor<8x16xf32>, %w: tensor<3xf32>, %t: tensor<8x7xf32>) -> tensor<8x7xf32> {
  %b = cnn.fill_border %e low [0, 1] high [0, 1] value 0.0 : f32 : tensor<8x16xf32>
  %h = tensor.insert_slice %u into %b[0, 1] [4, 14] [1, 1] : tensor<4x14xf32> into tensor<8x16xf32>
  %x = tensor.insert_slice %v into %h[4, 1] [4, 14] [1, 1] : tensor<4x14xf32> into tensor<8x16xf32>
  %z = cnn.kernel ins(%x, %w : tensor<8x16xf32>, tensor<3xf32>) outs(%t : tensor<8x7xf32>) maps [#x, #w, #y]
      extents [8, 7, 3] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %c: f32, %sum: f32):
    %0 = arith.mulf %c, %a : f32
    %1 = arith.addf %0, %sum : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x7xf32>
  return %z : tensor<8x7xf32>
}

// -----

// A maximum is not a sum: what is read counts, zero or not.
// CHECK-LABEL: func.func @maximum(
// CHECK-NOT: domain
#x = affine_map<(i, p, k) -> (i, p + k)>
#y = affine_map<(i, p, k) -> (i, p)>
func.func @maximum(%y: tensor<8x14xf32>, %e: tensor<8x16xf32>, %t: tensor<8x14xf32>) -> tensor<8x14xf32> {
  %b = cnn.fill_border %e low [0, 1] high [0, 1] value 0.0 : f32 : tensor<8x16xf32>
  %x = tensor.insert_slice %y into %b[0, 1] [8, 14] [1, 1] : tensor<8x14xf32> into tensor<8x16xf32>
  %z = cnn.kernel ins(%x : tensor<8x16xf32>) outs(%t : tensor<8x14xf32>) maps [#x, #y]
      extents [8, 14, 3] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %most: f32):
    %0 = arith.maximumf %a, %most : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%most: f32):
    cnn.yield %most : f32
  } -> tensor<8x14xf32>
  return %z : tensor<8x14xf32>
}

// -----

// A border of ones counts; and what is written over a border of zeros is none.
// CHECK-LABEL: func.func @other_borders(
// CHECK-NOT: domain
#x = affine_map<(i, p, k) -> (i, p + k)>
#w = affine_map<(i, p, k) -> (k)>
#y = affine_map<(i, p, k) -> (i, p)>
func.func @other_borders(%y: tensor<8x14xf32>, %wide: tensor<8x15xf32>, %e: tensor<8x16xf32>, %w: tensor<3xf32>, %t: tensor<8x14xf32>) -> (tensor<8x14xf32>, tensor<8x14xf32>) {
  %ones = cnn.fill_border %e low [0, 1] high [0, 1] value 1.0 : f32 : tensor<8x16xf32>
  %x1 = tensor.insert_slice %y into %ones[0, 1] [8, 14] [1, 1] : tensor<8x14xf32> into tensor<8x16xf32>
  %zeros = cnn.fill_border %e low [0, 1] high [0, 1] value 0.0 : f32 : tensor<8x16xf32>
  %x2 = tensor.insert_slice %wide into %zeros[0, 0] [8, 15] [1, 1] : tensor<8x15xf32> into tensor<8x16xf32>
  %z1 = cnn.kernel ins(%x1, %w : tensor<8x16xf32>, tensor<3xf32>) outs(%t : tensor<8x14xf32>) maps [#x, #w, #y]
      extents [8, 14, 3] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %c: f32, %sum: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x14xf32>
  %z2 = cnn.kernel ins(%x2, %w : tensor<8x16xf32>, tensor<3xf32>) outs(%t : tensor<8x14xf32>) maps [#x, #w, #y]
      extents [8, 14, 3] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %c: f32, %sum: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x14xf32>
  return %z1, %z2 : tensor<8x14xf32>, tensor<8x14xf32>
}

// -----

// A summand beside the product, and a sum of two that add to one accumulator: not only products of the map.
// CHECK-LABEL: func.func @no_product(
// CHECK-NOT: domain
#x = affine_map<(i, p, k) -> (i, p + k)>
#w = affine_map<(i, p, k) -> (k)>
#y = affine_map<(i, p, k) -> (i, p)>
func.func @no_product(%y: tensor<8x14xf32>, %e: tensor<8x16xf32>, %w: tensor<3xf32>, %t: tensor<8x14xf32>) -> tensor<8x14xf32> {
  %b = cnn.fill_border %e low [0, 1] high [0, 1] value 0.0 : f32 : tensor<8x16xf32>
  %x = tensor.insert_slice %y into %b[0, 1] [8, 14] [1, 1] : tensor<8x14xf32> into tensor<8x16xf32>
  %z = cnn.kernel ins(%x, %w : tensor<8x16xf32>, tensor<3xf32>) outs(%t : tensor<8x14xf32>) maps [#x, #w, #y]
      extents [8, 14, 3] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %c: f32, %sum: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %0, %c : f32
    %2 = arith.addf %sum, %1 : f32
    cnn.yield %2 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x14xf32>
  return %z : tensor<8x14xf32>
}
