// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

module @variable_c1 {
  // expected-error @+1 {{expects a static shape, but got 'tensor<?xf32>'}}
  cnn.variable @w parameter : tensor<?xf32>
}

// -----

module @variable_c1_near {
  cnn.variable @w parameter : tensor<f32>
}

// -----

module @variable_c2 {
  // expected-error @+1 {{expects one of 'uniform', 'normal' and 'constant'}}
  cnn.variable @w parameter : tensor<4xf32> {constant = 1.0 : f64, uniform = 1.0 : f64}
}

// -----

module @variable_c2_positive {
  // expected-error @+1 {{expects a positive 'uniform'}}
  cnn.variable @w parameter : tensor<4xf32> {uniform = 0.0 : f64}
}

// -----

module @variable_c2_normal {
  // expected-error @+1 {{expects one of 'uniform', 'normal' and 'constant'}}
  cnn.variable @w parameter : tensor<4xf32> {normal = 1.0 : f64, uniform = 1.0 : f64}
}

// -----

module @variable_c2_positive_normal {
  // expected-error @+1 {{expects a positive 'normal'}}
  cnn.variable @w parameter : tensor<4xf32> {normal = -1.0 : f64}
}

// -----

module @variable_c2_near {
  cnn.variable @v parameter : tensor<4xf32> {normal = 1.0e-30 : f64}
  cnn.variable @w parameter : tensor<4xf32> {uniform = 1.0e-30 : f64}
  cnn.variable @b parameter : tensor<4xf32> {constant = -1.0 : f64}
}

// -----

module @variable_c3 {
  // expected-error @+1 {{expects 'blocks' of dimension 1, 0 or both, in this order}}
  cnn.variable @w parameter : tensor<20x20x3x3xf32> {blocks = array<i64: 0, 1>}
}

// -----

module @variable_c3_none {
  // expected-error @+1 {{expects 'blocks' of dimension 1, 0 or both, in this order}}
  cnn.variable @w parameter : tensor<20x20x3x3xf32> {blocks = array<i64>}
}

// -----

module @variable_c3_rank {
  // expected-error @+1 {{expects 'blocks' of dimension 1, 0 or both, in this order}}
  cnn.variable @w parameter : tensor<20xf32> {blocks = array<i64: 1, 0>}
}

// -----

module @variable_c3_near {
  cnn.variable @a parameter : tensor<20x20xf32> {blocks = array<i64: 1, 0>}
  cnn.variable @b parameter : tensor<20xf32> {blocks = array<i64: 0>}
  cnn.variable @c parameter : tensor<1x1xf32> {blocks = array<i64: 1>}
}
