// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

func.func @softmax_c1(%x: tensor<4xf32>) {
  // expected-error @+1 {{expects a rank of at least 2, but got 1}}
  %y = cnn.softmax %x : tensor<4xf32>
  return
}

// -----

func.func @softmax_c1_near(%x: tensor<2x4xf32>) {
  %y = cnn.softmax %x : tensor<2x4xf32>
  return
}

// -----

func.func @dropout_c1(%x: tensor<2x3x4xf32>, %s: tensor<i64>, %t: tensor<i64>) {
  // expected-error @+1 {{expects 0 <= 'probability' < 1, but got 1}}
  %y = cnn.dropout %x, %s, %t probability 1.0 stream 0 : tensor<2x3x4xf32>
  return
}

// -----

func.func @dropout_c1_negative(%x: tensor<2x3x4xf32>, %s: tensor<i64>, %t: tensor<i64>) {
  // expected-error @+1 {{expects 0 <= 'probability' < 1, but got -}}
  %y = cnn.dropout %x, %s, %t probability -0.1 stream 0 : tensor<2x3x4xf32>
  return
}

// -----

func.func @dropout_c1_nan(%x: tensor<2x3x4xf32>, %s: tensor<i64>, %t: tensor<i64>) {
  // expected-error @+1 {{expects 0 <= 'probability' < 1}}
  %y = cnn.dropout %x, %s, %t probability 0x7FF8000000000000 stream 0 : tensor<2x3x4xf32>
  return
}

// -----

func.func @dropout_c1_near(%x: tensor<2x3x4xf32>, %s: tensor<i64>, %t: tensor<i64>) {
  %y = cnn.dropout %x, %s, %t probability 0.0 stream 0 : tensor<2x3x4xf32>
  return
}

// -----

func.func @dropout_c1_near_one(%x: tensor<2x3x4xf32>, %s: tensor<i64>, %t: tensor<i64>) {
  %y = cnn.dropout %x, %s, %t probability 0.999 stream 0 : tensor<2x3x4xf32>
  return
}

// -----

func.func @relu_of_integers(%x: tensor<2xi32>) {
  // expected-error @+1 {{must be statically shaped tensor}}
  %y = cnn.relu %x : tensor<2xi32>
  return
}

// -----

func.func @relu_of_dynamic(%x: tensor<?xf32>) {
  // expected-error @+1 {{must be statically shaped tensor}}
  %y = cnn.relu %x : tensor<?xf32>
  return
}

// -----

func.func @logsoftmax_c1(%x: tensor<4xf32>) {
  // expected-error @+1 {{expects a rank of at least 2, but got 1}}
  %y = cnn.logsoftmax %x : tensor<4xf32>
  return
}

// -----

func.func @logsoftmax_c1_near(%x: tensor<1x1xf32>) {
  %y = cnn.logsoftmax %x : tensor<1x1xf32>
  return
}

// -----

func.func @prelu_c1(%x: tensor<2x3x4xf32>, %w: tensor<2xf32>) {
  // expected-error @+1 {{expects one slope, or one a channel of 'tensor<2x3x4xf32>', but got 'tensor<2xf32>'}}
  %y = cnn.prelu %x, %w : tensor<2x3x4xf32>, tensor<2xf32>
  return
}

// -----

func.func @prelu_c1_last(%x: tensor<2x3x4xf32>, %w: tensor<4xf32>) {
  // expected-error @+1 {{expects one slope, or one a channel}}
  %y = cnn.prelu %x, %w : tensor<2x3x4xf32>, tensor<4xf32>
  return
}

// -----

func.func @prelu_c1_rank(%x: tensor<3xf32>, %w: tensor<1xf32>) {
  // expected-error @+1 {{expects one slope, or one a channel of 'tensor<3xf32>', but got 'tensor<1xf32>'}}
  %y = cnn.prelu %x, %w : tensor<3xf32>, tensor<1xf32>
  return
}

// -----

func.func @prelu_c1_near(%x: tensor<2x3x4xf32>, %w: tensor<3xf32>) {
  %y = cnn.prelu %x, %w : tensor<2x3x4xf32>, tensor<3xf32>
  return
}

// -----

func.func @prelu_c1_near_one(%x: tensor<2x3x4xf32>, %w: tensor<1xf32>) {
  %y = cnn.prelu %x, %w : tensor<2x3x4xf32>, tensor<1xf32>
  return
}

// -----

func.func @prelu_of_other_type(%x: tensor<2x3x4xf32>, %w: tensor<3xf64>) {
  // expected-error @+1 {{requires the same element type for all operands}}
  %y = cnn.prelu %x, %w : tensor<2x3x4xf32>, tensor<3xf64>
  return
}

// -----

func.func @dropout_c2(%x: tensor<f32>, %s: tensor<i64>, %t: tensor<i64>) {
  // expected-error @+1 {{expects images, but got 'tensor<f32>'}}
  %y = cnn.dropout %x, %s, %t probability 0.5 stream 0 whole_images : tensor<f32>
  return
}

// -----

func.func @dropout_c2_near(%x: tensor<4xf32>, %s: tensor<i64>, %t: tensor<i64>) {
  %y = cnn.dropout %x, %s, %t probability 0.5 stream 0 whole_images : tensor<4xf32>
  return
}

// -----

func.func @dropout_c2_near_elements(%x: tensor<f32>, %s: tensor<i64>, %t: tensor<i64>) {
  %y = cnn.dropout %x, %s, %t probability 0.5 stream 0 : tensor<f32>
  return
}
