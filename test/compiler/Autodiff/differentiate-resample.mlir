// RUN: cnn-opt %s --cnn-phase-autodiff | FileCheck %s
//
// The derivative rules of pads, joins and changes of resolution, each alone: the gradient
// of the sum of y * dy, so that dy is the gradient towards the op's result.

// Both lists are negated.
// CHECK-LABEL: func.func @pad(
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor<2x4x5x3xf32>
// CHECK-NEXT: %[[V0:.*]] = cnn.pad %[[DY]] low [0, 0, -2, 1] high [0, -1, 1, 0] : tensor<2x4x5x3xf32>
// CHECK-NEXT: return %[[V0]]
func.func @pad(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x4x5x3xf32>) -> tensor<2x3x4x4xf32> {
  %y = cnn.pad %x low [0, 0, 2, -1] high [0, 1, -1, 0] : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x4x5x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x4x5x3xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @concat(
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor<2x6x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cnn.pad %[[DY]] low [0, 0, 0] high [0, -3, 0] : tensor<2x6x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.pad %[[DY]] low [0, -3, 0] high [0, -2, 0] : tensor<2x6x4xf32>
// CHECK-NEXT: return %[[V0]], %[[V1]]
func.func @concat(%x: tensor<2x3x4xf32>, %a: tensor<2x1x4xf32>, %b: tensor<2x2x4xf32>, %dy: tensor<2x6x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x1x4xf32>) {
  %y = cnn.concat %x, %a, %b : tensor<2x3x4xf32>, tensor<2x1x4xf32>, tensor<2x2x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x6x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2] : tensor<2x6x4xf32>
  %g0, %g1 = cnn.gradient %loss of %x, %a : tensor<f32> of tensor<2x3x4xf32>, tensor<2x1x4xf32>
  return %g0, %g1 : tensor<2x3x4xf32>, tensor<2x1x4xf32>
}

// CHECK-LABEL: func.func @upsample(
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor<2x3x12x15xf32>
// CHECK-NEXT: %[[V0:.*]] = cnn.sum_pool %[[DY]] kernel [3, 3] stride [3, 3] : tensor<2x3x12x15xf32>
// CHECK-NEXT: return %[[V0]]
func.func @upsample(%x: tensor<2x3x4x5xf32>, %dy: tensor<2x3x12x15xf32>) -> tensor<2x3x4x5xf32> {
  %y = cnn.upsample %x factor 3 : tensor<2x3x4x5xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x12x15xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x12x15xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x5xf32>
  return %g0 : tensor<2x3x4x5xf32>
}

// CHECK-LABEL: func.func @upsample_bilinear(
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor<2x3x8x10xf32>
// CHECK-NEXT: %[[V0:.*]] = cnn.upsample_adjoint %[[DY]] factor 2 : tensor<2x3x8x10xf32>
// CHECK-NEXT: return %[[V0]]
func.func @upsample_bilinear(%x: tensor<2x3x4x5xf32>, %dy: tensor<2x3x8x10xf32>) -> tensor<2x3x4x5xf32> {
  %y = cnn.upsample %x factor 2 bilinear : tensor<2x3x4x5xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x8x10xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x8x10xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x5xf32>
  return %g0 : tensor<2x3x4x5xf32>
}

// CHECK-LABEL: func.func @upsample_adjoint(
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor<2x3x4x5xf32>
// CHECK-NEXT: %[[V0:.*]] = cnn.upsample %[[DY]] factor 2 bilinear : tensor<2x3x4x5xf32>
// CHECK-NEXT: return %[[V0]]
func.func @upsample_adjoint(%x: tensor<2x3x8x10xf32>, %dy: tensor<2x3x4x5xf32>) -> tensor<2x3x8x10xf32> {
  %y = cnn.upsample_adjoint %x factor 2 : tensor<2x3x8x10xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x5xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x5xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x8x10xf32>
  return %g0 : tensor<2x3x8x10xf32>
}

// CHECK-LABEL: func.func @adaptive_avg_pool(
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor<2x3x6x7xf32>
// CHECK-NEXT: %[[V0:.*]] = cnn.adaptive_spread %[[DY]] size [13, 5] : tensor<2x3x6x7xf32>
// CHECK-NEXT: return %[[V0]]
func.func @adaptive_avg_pool(%x: tensor<2x3x13x5xf32>, %dy: tensor<2x3x6x7xf32>) -> tensor<2x3x13x5xf32> {
  %y = cnn.adaptive_avg_pool %x size [6, 7] : tensor<2x3x13x5xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x6x7xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x6x7xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x13x5xf32>
  return %g0 : tensor<2x3x13x5xf32>
}

// CHECK-LABEL: func.func @adaptive_spread(
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor<2x3x13x5xf32>
// CHECK-NEXT: %[[V0:.*]] = cnn.adaptive_avg_pool %[[DY]] size [6, 7] : tensor<2x3x13x5xf32>
// CHECK-NEXT: return %[[V0]]
func.func @adaptive_spread(%x: tensor<2x3x6x7xf32>, %dy: tensor<2x3x13x5xf32>) -> tensor<2x3x6x7xf32> {
  %y = cnn.adaptive_spread %x size [13, 5] : tensor<2x3x6x7xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x13x5xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x13x5xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x6x7xf32>
  return %g0 : tensor<2x3x6x7xf32>
}

// The gradient of a convolution is the transposed convolution of the layer deconv, and the
// other way round: the filter [in, out/groups, kh, kw] comes back unturned, the stride too.
// CHECK-LABEL: func.func @deconv(
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor<1x6x6x8xf32>, %[[W:[a-z0-9]+]]: tensor<4x3x3x3xf32>
// CHECK-NEXT: %[[V0:.*]] = cnn.conv2d %[[DY]], %[[W]] stride [2, 2] pad [1, 0, 1, 0] groups 2 : tensor<1x6x6x8xf32>, tensor<4x3x3x3xf32>
// CHECK-NEXT: return %[[V0]]
func.func @deconv(%x: tensor<1x4x3x4xf32>, %dy: tensor<1x6x6x8xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x4x3x4xf32> {
  %t = cnn.transpose_filter %w groups 2 : tensor<4x3x3x3xf32>
  %y = cnn.conv2d %x, %t pad [1, 2, 1, 2] input_dilation [2, 2] groups 2 : tensor<1x4x3x4xf32>, tensor<6x2x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<1x6x6x8xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<1x6x6x8xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<1x4x3x4xf32>
  return %g0 : tensor<1x4x3x4xf32>
}
