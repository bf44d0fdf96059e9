// RUN: cnn-opt %s --cnn-phase-autodiff | FileCheck %s
//
// The derivative rules of activations, joins and norms over images and positions, each alone: the
// gradient of the sum of y * dy, so that dy is the gradient towards the op's result.

// The output says where x was positive.
// CHECK-LABEL: func.func @lrelu(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.lrelu %[[X]] slope 1.000000e-02 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.scale %[[DY]] factor 1.000000e-02 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.where %[[V0]], %[[DY]], %[[V1]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V2]]
func.func @lrelu(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.lrelu %x slope 1.0e-2 : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// With a negative slope all outputs may be positive: the input says it.
// CHECK-LABEL: func.func @lrelu_negative(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.scale %[[DY]] factor -1.000000e-02 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.where %[[X]], %[[DY]], %[[V0]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V1]]
func.func @lrelu_negative(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.lrelu %x slope -1.0e-2 : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// Nothing below 0 and nothing above 6.
// CHECK-LABEL: func.func @relu6(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.relu6 %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.relu_mask %[[DY]], %[[V0]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.scale %[[V0]] factor -1.000000e+00 offset 6.000000e+00 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.relu_mask %[[V1]], %[[V2]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V3]]
func.func @relu6(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.relu6 %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @elu(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.elu %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.scale %[[V0]] factor 1.000000e+00 offset 1.000000e+00 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.mul %[[DY]], %[[V1]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.where %[[V0]], %[[DY]], %[[V2]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V3]]
func.func @elu(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.elu %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @hardsigmoid(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.hardsigmoid %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.relu_mask %[[DY]], %[[V0]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.scale %[[V0]] factor -1.000000e+00 offset 1.000000e+00 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.relu_mask %[[V1]], %[[V2]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.scale %[[V3]] factor 0.16666666666666666 : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V4]]
func.func @hardsigmoid(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.hardsigmoid %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @hardswish(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.hardsigmoid %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.mul %[[DY]], %[[V0]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.mul %[[DY]], %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.relu_mask %[[V2]], %[[V0]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.scale %[[V0]] factor -1.000000e+00 offset 1.000000e+00 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V5:.*]] = cnn.relu_mask %[[V3]], %[[V4]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V6:.*]] = cnn.scale %[[V5]] factor 0.16666666666666666 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V7:.*]] = cnn.add %[[V1]], %[[V6]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V7]]
func.func @hardswish(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.hardswish %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @softplus(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.sigmoid %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.mul %[[DY]], %[[V0]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V1]]
func.func @softplus(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.softplus %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @gelu(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.scale %[[X]] factor -0.70710678118654757 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.erfc %[[V0]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.scale %[[V1]] factor 5.000000e-01 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.mul %[[X]], %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.scale %[[V3]] factor -5.000000e-01 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V5:.*]] = cnn.exp %[[V4]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V6:.*]] = cnn.scale %[[V5]] factor 0.3989422804014327 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V7:.*]] = cnn.mul %[[X]], %[[V6]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V8:.*]] = cnn.add %[[V2]], %[[V7]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V9:.*]] = cnn.mul %[[DY]], %[[V8]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V9]]
func.func @gelu(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.gelu %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @silu(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.sigmoid %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.scale %[[V0]] factor -1.000000e+00 offset 1.000000e+00 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.mul %[[X]], %[[V1]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.scale %[[V2]] factor 1.000000e+00 offset 1.000000e+00 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.mul %[[V0]], %[[V3]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V5:.*]] = cnn.mul %[[DY]], %[[V4]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V5]]
func.func @silu(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.silu %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @exp(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.exp %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.mul %[[DY]], %[[V0]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V1]]
func.func @exp(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.exp %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @erfc(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.mul %[[X]], %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.scale %[[V0]] factor -1.000000e+00 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.exp %[[V1]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.scale %[[V2]] factor -1.1283791670955126 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.mul %[[DY]], %[[V3]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V4]]
func.func @erfc(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.erfc %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @logsoftmax(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.logsoftmax %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.reduce_sum %[[DY]] dims [1] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.broadcast %[[V1]] dims [0, 2, 3] to [2, 3, 4, 4] : tensor<2x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.exp %[[V0]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.mul %[[V3]], %[[V2]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V5:.*]] = cnn.sub %[[DY]], %[[V4]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V5]]
func.func @logsoftmax(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.logsoftmax %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @prelu(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = arith.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cnn.scale_channels %[[DY]], %[[W]] : tensor<2x3x4x4xf32>, tensor<3xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.where %[[X]], %[[DY]], %[[V1]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.mul %[[DY]], %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.broadcast %[[V0]] dims [] to [2, 3, 4, 4] : tensor<f32>
// CHECK-NEXT: %[[V5:.*]] = cnn.where %[[X]], %[[V4]], %[[V3]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V6:.*]] = cnn.reduce_sum %[[V5]] dims [0, 2, 3] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V2]], %[[V6]]
func.func @prelu(%x: tensor<2x3x4x4xf32>, %w: tensor<3xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>, tensor<3xf32>) {
  %y = cnn.prelu %x, %w : tensor<2x3x4x4xf32>, tensor<3xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0, %g1 = cnn.gradient %loss of %x, %w : tensor<f32> of tensor<2x3x4x4xf32>, tensor<3xf32>
  return %g0, %g1 : tensor<2x3x4x4xf32>, tensor<3xf32>
}

// One slope for all: the sum over everything.
// CHECK-LABEL: func.func @prelu_shared(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = arith.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cnn.reduce_sum %[[W]] dims [0] : tensor<1xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.broadcast %[[V1]] dims [] to [2, 3, 4, 4] : tensor<f32>
// CHECK-NEXT: %[[V3:.*]] = cnn.mul %[[DY]], %[[V2]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.where %[[X]], %[[DY]], %[[V3]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V5:.*]] = cnn.mul %[[DY]], %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V6:.*]] = cnn.broadcast %[[V0]] dims [] to [2, 3, 4, 4] : tensor<f32>
// CHECK-NEXT: %[[V7:.*]] = cnn.where %[[X]], %[[V6]], %[[V5]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V8:.*]] = cnn.reduce_sum %[[V7]] dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V9:.*]] = cnn.broadcast %[[V8]] dims [] to [1] : tensor<f32>
// CHECK-NEXT: return %[[V4]], %[[V9]]
func.func @prelu_shared(%x: tensor<2x3x4x4xf32>, %w: tensor<1xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>, tensor<1xf32>) {
  %y = cnn.prelu %x, %w : tensor<2x3x4x4xf32>, tensor<1xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0, %g1 = cnn.gradient %loss of %x, %w : tensor<f32> of tensor<2x3x4x4xf32>, tensor<1xf32>
  return %g0, %g1 : tensor<2x3x4x4xf32>, tensor<1xf32>
}

// Of a tie the first gets all: rhs - lhs is not positive.
// CHECK-LABEL: func.func @max(
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = arith.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V1:.*]] = cnn.sub %[[B]], %[[A]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.broadcast %[[V0]] dims [] to [2, 3, 4, 4] : tensor<f32>
// CHECK-NEXT: %[[V3:.*]] = cnn.where %[[V1]], %[[V2]], %[[DY]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.relu_mask %[[DY]], %[[V1]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V3]], %[[V4]]
func.func @max(%a: tensor<2x3x4x4xf32>, %b: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>) {
  %y = cnn.max %a, %b : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0, %g1 = cnn.gradient %loss of %a, %b : tensor<f32> of tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>
  return %g0, %g1 : tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>
}

// The mask has no derivative.
// CHECK-LABEL: func.func @where(
// CHECK-SAME: %[[M:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = arith.constant dense<0.000000e+00> : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = arith.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[V2:.*]] = cnn.relu_mask %[[DY]], %[[M]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.broadcast %[[V1]] dims [] to [2, 3, 4, 4] : tensor<f32>
// CHECK-NEXT: %[[V4:.*]] = cnn.where %[[M]], %[[V3]], %[[DY]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V0]], %[[V2]], %[[V4]]
func.func @where(%m: tensor<2x3x4x4xf32>, %a: tensor<2x3x4x4xf32>, %b: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>) {
  %y = cnn.where %m, %a, %b : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0, %g1, %g2 = cnn.gradient %loss of %m, %a, %b : tensor<f32> of tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>
  return %g0, %g1, %g2 : tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>
}

// The same choice again.
// CHECK-LABEL: func.func @dropout_whole_images(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[S:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[T:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.dropout %[[DY]], %[[S]], %[[T]] probability 5.000000e-01 stream 2 whole_images : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V0]]
func.func @dropout_whole_images(%x: tensor<2x3x4x4xf32>, %s: tensor<i64>, %t: tensor<i64>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.dropout %x, %s, %t probability 5.0e-1 stream 2 whole_images : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// The loss reads the output alone.
// CHECK-LABEL: func.func @group_norm(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %output, %mean, %variance = cnn.group_norm %[[X]] groups 2 epsilon 1.000000e-05 : tensor<2x4x3x3xf32>
// CHECK-NEXT: %[[V0:.*]] = cnn.reshape %output to [2, 2, 18] : tensor<2x4x3x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.reshape %[[DY]] to [2, 2, 18] : tensor<2x4x3x3xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.scale %variance factor 1.000000e+00 offset 1.000000e-05 : tensor<2x2xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.pow %[[V2]] exponent -5.000000e-01 : tensor<2x2xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.reduce_sum %[[V1]] dims [2] : tensor<2x2x18xf32>
// CHECK-NEXT: %[[V5:.*]] = cnn.scale %[[V4]] factor 0.055555555555555552 : tensor<2x2xf32>
// CHECK-NEXT: %[[V6:.*]] = cnn.broadcast %[[V5]] dims [0, 1] to [2, 2, 18] : tensor<2x2xf32>
// CHECK-NEXT: %[[V7:.*]] = cnn.sub %[[V1]], %[[V6]] : tensor<2x2x18xf32>
// CHECK-NEXT: %[[V8:.*]] = cnn.mul %[[V1]], %[[V0]] : tensor<2x2x18xf32>
// CHECK-NEXT: %[[V9:.*]] = cnn.reduce_sum %[[V8]] dims [2] : tensor<2x2x18xf32>
// CHECK-NEXT: %[[V10:.*]] = cnn.scale %[[V9]] factor 0.055555555555555552 : tensor<2x2xf32>
// CHECK-NEXT: %[[V11:.*]] = cnn.broadcast %[[V10]] dims [0, 1] to [2, 2, 18] : tensor<2x2xf32>
// CHECK-NEXT: %[[V12:.*]] = cnn.mul %[[V0]], %[[V11]] : tensor<2x2x18xf32>
// CHECK-NEXT: %[[V13:.*]] = cnn.sub %[[V7]], %[[V12]] : tensor<2x2x18xf32>
// CHECK-NEXT: %[[V14:.*]] = cnn.broadcast %[[V3]] dims [0, 1] to [2, 2, 18] : tensor<2x2xf32>
// CHECK-NEXT: %[[V15:.*]] = cnn.mul %[[V13]], %[[V14]] : tensor<2x2x18xf32>
// CHECK-NEXT: %[[V16:.*]] = cnn.reshape %[[V15]] to [2, 4, 3, 3] : tensor<2x2x18xf32>
// CHECK-NEXT: return %[[V16]]
func.func @group_norm(%x: tensor<2x4x3x3xf32>, %dy: tensor<2x4x3x3xf32>) -> (tensor<2x4x3x3xf32>) {
  %y, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-5 : tensor<2x4x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x4x3x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x4x3x3xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x4x3x3xf32>
  return %g0 : tensor<2x4x3x3xf32>
}

// CHECK-LABEL: func.func @group_norm_mean(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.scale %[[DY]] factor 0.055555555555555552 : tensor<2x2xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.broadcast %[[V0]] dims [0, 1] to [2, 2, 18] : tensor<2x2xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.reshape %[[V1]] to [2, 4, 3, 3] : tensor<2x2x18xf32>
// CHECK-NEXT: return %[[V2]]
func.func @group_norm_mean(%x: tensor<2x4x3x3xf32>, %dy: tensor<2x2xf32>) -> (tensor<2x4x3x3xf32>) {
  %y, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-5 : tensor<2x4x3x3xf32>
  %p = cnn.mul %mean, %dy : tensor<2x2xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<2x2xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x4x3x3xf32>
  return %g0 : tensor<2x4x3x3xf32>
}

// CHECK-LABEL: func.func @group_norm_variance(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %output, %mean, %variance = cnn.group_norm %[[X]] groups 2 epsilon 1.000000e-05 : tensor<2x4x3x3xf32>
// CHECK-NEXT: %[[V0:.*]] = cnn.reshape %[[X]] to [2, 2, 18] : tensor<2x4x3x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.broadcast %mean dims [0, 1] to [2, 2, 18] : tensor<2x2xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.sub %[[V0]], %[[V1]] : tensor<2x2x18xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.scale %[[DY]] factor 0.1111111111111111 : tensor<2x2xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.broadcast %[[V3]] dims [0, 1] to [2, 2, 18] : tensor<2x2xf32>
// CHECK-NEXT: %[[V5:.*]] = cnn.mul %[[V2]], %[[V4]] : tensor<2x2x18xf32>
// CHECK-NEXT: %[[V6:.*]] = cnn.reshape %[[V5]] to [2, 4, 3, 3] : tensor<2x2x18xf32>
// CHECK-NEXT: return %[[V6]]
func.func @group_norm_variance(%x: tensor<2x4x3x3xf32>, %dy: tensor<2x2xf32>) -> (tensor<2x4x3x3xf32>) {
  %y, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-5 : tensor<2x4x3x3xf32>
  %p = cnn.mul %variance, %dy : tensor<2x2xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<2x2xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x4x3x3xf32>
  return %g0 : tensor<2x4x3x3xf32>
}

// CHECK-LABEL: func.func @position_norm(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %output, %mean, %variance = cnn.position_norm %[[X]] epsilon 1.000000e-05 : tensor<2x4x3x3xf32>
// CHECK-NEXT: %[[V0:.*]] = cnn.scale %variance factor 1.000000e+00 offset 1.000000e-05 : tensor<2x3x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.pow %[[V0]] exponent -5.000000e-01 : tensor<2x3x3xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.reduce_sum %[[DY]] dims [1] : tensor<2x4x3x3xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.scale %[[V2]] factor 2.500000e-01 : tensor<2x3x3xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.broadcast %[[V3]] dims [0, 2, 3] to [2, 4, 3, 3] : tensor<2x3x3xf32>
// CHECK-NEXT: %[[V5:.*]] = cnn.sub %[[DY]], %[[V4]] : tensor<2x4x3x3xf32>
// CHECK-NEXT: %[[V6:.*]] = cnn.mul %[[DY]], %output : tensor<2x4x3x3xf32>
// CHECK-NEXT: %[[V7:.*]] = cnn.reduce_sum %[[V6]] dims [1] : tensor<2x4x3x3xf32>
// CHECK-NEXT: %[[V8:.*]] = cnn.scale %[[V7]] factor 2.500000e-01 : tensor<2x3x3xf32>
// CHECK-NEXT: %[[V9:.*]] = cnn.broadcast %[[V8]] dims [0, 2, 3] to [2, 4, 3, 3] : tensor<2x3x3xf32>
// CHECK-NEXT: %[[V10:.*]] = cnn.mul %output, %[[V9]] : tensor<2x4x3x3xf32>
// CHECK-NEXT: %[[V11:.*]] = cnn.sub %[[V5]], %[[V10]] : tensor<2x4x3x3xf32>
// CHECK-NEXT: %[[V12:.*]] = cnn.broadcast %[[V1]] dims [0, 2, 3] to [2, 4, 3, 3] : tensor<2x3x3xf32>
// CHECK-NEXT: %[[V13:.*]] = cnn.mul %[[V11]], %[[V12]] : tensor<2x4x3x3xf32>
// CHECK-NEXT: return %[[V13]]
func.func @position_norm(%x: tensor<2x4x3x3xf32>, %dy: tensor<2x4x3x3xf32>) -> (tensor<2x4x3x3xf32>) {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-5 : tensor<2x4x3x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x4x3x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x4x3x3xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x4x3x3xf32>
  return %g0 : tensor<2x4x3x3xf32>
}
