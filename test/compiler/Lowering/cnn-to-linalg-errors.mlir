// RUN: cnn-opt %s --cnn-to-linalg --split-input-file --verify-diagnostics
//
// What the phase Autodiff should have replaced.

func.func @gradient(%x: tensor<4xf32>) -> tensor<4xf32> {
  %loss = cnn.reduce_sum %x dims [0] : tensor<4xf32>
  // expected-error @+1 {{failed to legalize operation 'cnn.gradient'}}
  %dx = cnn.gradient %loss of %x : tensor<f32> of tensor<4xf32>
  return %dx : tensor<4xf32>
}

// -----

// A near miss: declarations stay.
cnn.variable @w parameter : tensor<4xf32>
func.func @declared(%w: tensor<4xf32> {cnn.role = "variable", cnn.name = "w"}) -> tensor<4xf32> {
  return %w : tensor<4xf32>
}
