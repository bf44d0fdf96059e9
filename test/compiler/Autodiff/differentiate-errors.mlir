// RUN: cnn-opt %s --cnn-differentiate --split-input-file --verify-diagnostics
//
// An op without a rule between a value and the loss.

func.func @through_sgd(%w: tensor<4xf32>, %g: tensor<4xf32>, %lr: tensor<f32>) -> tensor<4xf32> {
  // expected-error @+1 {{'cnn.sgd' op has no gradient}}
  %u = cnn.sgd %w, %g, %lr : tensor<4xf32>
  // expected-note @+1 {{to this loss, whose gradient needs it}}
  %loss = cnn.reduce_sum %u dims [0] : tensor<4xf32>
  %dw = cnn.gradient %loss of %w : tensor<f32> of tensor<4xf32>
  return %dw : tensor<4xf32>
}

// -----

// Another dialect's op has none either; the nearest to the loss is named.
func.func @through_arith(%w: tensor<4xf32>) -> tensor<4xf32> {
  %a = arith.negf %w : tensor<4xf32>
  // expected-error @+1 {{'arith.addf' op has no gradient}}
  %b = arith.addf %a, %a : tensor<4xf32>
  // expected-note @+1 {{to this loss, whose gradient needs it}}
  %loss = cnn.reduce_sum %b dims [0] : tensor<4xf32>
  %dw = cnn.gradient %loss of %w : tensor<f32> of tensor<4xf32>
  return %dw : tensor<4xf32>
}

// -----

// The way from the op to the loss is shown.
func.func @path(%w: tensor<4xf32>, %g: tensor<4xf32>, %lr: tensor<f32>) -> tensor<4xf32> {
  // expected-error @+1 {{'cnn.sgd' op has no gradient}}
  %u = cnn.sgd %w, %g, %lr : tensor<4xf32>
  // expected-note @+1 {{its result flows through this op}}
  %y = cnn.relu %u : tensor<4xf32>
  // expected-note @+1 {{its result flows through this op}}
  %z = cnn.mul %y, %w : tensor<4xf32>
  %beside = cnn.tanh %y : tensor<4xf32>
  // expected-note @+1 {{to this loss, whose gradient needs it}}
  %loss = cnn.reduce_sum %z dims [0] : tensor<4xf32>
  %dw = cnn.gradient %loss of %w : tensor<f32> of tensor<4xf32>
  return %dw : tensor<4xf32>
}

// -----

// Near misses: an op without a rule beside the way, and on it without a derivative.
func.func @beside(%w: tensor<4xf32>, %g: tensor<4xf32>, %lr: tensor<f32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %u = cnn.sgd %w, %g, %lr : tensor<4xf32>
  %v = cnn.sgd %g, %g, %lr : tensor<4xf32>
  %y = cnn.mul %w, %v : tensor<4xf32>
  %loss = cnn.reduce_sum %y dims [0] : tensor<4xf32>
  %dw = cnn.gradient %loss of %w : tensor<f32> of tensor<4xf32>
  return %u, %dw : tensor<4xf32>, tensor<4xf32>
}

// -----

func.func @labels(%x: tensor<4x5xf32>, %l: tensor<4xi32>) -> tensor<4x5xf32> {
  %t = cnn.one_hot %l on 1.0 off 0.0 : tensor<4xi32> -> tensor<4x5xf32>
  %loss = cnn.mse %x, %t : tensor<4x5xf32>
  %dx = cnn.gradient %loss of %x : tensor<f32> of tensor<4x5xf32>
  return %dx : tensor<4x5xf32>
}
