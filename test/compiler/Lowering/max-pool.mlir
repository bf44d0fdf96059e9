// RUN: cnn-opt --cnn-to-linalg --split-input-file %s | FileCheck %s

// The taps' numbers are data; strictly greater wins.
// CHECK-LABEL: func.func @argmax(
// CHECK: %[[TAPS:.*]] = arith.constant dense<{{\[\[}}0, 1, 2], [3, 4, 5]]> : tensor<2x3xi8>
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[TAPS]] :
// CHECK: arith.cmpf ogt
// CHECK-NEXT: arith.maximumf
// CHECK-NEXT: arith.select
func.func @argmax(%x: tensor<1x2x4x6xf32>) -> tensor<1x2x3x4xi8> {
  %i = cnn.pool_argmax %x kernel [2, 3] : tensor<1x2x4x6xf32>
  return %i : tensor<1x2x3x4xi8>
}

// -----

// Windows side by side write each position once: nothing is filled or added to. What lies behind
// the last window is padding.
// CHECK-LABEL: func.func @side_by_side(
// CHECK-NOT: linalg.fill
// CHECK: linalg.generic
// CHECK-NOT: arith.addf
// CHECK: linalg.yield {{.*}} : f32
// CHECK-NEXT: -> tensor<1x2x4x6xf32>
// CHECK: tensor.pad %{{.*}} low[0, 0, 0, 0] high[0, 0, 1, 1]
func.func @side_by_side(%dy: tensor<1x2x2x3xf32>, %i: tensor<1x2x2x3xi8>) -> tensor<1x2x5x7xf32> {
  %dx = cnn.unpool %dy, %i size [5, 7] kernel [2, 2] stride [2, 2] : tensor<1x2x2x3xf32>, tensor<1x2x2x3xi8>
  return %dx : tensor<1x2x5x7xf32>
}

// -----

// Padding is cropped: none of its positions wins.
// CHECK-LABEL: func.func @padded(
// CHECK-NOT: arith.addf
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 1, 1] [1, 2, 4, 4] [1, 1, 1, 1]
func.func @padded(%dy: tensor<1x2x3x3xf32>, %i: tensor<1x2x3x3xi8>) -> tensor<1x2x4x4xf32> {
  %dx = cnn.unpool %dy, %i size [4, 4] kernel [2, 2] stride [2, 2] pad [1, 1, 1, 1] : tensor<1x2x3x3xf32>, tensor<1x2x3x3xi8>
  return %dx : tensor<1x2x4x4xf32>
}

// -----

// Where windows overlap each position gathers from those over it, here at most two by two: by its
// phase a table says which tap of each it is. The last position of an odd map has one phase only.
// CHECK-LABEL: func.func @overlap(
// CHECK: tensor.pad %{{.*}} low[0, 0, 1, 1] high[0, 0, 1, 1]
// CHECK: tensor.pad %{{.*}} low[0, 0, 1, 1] high[0, 0, 1, 1]
// CHECK: arith.constant dense<{{\[\[\[\[}}8, 6], [2, 0]], {{\[\[}}-2, 7], [-2, 1]]], {{\[\[\[}}-2, -2], [5, 3]], {{\[\[}}-2, -2], [-2, 4]]]]> : tensor<2x2x2x2xi8>
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]
// CHECK: -> tensor<1x2x3x2x3x2xf32>
// CHECK: tensor.collapse_shape {{.*}} into tensor<1x2x6x6xf32>
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 0, 0] [1, 2, 5, 5]
func.func @overlap(%dy: tensor<1x2x2x2xf32>, %i: tensor<1x2x2x2xi8>) -> tensor<1x2x5x5xf32> {
  %dx = cnn.unpool %dy, %i size [5, 5] kernel [3, 3] stride [2, 2] : tensor<1x2x2x2xf32>, tensor<1x2x2x2xi8>
  return %dx : tensor<1x2x5x5xf32>
}

// -----

// In gaps there is no tap; dilated windows have their taps in one phase.
// CHECK-LABEL: func.func @gaps(
// CHECK: arith.constant dense<{{\[\[\[\[}}0]], {{\[\[}}1]], {{\[\[}}-2]]], {{\[\[\[}}2]], {{\[\[}}3]], {{\[\[}}-2]]], {{\[\[\[}}-2]], {{\[\[}}-2]], {{\[\[}}-2]]]]> : tensor<3x3x1x1xi8>
func.func @gaps(%dy: tensor<1x2x2x2xf32>, %i: tensor<1x2x2x2xi8>) -> tensor<1x2x5x5xf32> {
  %dx = cnn.unpool %dy, %i size [5, 5] kernel [2, 2] stride [3, 3] : tensor<1x2x2x2xf32>, tensor<1x2x2x2xi8>
  return %dx : tensor<1x2x5x5xf32>
}

// CHECK-LABEL: func.func @dilated(
// CHECK: arith.constant dense<{{\[\[\[\[}}3, 2], [1, 0]], {{\[\[}}-2, -2], [-2, -2]]], {{\[\[\[}}-2, -2], [-2, -2]], {{\[\[}}-2, -2], [-2, -2]]]]> : tensor<2x2x2x2xi8>
func.func @dilated(%dy: tensor<1x2x2x2xf32>, %i: tensor<1x2x2x2xi8>) -> tensor<1x2x5x5xf32> {
  %dx = cnn.unpool %dy, %i size [5, 5] kernel [2, 2] stride [2, 2] dilation [2, 2] : tensor<1x2x2x2xf32>, tensor<1x2x2x2xi8>
  return %dx : tensor<1x2x5x5xf32>
}
