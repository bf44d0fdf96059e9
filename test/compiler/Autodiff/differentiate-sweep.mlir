// RUN: cnn-opt %s --cnn-phase-autodiff --split-input-file | FileCheck %s
//
// What the sweep builds, what it leaves out, and how gradients meet.

// A parameter's gradient needs the activations, but not the image's gradient.
// CHECK-LABEL: func.func @parameters_alone(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<1x2x6x6xf32>, %[[W:[a-z0-9]+]]: tensor<2x2x3x3xf32>
// CHECK-NOT: transpose_filter
// CHECK-NOT: input_dilation
// CHECK: %[[XT:.*]] = cnn.transpose %[[X]]
// CHECK: cnn.conv2d %[[XT]]
// CHECK-NOT: transpose_filter
// CHECK: return
func.func @parameters_alone(%x: tensor<1x2x6x6xf32>, %w: tensor<2x2x3x3xf32>, %t: tensor<1x2x4x4xf32>) -> tensor<2x2x3x3xf32> {
  %y = cnn.conv2d %x, %w : tensor<1x2x6x6xf32>, tensor<2x2x3x3xf32>
  %loss = cnn.mse %y, %t : tensor<1x2x4x4xf32>
  %dw = cnn.gradient %loss of %w : tensor<f32> of tensor<2x2x3x3xf32>
  return %dw : tensor<2x2x3x3xf32>
}

// -----

// A near miss: the image's gradient is asked for, and the filter's is not built.
// CHECK-LABEL: func.func @image_alone(
// CHECK: cnn.transpose_filter
// CHECK: cnn.conv2d
// CHECK-NOT: cnn.transpose %
// CHECK: return
func.func @image_alone(%x: tensor<1x2x6x6xf32>, %w: tensor<2x2x3x3xf32>, %t: tensor<1x2x4x4xf32>) -> tensor<1x2x6x6xf32> {
  %y = cnn.conv2d %x, %w : tensor<1x2x6x6xf32>, tensor<2x2x3x3xf32>
  %loss = cnn.mse %y, %t : tensor<1x2x4x4xf32>
  %dx = cnn.gradient %loss of %x : tensor<f32> of tensor<1x2x6x6xf32>
  return %dx : tensor<1x2x6x6xf32>
}

// -----

// A value that the loss does not depend on has the gradient 0, and costs nothing.
// CHECK-LABEL: func.func @independent(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x3xf32>
// CHECK-DAG: %[[ZEROS:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
// CHECK-NOT: cnn.mul
// CHECK: return %{{.*}}, %[[ZEROS]]
func.func @independent(%x: tensor<2x3xf32>, %t: tensor<2x3xf32>, %w: tensor<4xf32>) -> (tensor<2x3xf32>, tensor<4xf32>) {
  %unused = cnn.tanh %w : tensor<4xf32>
  %d = cnn.sub %x, %t : tensor<2x3xf32>
  %loss = cnn.reduce_sum %d dims [0, 1] : tensor<2x3xf32>
  %dx, %dw = cnn.gradient %loss of %x, %w : tensor<f32> of tensor<2x3xf32>, tensor<4xf32>
  return %dx, %dw : tensor<2x3xf32>, tensor<4xf32>
}

// -----

// Gradients of several uses are added.
// CHECK-LABEL: func.func @three_uses(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x3xf32>, %[[DY:[a-z0-9]+]]: tensor<2x3xf32>
// CHECK: %[[B:.*]] = cnn.mul %[[DY]], %[[X]]
// CHECK-NEXT: %[[SUM:.*]] = cnn.add %[[DY]], %[[B]]
// CHECK-NEXT: %[[ALL:.*]] = cnn.add %[[SUM]], %[[B]]
// CHECK-NEXT: return %[[ALL]]
func.func @three_uses(%x: tensor<2x3xf32>, %dy: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %square = cnn.mul %x, %x : tensor<2x3xf32>
  %y = cnn.add %x, %square : tensor<2x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<2x3xf32>
  %dx = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3xf32>
  return %dx : tensor<2x3xf32>
}

// -----

// A mask has no gradient to add to that of another use.
// CHECK-LABEL: func.func @mask_of_another_use(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<4xf32>, %[[DY:[a-z0-9]+]]: tensor<4xf32>
// CHECK: %[[MASKED:.*]] = cnn.relu_mask %[[DY]], %[[X]]
// CHECK-NOT: cnn.add
// CHECK: return %[[MASKED]]
func.func @mask_of_another_use(%x: tensor<4xf32>, %dy: tensor<4xf32>) -> tensor<4xf32> {
  %masked = cnn.relu_mask %dy, %x : tensor<4xf32>
  %y = cnn.mul %masked, %x : tensor<4xf32>
  %loss = cnn.reduce_sum %y dims [0] : tensor<4xf32>
  %dx = cnn.gradient %loss of %x : tensor<f32> of tensor<4xf32>
  return %dx : tensor<4xf32>
}

// -----

// One use has nothing to add.
// CHECK-LABEL: func.func @one_use(
// CHECK-NOT: cnn.add
// CHECK: return
func.func @one_use(%x: tensor<2x3xf32>, %dy: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = cnn.tanh %x : tensor<2x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<2x3xf32>
  %dx = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3xf32>
  return %dx : tensor<2x3xf32>
}

// -----

// The sum of x^3 has the gradient 3x^2, and that the gradient 6x.
// CHECK-LABEL: func.func @gradient_of_a_gradient(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NOT: cnn.gradient
// CHECK: cnn.pow %[[X]] exponent 2.0
// CHECK: cnn.pow %[[X]] exponent 1.0
// CHECK-NOT: cnn.gradient
// CHECK: return
func.func @gradient_of_a_gradient(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %cube = cnn.pow %x exponent 3.0 : tensor<4xf32>
  %loss = cnn.reduce_sum %cube dims [0] : tensor<4xf32>
  %first = cnn.gradient %loss of %x : tensor<f32> of tensor<4xf32>
  %sum = cnn.reduce_sum %first dims [0] : tensor<4xf32>
  %second = cnn.gradient %sum of %x : tensor<f32> of tensor<4xf32>
  return %first, %second : tensor<4xf32>, tensor<4xf32>
}

// -----

// Of a value in the middle: what computes it is not differentiated, even if it has no rule.
// CHECK-LABEL: func.func @of_an_intermediate_value(
// CHECK: %[[U:.*]] = cnn.sgd
// CHECK: cnn.mul %{{.*}}, %[[U]]
// CHECK: return
func.func @of_an_intermediate_value(%w: tensor<4xf32>, %g: tensor<4xf32>, %lr: tensor<f32>, %dy: tensor<4xf32>) -> tensor<4xf32> {
  %u = cnn.sgd %w, %g, %lr : tensor<4xf32>
  %y = cnn.mul %u, %u : tensor<4xf32>
  %p = cnn.mul %y, %dy : tensor<4xf32>
  %loss = cnn.reduce_sum %p dims [0] : tensor<4xf32>
  %du = cnn.gradient %loss of %u : tensor<f32> of tensor<4xf32>
  return %du : tensor<4xf32>
}

// -----

// The loss itself has the gradient 1.
// CHECK-LABEL: func.func @of_the_loss(
// CHECK: %[[ONE:.*]] = arith.constant dense<1.000000e+00> : tensor<f64>
// CHECK: return %[[ONE]]
func.func @of_the_loss(%x: tensor<4xf64>) -> tensor<f64> {
  %loss = cnn.reduce_sum %x dims [0] : tensor<4xf64>
  %d = cnn.gradient %loss of %loss : tensor<f64> of tensor<f64>
  return %d : tensor<f64>
}

// -----

// Through a choice that has no derivative: the pooled values' gradient alone.
// CHECK-LABEL: func.func @through_an_index(
// CHECK-DAG: cnn.pool_argmax
// CHECK: cnn.unpool
// CHECK-NOT: cnn.add
// CHECK: return
func.func @through_an_index(%x: tensor<1x1x4x4xf32>, %dy: tensor<1x1x2x2xf32>) -> tensor<1x1x4x4xf32> {
  %i = cnn.pool_argmax %x kernel [2, 2] stride [2, 2] : tensor<1x1x4x4xf32>
  %y = cnn.pool_take %x, %i kernel [2, 2] stride [2, 2] : tensor<1x1x4x4xf32>, tensor<1x1x2x2xi8>
  %p = cnn.mul %y, %dy : tensor<1x1x2x2xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<1x1x2x2xf32>
  %dx = cnn.gradient %loss of %x : tensor<f32> of tensor<1x1x4x4xf32>
  return %dx : tensor<1x1x4x4xf32>
}

// -----

// A function without a request is left alone, by the pass itself too.
// RUN: cnn-opt %s --cnn-differentiate --split-input-file | FileCheck %s --check-prefix=PASS
// PASS-LABEL: func.func @no_request(
// PASS-NEXT: cnn.tanh
// PASS-NEXT: return
func.func @no_request(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = cnn.tanh %x : tensor<4xf32>
  return %y : tensor<4xf32>
}
