// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

func.func @reshape_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{does not have the 24 elements of}}
  %y = cnn.reshape %x to [2, 13] : tensor<2x3x4xf32>
  return
}

// -----

func.func @reshape_c1_negative(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{does not have the 24 elements of}}
  %y = cnn.reshape %x to [-2, -12] : tensor<2x3x4xf32>
  return
}

// -----

func.func @reshape_c1_overflow(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{does not have the 24 elements of}}
  %y = cnn.reshape %x to [4294967296, 4294967296] : tensor<2x3x4xf32>
  return
}

// -----

func.func @reshape_c1_near(%x: tensor<2x3x4xf32>) {
  %y = cnn.reshape %x to [24, 1] : tensor<2x3x4xf32>
  return
}

// -----

func.func @reshape_dynamic(%x: tensor<?xf32>) {
  // expected-error @+1 {{operand must be a tensor of static shape}}
  %y = cnn.reshape %x to [24] : tensor<?xf32>
  return
}

// -----

func.func @transpose_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{is no permutation of 3 dimensions}}
  %y = cnn.transpose %x permutation [0, 1, 1] : tensor<2x3x4xf32>
  return
}

// -----

func.func @transpose_c1_count(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{is no permutation of 3 dimensions}}
  %y = cnn.transpose %x permutation [0, 1] : tensor<2x3x4xf32>
  return
}

// -----

func.func @transpose_c1_more(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{is no permutation of 3 dimensions}}
  %y = cnn.transpose %x permutation [0, 1, 2, 0] : tensor<2x3x4xf32>
  return
}

// -----

func.func @transpose_c1_range(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{is no permutation of 3 dimensions}}
  %y = cnn.transpose %x permutation [0, 1, 3] : tensor<2x3x4xf32>
  return
}

// -----

func.func @transpose_c1_negative(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{is no permutation of 3 dimensions}}
  %y = cnn.transpose %x permutation [0, 1, -1] : tensor<2x3x4xf32>
  return
}

// -----

func.func @transpose_c1_near(%x: tensor<2x3x4xf32>) {
  %y = cnn.transpose %x permutation [2, 1, 0] : tensor<2x3x4xf32>
  return
}

// -----

func.func @reduce_sum_c1(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{dims must ascend within the 3 dimensions of the input}}
  %y = cnn.reduce_sum %x dims [1, 0] : tensor<2x3x4xf32>
  return
}

// -----

func.func @reduce_sum_c1_twice(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{dims must ascend}}
  %y = cnn.reduce_sum %x dims [1, 1] : tensor<2x3x4xf32>
  return
}

// -----

func.func @reduce_sum_c1_range(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{dims must ascend}}
  %y = cnn.reduce_sum %x dims [3] : tensor<2x3x4xf32>
  return
}

// -----

func.func @reduce_sum_c1_negative(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{dims must ascend}}
  %y = cnn.reduce_sum %x dims [-1] : tensor<2x3x4xf32>
  return
}

// -----

func.func @reduce_sum_c1_near(%x: tensor<2x3x4xf32>) {
  %y = cnn.reduce_sum %x dims [0, 2] : tensor<2x3x4xf32>
  return
}

// -----

func.func @broadcast_c1(%x: tensor<4xf32>) {
  // expected-error @+1 {{dims must ascend, one for each of the input's 1 dimensions}}
  %y = cnn.broadcast %x dims [] to [2, 4] : tensor<4xf32>
  return
}

// -----

func.func @broadcast_c1_order(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{dims must ascend}}
  %y = cnn.broadcast %x dims [1, 0] to [3, 2] : tensor<2x3xf32>
  return
}

// -----

func.func @broadcast_c1_range(%x: tensor<4xf32>) {
  // expected-error @+1 {{dims must ascend}}
  %y = cnn.broadcast %x dims [2] to [2, 4] : tensor<4xf32>
  return
}

// -----

func.func @broadcast_c1_near(%x: tensor<4xf32>) {
  %y = cnn.broadcast %x dims [1] to [2, 4] : tensor<4xf32>
  return
}

// -----

func.func @broadcast_c2(%x: tensor<4xf32>) {
  // expected-error @+1 {{dimension 0 has the size 2, but the input has 4}}
  %y = cnn.broadcast %x dims [0] to [2, 4] : tensor<4xf32>
  return
}

// -----

func.func @broadcast_c2_zero(%x: tensor<4xf32>) {
  // expected-error @+1 {{must have positive sizes}}
  %y = cnn.broadcast %x dims [1] to [0, 4] : tensor<4xf32>
  return
}

// -----

func.func @broadcast_c2_negative(%x: tensor<4xf32>) {
  // expected-error @+1 {{must have positive sizes}}
  %y = cnn.broadcast %x dims [1] to [-1, 4] : tensor<4xf32>
  return
}

// -----

func.func @broadcast_c2_overflow(%x: tensor<4xf32>) {
  // expected-error @+1 {{whose product fits 64 bits}}
  %y = cnn.broadcast %x dims [2] to [4294967296, 4294967296, 4] : tensor<4xf32>
  return
}

// -----

func.func @broadcast_c2_near(%x: tensor<4xf32>) {
  %y = cnn.broadcast %x dims [0] to [4, 1] : tensor<4xf32>
  return
}
