// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

func.func @cross_entropy_c1(%x: tensor<4x5xf32>, %l: tensor<5xi32>) {
  // expected-error @+1 {{labels of type 'tensor<5xi32>' do not fit logits of type 'tensor<4x5xf32>'}}
  %y = cnn.cross_entropy %x, %l : tensor<4x5xf32>, tensor<5xi32>
  return
}

// -----

func.func @cross_entropy_c1_rank(%x: tensor<4xf32>, %l: tensor<4xi32>) {
  // expected-error @+1 {{do not fit logits of type}}
  %y = cnn.cross_entropy %x, %l : tensor<4xf32>, tensor<4xi32>
  return
}

// -----

func.func @cross_entropy_c1_scalar(%x: tensor<4xf32>, %l: tensor<i32>) {
  // expected-error @+1 {{do not fit logits of type}}
  %y = cnn.cross_entropy %x, %l : tensor<4xf32>, tensor<i32>
  return
}

// -----

func.func @cross_entropy_c1_positions(%x: tensor<4x5x2xf32>, %l: tensor<4x5xi32>) {
  // expected-error @+1 {{do not fit logits of type}}
  %y = cnn.cross_entropy %x, %l : tensor<4x5x2xf32>, tensor<4x5xi32>
  return
}

// -----

func.func @cross_entropy_c1_near(%x: tensor<4x5x2xf32>, %l: tensor<4x2xi32>) {
  %y = cnn.cross_entropy %x, %l : tensor<4x5x2xf32>, tensor<4x2xi32>
  return
}

// -----

func.func @cross_entropy_c2(%x: tensor<4x5xf32>, %l: tensor<4xi32>) {
  // expected-error @+1 {{smooth must be at least 0 and less than 1}}
  %y = cnn.cross_entropy %x, %l smooth 1.0 : tensor<4x5xf32>, tensor<4xi32>
  return
}

// -----

func.func @cross_entropy_c2_negative(%x: tensor<4x5xf32>, %l: tensor<4xi32>) {
  // expected-error @+1 {{smooth must be at least 0 and less than 1}}
  %y = cnn.cross_entropy %x, %l smooth -0.1 : tensor<4x5xf32>, tensor<4xi32>
  return
}

// -----

func.func @cross_entropy_c2_near(%x: tensor<4x5xf32>, %l: tensor<4xi32>) {
  %y = cnn.cross_entropy %x, %l smooth 0.5 : tensor<4x5xf32>, tensor<4xi32>
  return
}

// -----

func.func @cross_entropy_labels(%x: tensor<4x5xf32>, %l: tensor<4xi64>) {
  // expected-error @+1 {{must be statically shaped tensor of 32-bit signless integer values}}
  %y = cnn.cross_entropy %x, %l : tensor<4x5xf32>, tensor<4xi64>
  return
}

// -----

func.func @one_hot_c1(%l: tensor<4xi32>) {
  // expected-error @+1 {{expects the labels' dimensions and the classes as the second}}
  %y = cnn.one_hot %l on 1.0 off 0.0 : tensor<4xi32> -> tensor<5x4xf32>
  return
}

// -----

func.func @one_hot_c1_rank(%l: tensor<4xi32>) {
  // expected-error @+1 {{expects the labels' dimensions and the classes as the second}}
  %y = cnn.one_hot %l on 1.0 off 0.0 : tensor<4xi32> -> tensor<4xf32>
  return
}

// -----

func.func @one_hot_c1_near(%l: tensor<4xi32>) {
  %y = cnn.one_hot %l on 1.0 off 0.0 : tensor<4xi32> -> tensor<4x5xf32>
  return
}

// -----

func.func @mse_near(%x: tensor<4x5xf32>, %t: tensor<4x5xf32>) {
  %y = cnn.mse %x, %t : tensor<4x5xf32>
  return
}

// -----

func.func @nll_c1(%x: tensor<4x5xf32>, %l: tensor<5xi32>) {
  // expected-error @+1 {{labels of type 'tensor<5xi32>' do not fit scores of type 'tensor<4x5xf32>'}}
  %y = cnn.nll %x, %l : tensor<4x5xf32>, tensor<5xi32>
  return
}

// -----

func.func @nll_c1_positions(%x: tensor<4x5x2x3xf32>, %l: tensor<4x3x2xi32>) {
  // expected-error @+1 {{do not fit scores of type}}
  %y = cnn.nll %x, %l : tensor<4x5x2x3xf32>, tensor<4x3x2xi32>
  return
}

// -----

func.func @nll_c1_near(%x: tensor<4x5x2x3xf32>, %l: tensor<4x2x3xi32>) {
  %y = cnn.nll %x, %l : tensor<4x5x2x3xf32>, tensor<4x2x3xi32>
  return
}

// -----

func.func @hinge_c1(%x: tensor<4x5xf32>, %l: tensor<5xi32>) {
  // expected-error @+1 {{labels of type 'tensor<5xi32>' do not fit scores of type 'tensor<4x5xf32>'}}
  %y = cnn.hinge %x, %l : tensor<4x5xf32>, tensor<5xi32>
  return
}

// -----

func.func @hinge_c1_positions(%x: tensor<4x5x2x3xf32>, %l: tensor<4x3x2xi32>) {
  // expected-error @+1 {{do not fit scores of type}}
  %y = cnn.hinge %x, %l : tensor<4x5x2x3xf32>, tensor<4x3x2xi32>
  return
}

// -----

func.func @hinge_c1_near(%x: tensor<4x5x2x3xf32>, %l: tensor<4x2x3xi32>) {
  %y = cnn.hinge %x, %l : tensor<4x5x2x3xf32>, tensor<4x2x3xi32>
  return
}

// -----

func.func @huber_c1(%x: tensor<4x5xf32>, %t: tensor<4x5xf32>) {
  // expected-error @+1 {{delta must be positive, but is 0}}
  %y = cnn.huber %x, %t delta 0.0 : tensor<4x5xf32>
  return
}

// -----

func.func @huber_c1_near(%x: tensor<4x5xf32>, %t: tensor<4x5xf32>) {
  %y = cnn.huber %x, %t delta 1.0e-30 : tensor<4x5xf32>
  return
}

// -----

func.func @mae_types(%x: tensor<4x5xf32>, %t: tensor<4x6xf32>) {
  // expected-error @+1 {{failed to verify that all of {prediction, target} have same type}}
  %y = "cnn.mae"(%x, %t) : (tensor<4x5xf32>, tensor<4x6xf32>) -> tensor<f32>
  return
}

// -----

func.func @gradient_c1(%l: tensor<f32>, %w: tensor<3xf32>) {
  // expected-error @+1 {{expects a result of the type of each value}}
  %d = "cnn.gradient"(%l, %w) : (tensor<f32>, tensor<3xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @gradient_c1_count(%l: tensor<f32>, %w: tensor<3xf32>) {
  // expected-error @+1 {{expects a result of the type of each value}}
  "cnn.gradient"(%l, %w) : (tensor<f32>, tensor<3xf32>) -> ()
  return
}

// -----

func.func @gradient_c1_near(%l: tensor<f32>, %w: tensor<3xf32>) {
  %d = "cnn.gradient"(%l, %w) : (tensor<f32>, tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @gradient_of_a_vector(%l: tensor<3xf32>, %w: tensor<3xf32>) {
  // expected-error @+1 {{must be 0D tensor}}
  %d = cnn.gradient %l of %w : tensor<3xf32> of tensor<3xf32>
  return
}

// -----

func.func @cross_entropy_step_c1(%x: tensor<4x5xf32>, %l: tensor<5xi32>) {
  // expected-error @+1 {{labels of type 'tensor<5xi32>' do not fit logits of type 'tensor<4x5xf32>'}}
  %y, %dx = cnn.cross_entropy_step %x, %l factor 1.0 : tensor<4x5xf32>, tensor<5xi32>
  return
}

// -----

func.func @cross_entropy_step_c1_near(%x: tensor<4x5x2xf32>, %l: tensor<4x2xi32>) {
  %y, %dx = cnn.cross_entropy_step %x, %l factor 1.0 : tensor<4x5x2xf32>, tensor<4x2xi32>
  return
}

// -----

func.func @cross_entropy_step_c2(%x: tensor<4x5xf32>, %l: tensor<4xi32>) {
  // expected-error @+1 {{smooth must be at least 0 and less than 1}}
  %y, %dx = cnn.cross_entropy_step %x, %l smooth 1.0 factor 1.0 : tensor<4x5xf32>, tensor<4xi32>
  return
}

// -----

func.func @cross_entropy_step_c2_near(%x: tensor<4x5xf32>, %l: tensor<4xi32>) {
  %y, %dx = cnn.cross_entropy_step %x, %l smooth 0.5 factor 1.0 : tensor<4x5xf32>, tensor<4xi32>
  return
}
