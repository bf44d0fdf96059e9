// RUN: cnn-opt %s --canonicalize | FileCheck %s
//
// What an op folds to, and what looks like it and must stay.

// CHECK-LABEL: func.func @transpose_filter_twice(
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor<8x3x5x5xf32>
// CHECK-NEXT: return %[[W]]
func.func @transpose_filter_twice(%w: tensor<8x3x5x5xf32>) -> tensor<8x3x5x5xf32> {
  %t = cnn.transpose_filter %w groups 2 : tensor<8x3x5x5xf32>
  %y = cnn.transpose_filter %t groups 2 : tensor<6x4x5x5xf32>
  return %y : tensor<8x3x5x5xf32>
}

// Other groups put the channels elsewhere.
// CHECK-LABEL: func.func @transpose_filter_other_groups(
// CHECK: cnn.transpose_filter
// CHECK: cnn.transpose_filter
func.func @transpose_filter_other_groups(%w: tensor<4x4x3x3xf32>) -> tensor<8x2x3x3xf32> {
  %t = cnn.transpose_filter %w : tensor<4x4x3x3xf32>
  %y = cnn.transpose_filter %t groups 2 : tensor<4x4x3x3xf32>
  return %y : tensor<8x2x3x3xf32>
}

// CHECK-LABEL: func.func @mul_by_one(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x3xf32>
// CHECK-NEXT: return %[[X]], %[[X]]
func.func @mul_by_one(%x: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %one = arith.constant dense<1.0> : tensor<2x3xf32>
  %a = cnn.mul %x, %one : tensor<2x3xf32>
  %b = cnn.mul %one, %x : tensor<2x3xf32>
  return %a, %b : tensor<2x3xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: func.func @mul_by_broadcast_one(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x3xf32>
// CHECK-NEXT: return %[[X]]
func.func @mul_by_broadcast_one(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %one = arith.constant dense<1.0> : tensor<f32>
  %ones = cnn.broadcast %one dims [] to [2, 3] : tensor<f32>
  %a = cnn.mul %x, %ones : tensor<2x3xf32>
  return %a : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @mul_by_others(
// CHECK-COUNT-3: cnn.mul
func.func @mul_by_others(%x: tensor<2x3xf32>, %s: tensor<f32>) -> tensor<2x3xf32> {
  %two = arith.constant dense<2.0> : tensor<2x3xf32>
  %some = arith.constant dense<[[1.0, 1.0, 1.0], [1.0, 1.0, 2.0]]> : tensor<2x3xf32>
  %unknown = cnn.broadcast %s dims [] to [2, 3] : tensor<f32>
  %a = cnn.mul %x, %two : tensor<2x3xf32>
  %b = cnn.mul %a, %some : tensor<2x3xf32>
  %c = cnn.mul %b, %unknown : tensor<2x3xf32>
  return %c : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @scale_by_one(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x3xf32>
// CHECK-NEXT: return %[[X]]
func.func @scale_by_one(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = cnn.scale %x factor 1.0 : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @scale_by_others(
// CHECK-COUNT-3: cnn.scale
func.func @scale_by_others(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %a = cnn.scale %x factor 1.0 offset 1.0 : tensor<2x3xf32>
  %b = cnn.scale %a factor -1.0 : tensor<2x3xf32>
  %c = cnn.scale %b factor 1.0000000001 : tensor<2x3xf32>
  return %c : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reshape_twice(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x12xf32>
// CHECK-NEXT: %[[Y:.*]] = cnn.reshape %[[X]] to [24]
// CHECK-NEXT: return %[[Y]], %[[X]]
func.func @reshape_twice(%x: tensor<2x12xf32>) -> (tensor<24xf32>, tensor<2x12xf32>) {
  %a = cnn.reshape %x to [4, 6] : tensor<2x12xf32>
  %b = cnn.reshape %a to [24] : tensor<4x6xf32>
  %c = cnn.reshape %b to [2, 12] : tensor<24xf32>
  return %b, %c : tensor<24xf32>, tensor<2x12xf32>
}

// An op between two reshapes keeps both.
// CHECK-LABEL: func.func @reshape_around_relu(
// CHECK: cnn.reshape
// CHECK: cnn.relu
// CHECK: cnn.reshape
func.func @reshape_around_relu(%x: tensor<2x12xf32>) -> tensor<2x12xf32> {
  %a = cnn.reshape %x to [24] : tensor<2x12xf32>
  %b = cnn.relu %a : tensor<24xf32>
  %c = cnn.reshape %b to [2, 12] : tensor<24xf32>
  return %c : tensor<2x12xf32>
}

// CHECK-LABEL: func.func @transpose_back(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x3x4xf32>
// CHECK-NEXT: return %[[X]], %[[X]]
func.func @transpose_back(%x: tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xf32>) {
  %a = cnn.transpose %x permutation [1, 2, 0] : tensor<2x3x4xf32>
  %b = cnn.transpose %a permutation [2, 0, 1] : tensor<3x4x2xf32>
  %c = cnn.transpose %x permutation [0, 1, 2] : tensor<2x3x4xf32>
  return %b, %c : tensor<2x3x4xf32>, tensor<2x3x4xf32>
}

// Of a cube the same rotation twice has the same type and is not the identity.
// CHECK-LABEL: func.func @transpose_on(
// CHECK-COUNT-2: cnn.transpose
func.func @transpose_on(%x: tensor<3x3x3xf32>) -> tensor<3x3x3xf32> {
  %a = cnn.transpose %x permutation [1, 2, 0] : tensor<3x3x3xf32>
  %b = cnn.transpose %a permutation [1, 2, 0] : tensor<3x3x3xf32>
  return %b : tensor<3x3x3xf32>
}
