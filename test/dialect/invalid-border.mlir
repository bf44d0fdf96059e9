// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

func.func @fill_border_c1(%t: tensor<4x4xf32>) {
  // expected-error @+1 {{low and high must have 2 numbers, but have 1 and 2}}
  %p = cnn.fill_border %t low [1] high [1, 1] value 0.0 : f32 : tensor<4x4xf32>
  return
}

// -----

func.func @fill_border_c1_high(%m: memref<4x4xf32>) {
  // expected-error @+1 {{low and high must have 2 numbers, but have 2 and 3}}
  cnn.fill_border %m low [1, 1] high [1, 1, 1] value 0.0 : f32 : memref<4x4xf32>
  return
}

// -----

func.func @fill_border_c1_negative(%t: tensor<4x4xf32>) {
  // expected-error @+1 {{border must not be negative, but is 1 and -1 in dimension 1}}
  %p = cnn.fill_border %t low [1, 1] high [1, -1] value 0.0 : f32 : tensor<4x4xf32>
  return
}

// -----

func.func @fill_border_c2(%t: tensor<4x4xf32>) {
  // expected-error @+1 {{border of 2 and 2 leaves nothing of 4 positions in dimension 1}}
  %p = cnn.fill_border %t low [0, 2] high [0, 2] value 0.0 : f32 : tensor<4x4xf32>
  return
}

// -----

func.func @fill_border_c2_near(%t: tensor<4x4xf32>) {
  %p = cnn.fill_border %t low [0, 2] high [0, 1] value 0.0 : f32 : tensor<4x4xf32>
  return
}

// -----

func.func @fill_border_c3(%t: tensor<4x4xf32>) {
  // expected-error @+1 {{value must be 'f32', but is 'f64'}}
  %p = cnn.fill_border %t low [1, 1] high [1, 1] value 0.0 : f64 : tensor<4x4xf32>
  return
}

// -----

func.func @fill_border_c3_near(%t: tensor<4x4xf64>) {
  %p = cnn.fill_border %t low [1, 1] high [1, 1] value 0.0 : f64 : tensor<4x4xf64>
  return
}
