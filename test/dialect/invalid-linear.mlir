// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

func.func @matmul_c1(%a: tensor<2x3xf32>, %b: tensor<4x3xf32>) {
  // expected-error @+1 {{inner sizes must be equal, but are 3 and 4}}
  %y = cnn.matmul %a, %b : tensor<2x3xf32>, tensor<4x3xf32>
  return
}

// -----

func.func @matmul_c1_transposed(%a: tensor<2x3xf32>, %b: tensor<4x3xf32>) {
  // expected-error @+1 {{inner sizes must be equal, but are 2 and 3}}
  %y = cnn.matmul %a, %b transpose_a transpose_b : tensor<2x3xf32>, tensor<4x3xf32>
  return
}

// -----

func.func @matmul_c1_near(%a: tensor<2x3xf32>, %b: tensor<4x3xf32>) {
  %y = cnn.matmul %a, %b transpose_b : tensor<2x3xf32>, tensor<4x3xf32>
  return
}

// -----

func.func @matmul_rank(%a: tensor<2x3xf32>, %b: tensor<3xf32>) {
  // expected-error @+1 {{operand must have the rank 2, but is 'tensor<3xf32>'}}
  %y = cnn.matmul %a, %b : tensor<2x3xf32>, tensor<3xf32>
  return
}

// -----

func.func @bias_add_c1(%x: tensor<2x3x4xf32>, %v: tensor<4xf32>) {
  // expected-error @+1 {{expects one value a channel of 'tensor<2x3x4xf32>', but got 'tensor<4xf32>'}}
  %y = cnn.bias_add %x, %v : tensor<2x3x4xf32>, tensor<4xf32>
  return
}

// -----

func.func @bias_add_c1_rank(%x: tensor<3xf32>, %v: tensor<3xf32>) {
  // expected-error @+1 {{expects one value a channel of 'tensor<3xf32>', but got 'tensor<3xf32>'}}
  %y = cnn.bias_add %x, %v : tensor<3xf32>, tensor<3xf32>
  return
}

// -----

func.func @bias_add_c1_near(%x: tensor<2x3x4xf32>, %v: tensor<3xf32>) {
  %y = cnn.bias_add %x, %v : tensor<2x3x4xf32>, tensor<3xf32>
  return
}

// -----

func.func @scale_channels_c1(%x: tensor<2x3x4xf32>, %v: tensor<4xf32>) {
  // expected-error @+1 {{expects one value a channel of 'tensor<2x3x4xf32>', but got 'tensor<4xf32>'}}
  %y = cnn.scale_channels %x, %v : tensor<2x3x4xf32>, tensor<4xf32>
  return
}

// -----

func.func @scale_channels_c1_rank(%x: tensor<3xf32>, %v: tensor<3xf32>) {
  // expected-error @+1 {{expects one value a channel of 'tensor<3xf32>', but got 'tensor<3xf32>'}}
  %y = cnn.scale_channels %x, %v : tensor<3xf32>, tensor<3xf32>
  return
}

// -----

func.func @scale_channels_c1_near(%x: tensor<2x3x4xf32>, %v: tensor<3xf32>) {
  %y = cnn.scale_channels %x, %v : tensor<2x3x4xf32>, tensor<3xf32>
  return
}
