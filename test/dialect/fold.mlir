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

// CHECK-LABEL: func.func @pad_by_nothing(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[X]]
func.func @pad_by_nothing(%x: tensor<2x3x4x4xf32>) -> tensor<2x3x4x4xf32> {
  %y = cnn.pad %x low [0, 0, 0, 0] high [0, 0, 0, 0] : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @pad_of_pad(
// CHECK-NEXT: cnn.pad %{{.*}} low [0, 0, 3, -1] high [0, -1, 1, -2] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return
func.func @pad_of_pad(%x: tensor<2x3x4x4xf32>) -> tensor<2x2x8x1xf32> {
  %a = cnn.pad %x low [0, 0, 1, 1] high [0, 0, 0, -1] : tensor<2x3x4x4xf32>
  %y = cnn.pad %a low [0, 0, 2, -2] high [0, -1, 1, -1] : tensor<2x3x5x4xf32>
  return %y : tensor<2x2x8x1xf32>
}

// What was added is taken away again.
// CHECK-LABEL: func.func @crop_of_pad(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x4xf32>
// CHECK-NEXT: return %[[X]]
func.func @crop_of_pad(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %a = cnn.pad %x low [0, 2] high [0, 1] : tensor<2x4xf32>
  %y = cnn.pad %a low [0, -2] high [0, -1] : tensor<2x7xf32>
  return %y : tensor<2x4xf32>
}

// What was taken away comes back as zeros, at either end.
// CHECK-LABEL: func.func @pad_of_crop(
// CHECK-COUNT-4: cnn.pad
func.func @pad_of_crop(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %a = cnn.pad %x low [0, -2] high [0, 0] : tensor<2x4xf32>
  %b = cnn.pad %a low [0, 2] high [0, 0] : tensor<2x2xf32>
  %c = cnn.pad %x low [0, 0] high [0, -2] : tensor<2x4xf32>
  %d = cnn.pad %c low [0, 0] high [0, 2] : tensor<2x2xf32>
  return %b, %d : tensor<2x4xf32>, tensor<2x4xf32>
}

// Only zeros of the first are left: no single pad says that.
// CHECK-LABEL: func.func @crop_to_padding(
// CHECK-COUNT-2: cnn.pad
func.func @crop_to_padding(%x: tensor<2x4xf32>) -> tensor<2x3xf32> {
  %a = cnn.pad %x low [0, 0] high [0, 8] : tensor<2x4xf32>
  %y = cnn.pad %a low [0, -9] high [0, 0] : tensor<2x12xf32>
  return %y : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @concat_of_one(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x4xf32>
// CHECK-NEXT: return %[[X]]
func.func @concat_of_one(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %y = cnn.concat %x : tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @concat_of_concat(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x4xf32>, %[[Z:[a-z0-9]+]]: tensor<2x1xf32>
// CHECK-NEXT: cnn.concat %[[Z]], %[[X]], %[[Z]], %[[X]] : tensor<2x1xf32>, tensor<2x4xf32>, tensor<2x1xf32>, tensor<2x4xf32>
// CHECK-NEXT: return
func.func @concat_of_concat(%x: tensor<2x4xf32>, %z: tensor<2x1xf32>) -> tensor<2x10xf32> {
  %a = cnn.concat %x, %z : tensor<2x4xf32>, tensor<2x1xf32>
  %y = cnn.concat %z, %a, %x : tensor<2x1xf32>, tensor<2x5xf32>, tensor<2x4xf32>
  return %y : tensor<2x10xf32>
}

// CHECK-LABEL: func.func @slice_of_concat(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x4xf32>, %[[Z:[a-z0-9]+]]: tensor<2x1xf32>
// CHECK-NEXT: return %[[X]], %[[Z]]
func.func @slice_of_concat(%x: tensor<2x4xf32>, %z: tensor<2x1xf32>) -> (tensor<2x4xf32>, tensor<2x1xf32>) {
  %a = cnn.concat %x, %z, %x : tensor<2x4xf32>, tensor<2x1xf32>, tensor<2x4xf32>
  %b = cnn.pad %a low [0, -5] high [0, 0] : tensor<2x9xf32>
  %c = cnn.pad %a low [0, -4] high [0, -4] : tensor<2x9xf32>
  return %b, %c : tensor<2x4xf32>, tensor<2x1xf32>
}

// Parts of two inputs, and a slice of another dimension.
// CHECK-LABEL: func.func @slice_across_concat(
// CHECK: cnn.concat
// CHECK: cnn.pad
// CHECK: cnn.pad
func.func @slice_across_concat(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<1x4xf32>) {
  %a = cnn.concat %x, %x : tensor<2x4xf32>, tensor<2x4xf32>
  %b = cnn.pad %a low [0, -2] high [0, -2] : tensor<2x8xf32>
  %c = cnn.pad %a low [-1, -4] high [0, 0] : tensor<2x8xf32>
  return %b, %c : tensor<2x4xf32>, tensor<1x4xf32>
}

// CHECK-LABEL: func.func @same_resolution(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x3x4x5xf32>
// CHECK-NEXT: return %[[X]], %[[X]], %[[X]], %[[X]]
func.func @same_resolution(%x: tensor<2x3x4x5xf32>) -> (tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>) {
  %a = cnn.upsample %x factor 1 bilinear : tensor<2x3x4x5xf32>
  %b = cnn.upsample_adjoint %x factor 1 : tensor<2x3x4x5xf32>
  %c = cnn.adaptive_avg_pool %x size [4, 5] : tensor<2x3x4x5xf32>
  %d = cnn.adaptive_spread %x size [4, 5] : tensor<2x3x4x5xf32>
  return %a, %b, %c, %d : tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>
}

// CHECK-LABEL: func.func @other_resolution(
// CHECK: cnn.upsample
// CHECK: cnn.upsample_adjoint
// CHECK: cnn.adaptive_avg_pool
// CHECK: cnn.adaptive_spread
func.func @other_resolution(%x: tensor<2x3x4x6xf32>) -> (tensor<2x3x8x12xf32>, tensor<2x3x2x3xf32>, tensor<2x3x4x5xf32>, tensor<2x3x4x7xf32>) {
  %a = cnn.upsample %x factor 2 : tensor<2x3x4x6xf32>
  %b = cnn.upsample_adjoint %x factor 2 : tensor<2x3x4x6xf32>
  %c = cnn.adaptive_avg_pool %x size [4, 5] : tensor<2x3x4x6xf32>
  %d = cnn.adaptive_spread %x size [4, 7] : tensor<2x3x4x6xf32>
  return %a, %b, %c, %d : tensor<2x3x8x12xf32>, tensor<2x3x2x3xf32>, tensor<2x3x4x5xf32>, tensor<2x3x4x7xf32>
}

// Depth to space and back: what the layers are made of cancels out.
// CHECK-LABEL: func.func @space_to_depth_of_depth_to_space(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x12x4x5xf32>
// CHECK-NEXT: return %[[X]]
func.func @space_to_depth_of_depth_to_space(%x: tensor<2x12x4x5xf32>) -> tensor<2x12x4x5xf32> {
  %0 = cnn.reshape %x to [2, 3, 2, 2, 4, 5] : tensor<2x12x4x5xf32>
  %1 = cnn.transpose %0 permutation [0, 1, 4, 2, 5, 3] : tensor<2x3x2x2x4x5xf32>
  %2 = cnn.reshape %1 to [2, 3, 8, 10] : tensor<2x3x4x2x5x2xf32>
  %3 = cnn.reshape %2 to [2, 3, 4, 2, 5, 2] : tensor<2x3x8x10xf32>
  %4 = cnn.transpose %3 permutation [0, 1, 3, 5, 2, 4] : tensor<2x3x4x2x5x2xf32>
  %5 = cnn.reshape %4 to [2, 12, 4, 5] : tensor<2x3x2x2x4x5xf32>
  return %5 : tensor<2x12x4x5xf32>
}
