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
