// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

func.func @fill_border_c1(%x: tensor<4x6xf32>) {
  // expected-error @+1 {{low and high must have 2 numbers, but have 1 and 2}}
  %y = cnn.fill_border %x low [1] high [0, 0] value 0.0 : f32 : tensor<4x6xf32>
  return
}

// -----

func.func @fill_border_c1_negative(%x: tensor<4x6xf32>) {
  // expected-error @+1 {{border must not be negative, but is 0 and -1 in dimension 1}}
  %y = cnn.fill_border %x low [1, 0] high [0, -1] value 0.0 : f32 : tensor<4x6xf32>
  return
}

// -----

func.func @fill_border_c2(%x: tensor<4x6xf32>) {
  // expected-error @+1 {{border of 3 and 1 leaves nothing of 4 positions in dimension 0}}
  %y = cnn.fill_border %x low [3, 0] high [1, 0] value 0.0 : f32 : tensor<4x6xf32>
  return
}

// -----

func.func @fill_border_c2_near(%x: tensor<4x6xf32>) {
  %y = cnn.fill_border %x low [2, 0] high [1, 5] value 0.0 : f32 : tensor<4x6xf32>
  return
}

// -----

func.func @fill_border_c3(%x: tensor<4x6xf32>) {
  // expected-error @+1 {{value must be 'f32', but is 'f64'}}
  %y = cnn.fill_border %x low [1, 0] high [1, 0] value 0.0 : f64 : tensor<4x6xf32>
  return
}
