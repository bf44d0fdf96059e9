// RUN: cnn-opt %s --cnn-phase-autodiff | FileCheck %s
//
// The derivative rules of convolutions and pools, each alone:
// the gradient of the sum of y * dy, so that dy is the gradient towards the op's result.

// Towards the input: the output's gradient under the transposed filter.
// CHECK-LABEL: func.func @conv2d_input(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.transpose_filter %[[W]] : tensor<6x4x3x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.conv2d %[[DY]], %[[V0]] pad [2, 2, 2, 2] : tensor<2x6x6x6xf32>, tensor<4x6x3x3xf32>
// CHECK-NEXT: return %[[V1]]
func.func @conv2d_input(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>, %dy: tensor<2x6x6x6xf32>) -> (tensor<2x4x8x8xf32>) {
  %y = cnn.conv2d %x, %w : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x6x6x6xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x6x6x6xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x4x8x8xf32>
  return %g0 : tensor<2x4x8x8xf32>
}

// The stride becomes an input dilation; what the stride dropped is padding again.
// CHECK-LABEL: func.func @conv2d_input_strided(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.transpose_filter %[[W]] : tensor<6x4x3x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.conv2d %[[DY]], %[[V0]] pad [2, 3, 2, 4] input_dilation [2, 3] : tensor<2x6x3x2xf32>, tensor<4x6x3x3xf32>
// CHECK-NEXT: return %[[V1]]
func.func @conv2d_input_strided(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>, %dy: tensor<2x6x3x2xf32>) -> (tensor<2x4x8x8xf32>) {
  %y = cnn.conv2d %x, %w stride [2, 3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x6x3x2xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x6x3x2xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x4x8x8xf32>
  return %g0 : tensor<2x4x8x8xf32>
}

// Asymmetric padding: window - 1 - pad at each end.
// CHECK-LABEL: func.func @conv2d_input_padded(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.transpose_filter %[[W]] : tensor<6x4x3x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.conv2d %[[DY]], %[[V0]] pad [1, 2, 0, -1] : tensor<2x6x7x11xf32>, tensor<4x6x3x3xf32>
// CHECK-NEXT: return %[[V1]]
func.func @conv2d_input_padded(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>, %dy: tensor<2x6x7x11xf32>) -> (tensor<2x4x8x8xf32>) {
  %y = cnn.conv2d %x, %w pad [1, 0, 2, 3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x6x7x11xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x6x7x11xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x4x8x8xf32>
  return %g0 : tensor<2x4x8x8xf32>
}

// CHECK-LABEL: func.func @conv2d_input_dilated(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.transpose_filter %[[W]] : tensor<6x4x3x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.conv2d %[[DY]], %[[V0]] pad [4, 4, 6, 6] dilation [2, 3] : tensor<2x6x4x2xf32>, tensor<4x6x3x3xf32>
// CHECK-NEXT: return %[[V1]]
func.func @conv2d_input_dilated(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>, %dy: tensor<2x6x4x2xf32>) -> (tensor<2x4x8x8xf32>) {
  %y = cnn.conv2d %x, %w dilation [2, 3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x6x4x2xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x6x4x2xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x4x8x8xf32>
  return %g0 : tensor<2x4x8x8xf32>
}

// CHECK-LABEL: func.func @conv2d_input_groups(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.transpose_filter %[[W]] groups 2 : tensor<6x2x3x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.conv2d %[[DY]], %[[V0]] pad [2, 2, 2, 2] groups 2 : tensor<2x6x6x6xf32>, tensor<4x3x3x3xf32>
// CHECK-NEXT: return %[[V1]]
func.func @conv2d_input_groups(%x: tensor<2x4x8x8xf32>, %w: tensor<6x2x3x3xf32>, %dy: tensor<2x6x6x6xf32>) -> (tensor<2x4x8x8xf32>) {
  %y = cnn.conv2d %x, %w groups 2 : tensor<2x4x8x8xf32>, tensor<6x2x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x6x6x6xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x6x6x6xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x4x8x8xf32>
  return %g0 : tensor<2x4x8x8xf32>
}

// The input dilation becomes a stride.
// CHECK-LABEL: func.func @conv2d_input_transposed(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.transpose_filter %[[W]] : tensor<6x4x3x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.conv2d %[[DY]], %[[V0]] stride [2, 3] pad [2, 2, 2, 2] : tensor<2x6x13x20xf32>, tensor<4x6x3x3xf32>
// CHECK-NEXT: return %[[V1]]
func.func @conv2d_input_transposed(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>, %dy: tensor<2x6x13x20xf32>) -> (tensor<2x4x8x8xf32>) {
  %y = cnn.conv2d %x, %w input_dilation [2, 3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x6x13x20xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x6x13x20xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x4x8x8xf32>
  return %g0 : tensor<2x4x8x8xf32>
}

// The groups come out as channels and go back to the batch.
// CHECK-LABEL: func.func @conv2d_input_batch_groups(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.transpose_filter %[[W]] groups 2 : tensor<6x4x3x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.conv2d %[[DY]], %[[V0]] pad [2, 2, 2, 2] groups 2 : tensor<1x6x6x6xf32>, tensor<8x3x3x3xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.reshape %[[V1]] to [1, 2, 4, 8, 8] : tensor<1x8x8x8xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.transpose %[[V2]] permutation [1, 0, 2, 3, 4] : tensor<1x2x4x8x8xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.reshape %[[V3]] to [2, 4, 8, 8] : tensor<2x1x4x8x8xf32>
// CHECK-NEXT: return %[[V4]]
func.func @conv2d_input_batch_groups(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>, %dy: tensor<1x6x6x6xf32>) -> (tensor<2x4x8x8xf32>) {
  %y = cnn.conv2d %x, %w batch_groups 2 : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<1x6x6x6xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<1x6x6x6xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x4x8x8xf32>
  return %g0 : tensor<2x4x8x8xf32>
}

// Towards the filter: the input under the output's gradient, batch and channels exchanged.
// CHECK-LABEL: func.func @conv2d_filter(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.transpose %[[X]] permutation [1, 0, 2, 3] : tensor<2x4x8x8xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.transpose %[[DY]] permutation [1, 0, 2, 3] : tensor<2x6x6x6xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.conv2d %[[V0]], %[[V1]] : tensor<4x2x8x8xf32>, tensor<6x2x6x6xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.transpose %[[V2]] permutation [1, 0, 2, 3] : tensor<4x6x3x3xf32>
// CHECK-NEXT: return %[[V3]]
func.func @conv2d_filter(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>, %dy: tensor<2x6x6x6xf32>) -> (tensor<6x4x3x3xf32>) {
  %y = cnn.conv2d %x, %w : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x6x6x6xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x6x6x6xf32>
  %g0 = cnn.gradient %loss of %w : tensor<f32> of tensor<6x4x3x3xf32>
  return %g0 : tensor<6x4x3x3xf32>
}

// Stride and dilation change places; what the stride dropped is cropped.
// CHECK-LABEL: func.func @conv2d_filter_strided(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.transpose %[[X]] permutation [1, 0, 2, 3] : tensor<2x4x8x8xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.transpose %[[DY]] permutation [1, 0, 2, 3] : tensor<2x6x4x3xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.conv2d %[[V0]], %[[V1]] stride [1, 2] pad [1, 0, 2, 1] dilation [2, 3] : tensor<4x2x8x8xf32>, tensor<6x2x4x3xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.transpose %[[V2]] permutation [1, 0, 2, 3] : tensor<4x6x3x3xf32>
// CHECK-NEXT: return %[[V3]]
func.func @conv2d_filter_strided(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>, %dy: tensor<2x6x4x3xf32>) -> (tensor<6x4x3x3xf32>) {
  %y = cnn.conv2d %x, %w stride [2, 3] pad [1, 0, 2, 3] dilation [1, 2] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x6x4x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x6x4x3xf32>
  %g0 = cnn.gradient %loss of %w : tensor<f32> of tensor<6x4x3x3xf32>
  return %g0 : tensor<6x4x3x3xf32>
}

// CHECK-LABEL: func.func @conv2d_filter_groups(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.transpose %[[X]] permutation [1, 0, 2, 3] : tensor<2x4x8x8xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.transpose %[[DY]] permutation [1, 0, 2, 3] : tensor<2x6x6x6xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.conv2d %[[V0]], %[[V1]] batch_groups 2 : tensor<4x2x8x8xf32>, tensor<6x2x6x6xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.transpose %[[V2]] permutation [1, 0, 2, 3] : tensor<2x6x3x3xf32>
// CHECK-NEXT: return %[[V3]]
func.func @conv2d_filter_groups(%x: tensor<2x4x8x8xf32>, %w: tensor<6x2x3x3xf32>, %dy: tensor<2x6x6x6xf32>) -> (tensor<6x2x3x3xf32>) {
  %y = cnn.conv2d %x, %w groups 2 : tensor<2x4x8x8xf32>, tensor<6x2x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x6x6x6xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x6x6x6xf32>
  %g0 = cnn.gradient %loss of %w : tensor<f32> of tensor<6x2x3x3xf32>
  return %g0 : tensor<6x2x3x3xf32>
}

// CHECK-LABEL: func.func @conv2d_filter_batch_groups(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.transpose %[[X]] permutation [1, 0, 2, 3] : tensor<2x4x8x8xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.transpose %[[DY]] permutation [1, 0, 2, 3] : tensor<1x6x6x6xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.conv2d %[[V0]], %[[V1]] groups 2 : tensor<4x2x8x8xf32>, tensor<6x1x6x6xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.transpose %[[V2]] permutation [1, 0, 2, 3] : tensor<4x6x3x3xf32>
// CHECK-NEXT: return %[[V3]]
func.func @conv2d_filter_batch_groups(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>, %dy: tensor<1x6x6x6xf32>) -> (tensor<6x4x3x3xf32>) {
  %y = cnn.conv2d %x, %w batch_groups 2 : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<1x6x6x6xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<1x6x6x6xf32>
  %g0 = cnn.gradient %loss of %w : tensor<f32> of tensor<6x4x3x3xf32>
  return %g0 : tensor<6x4x3x3xf32>
}

// Its own adjoint.
// CHECK-LABEL: func.func @transpose_filter(
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.transpose_filter %[[DY]] groups 2 : tensor<4x3x3x3xf32>
// CHECK-NEXT: return %[[V0]]
func.func @transpose_filter(%w: tensor<6x2x3x3xf32>, %dy: tensor<4x3x3x3xf32>) -> (tensor<6x2x3x3xf32>) {
  %y = cnn.transpose_filter %w groups 2 : tensor<6x2x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<4x3x3x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<4x3x3x3xf32>
  %g0 = cnn.gradient %loss of %w : tensor<f32> of tensor<6x2x3x3xf32>
  return %g0 : tensor<6x2x3x3xf32>
}

// To the position that won.
// CHECK-LABEL: func.func @max_pool(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.pool_argmax %[[X]] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<1x2x7x7xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.unpool %[[DY]], %[[V0]] size [7, 7] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<1x2x3x3xf32>, tensor<1x2x3x3xi8>
// CHECK-NEXT: return %[[V1]]
func.func @max_pool(%x: tensor<1x2x7x7xf32>, %dy: tensor<1x2x3x3xf32>) -> (tensor<1x2x7x7xf32>) {
  %y = cnn.max_pool %x kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<1x2x7x7xf32>
  %p = cnn.mul %y, %dy : tensor<1x2x3x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<1x2x3x3xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<1x2x7x7xf32>
  return %g0 : tensor<1x2x7x7xf32>
}

// Stride and input dilation change places.
// CHECK-LABEL: func.func @sum_pool(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.sum_pool %[[DY]] kernel [3, 2] pad [1, 3, 2, 2] dilation [1, 2] input_dilation [2, 2] : tensor<1x2x3x3xf32>
// CHECK-NEXT: return %[[V0]]
func.func @sum_pool(%x: tensor<1x2x7x7xf32>, %dy: tensor<1x2x3x3xf32>) -> (tensor<1x2x7x7xf32>) {
  %y = cnn.sum_pool %x kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<1x2x7x7xf32>
  %p = cnn.mul %y, %dy : tensor<1x2x3x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<1x2x3x3xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<1x2x7x7xf32>
  return %g0 : tensor<1x2x7x7xf32>
}

// CHECK-LABEL: func.func @avg_pool(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.average_windows %[[DY]] size [7, 7] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] count_pad overhang [0, 1] : tensor<1x2x3x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.sum_pool %[[V0]] kernel [3, 2] pad [1, 3, 2, 2] dilation [1, 2] input_dilation [2, 2] : tensor<1x2x3x3xf32>
// CHECK-NEXT: return %[[V1]]
func.func @avg_pool(%x: tensor<1x2x7x7xf32>, %dy: tensor<1x2x3x3xf32>) -> (tensor<1x2x7x7xf32>) {
  %y = cnn.avg_pool %x kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] count_pad overhang [0, 1] : tensor<1x2x7x7xf32>
  %p = cnn.mul %y, %dy : tensor<1x2x3x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<1x2x3x3xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<1x2x7x7xf32>
  return %g0 : tensor<1x2x7x7xf32>
}

// CHECK-LABEL: func.func @l2_pool(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.l2_pool %[[X]] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<1x2x7x7xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.div %[[DY]], %[[V0]] : tensor<1x2x3x3xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.sum_pool %[[V1]] kernel [3, 2] pad [1, 3, 2, 2] dilation [1, 2] input_dilation [2, 2] : tensor<1x2x3x3xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.mul %[[X]], %[[V2]] : tensor<1x2x7x7xf32>
// CHECK-NEXT: return %[[V3]]
func.func @l2_pool(%x: tensor<1x2x7x7xf32>, %dy: tensor<1x2x3x3xf32>) -> (tensor<1x2x7x7xf32>) {
  %y = cnn.l2_pool %x kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<1x2x7x7xf32>
  %p = cnn.mul %y, %dy : tensor<1x2x3x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<1x2x3x3xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<1x2x7x7xf32>
  return %g0 : tensor<1x2x7x7xf32>
}

// CHECK-LABEL: func.func @unpool(
// CHECK-SAME: %[[V:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.pool_take %[[DY]], %[[I]] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<1x2x7x7xf32>, tensor<1x2x3x3xi8>
// CHECK-NEXT: return %[[V0]]
func.func @unpool(%v: tensor<1x2x3x3xf32>, %i: tensor<1x2x3x3xi8>, %dy: tensor<1x2x7x7xf32>) -> (tensor<1x2x3x3xf32>) {
  %y = cnn.unpool %v, %i size [7, 7] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<1x2x3x3xf32>, tensor<1x2x3x3xi8>
  %p = cnn.mul %y, %dy : tensor<1x2x7x7xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<1x2x7x7xf32>
  %g0 = cnn.gradient %loss of %v : tensor<f32> of tensor<1x2x3x3xf32>
  return %g0 : tensor<1x2x3x3xf32>
}

// CHECK-LABEL: func.func @pool_take(
// CHECK-SAME: %[[V:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.unpool %[[DY]], %[[I]] size [7, 7] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<1x2x3x3xf32>, tensor<1x2x3x3xi8>
// CHECK-NEXT: return %[[V0]]
func.func @pool_take(%v: tensor<1x2x7x7xf32>, %i: tensor<1x2x3x3xi8>, %dy: tensor<1x2x3x3xf32>) -> (tensor<1x2x7x7xf32>) {
  %y = cnn.pool_take %v, %i kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<1x2x7x7xf32>, tensor<1x2x3x3xi8>
  %p = cnn.mul %y, %dy : tensor<1x2x3x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<1x2x3x3xf32>
  %g0 = cnn.gradient %loss of %v : tensor<f32> of tensor<1x2x7x7xf32>
  return %g0 : tensor<1x2x7x7xf32>
}

// Its own adjoint.
// CHECK-LABEL: func.func @average_windows(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.average_windows %[[DY]] size [7, 7] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] count_pad overhang [0, 1] : tensor<1x2x3x3xf32>
// CHECK-NEXT: return %[[V0]]
func.func @average_windows(%x: tensor<1x2x3x3xf32>, %dy: tensor<1x2x3x3xf32>) -> (tensor<1x2x3x3xf32>) {
  %y = cnn.average_windows %x size [7, 7] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] count_pad overhang [0, 1] : tensor<1x2x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<1x2x3x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<1x2x3x3xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<1x2x3x3xf32>
  return %g0 : tensor<1x2x3x3xf32>
}
