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

// Windows that overlap, or leave gaps, add to zeros.
// CHECK-LABEL: func.func @overlap(
// CHECK: linalg.fill
// CHECK: arith.addf
func.func @overlap(%dy: tensor<1x2x2x2xf32>, %i: tensor<1x2x2x2xi8>) -> tensor<1x2x5x5xf32> {
  %dx = cnn.unpool %dy, %i size [5, 5] kernel [3, 3] stride [2, 2] : tensor<1x2x2x2xf32>, tensor<1x2x2x2xi8>
  return %dx : tensor<1x2x5x5xf32>
}

// CHECK-LABEL: func.func @gaps(
// CHECK: linalg.fill
// CHECK: arith.addf
func.func @gaps(%dy: tensor<1x2x2x2xf32>, %i: tensor<1x2x2x2xi8>) -> tensor<1x2x5x5xf32> {
  %dx = cnn.unpool %dy, %i size [5, 5] kernel [2, 2] stride [3, 3] : tensor<1x2x2x2xf32>, tensor<1x2x2x2xi8>
  return %dx : tensor<1x2x5x5xf32>
}
