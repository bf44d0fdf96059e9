// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

func.func @reshape_c1_empty(%x: tensor<2x0xf32>) {
  // expected-error @+1 {{shape [0, 5] does not have the 0 elements of}}
  %y = cnn.reshape %x to [0, 5] : tensor<2x0xf32>
  return
}

// -----

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

// -----

func.func @pad_c1(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{low and high must have 4 numbers, but have 3 and 3}}
  %y = cnn.pad %x low [0, 0, 1] high [0, 0, 1] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @pad_c1_high(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{low and high must have 4 numbers, but have 4 and 5}}
  %y = cnn.pad %x low [0, 0, 1, 1] high [0, 0, 1, 1, 1] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @pad_c1_near(%x: tensor<3xf32>) {
  %y = cnn.pad %x low [1] high [2] : tensor<3xf32>
  return
}

// -----

func.func @pad_c2(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{-4 and 0 positions around the 4 of dimension 2 leave none of them}}
  %y = cnn.pad %x low [0, 0, -4, 0] high [0, 0, 0, 0] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @pad_c2_both(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{leave none of them}}
  %y = cnn.pad %x low [0, 0, 0, -2] high [0, 0, 0, -3] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @pad_c2_padded_again(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{leave none of them}}
  %y = cnn.pad %x low [0, 0, -4, 0] high [0, 0, 4, 0] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @pad_c2_overflow(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{leave none of them, or overflow}}
  %y = cnn.pad %x low [0, 0, 9223372036854775807, 0] high [0, 0, 0, 0] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @pad_c2_product(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{whose product fits 64 bits}}
  %y = cnn.pad %x low [0, 0, 4294967296, 4294967296] high [0, 0, 0, 0] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @pad_c2_near(%x: tensor<2x3x4x5xf32>) {
  %y = cnn.pad %x low [-1, 0, -3, -2] high [0, -2, 0, -2] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @pad_dynamic(%x: tensor<?xf32>) {
  // expected-error @+1 {{operand must be a tensor of static shape}}
  %y = cnn.pad %x low [0] high [0] : tensor<?xf32>
  return
}

// -----

func.func @concat_c1(%a: tensor<2x3x4x5xf32>, %b: tensor<2x3x4x6xf32>) {
  // expected-error @+1 {{inputs must agree in all but their channels, but are 'tensor<2x3x4x5xf32>' and 'tensor<2x3x4x6xf32>'}}
  %y = cnn.concat %a, %b : tensor<2x3x4x5xf32>, tensor<2x3x4x6xf32>
  return
}

// -----

func.func @concat_c1_batch(%a: tensor<2x3x4x5xf32>, %b: tensor<1x3x4x5xf32>) {
  // expected-error @+1 {{inputs must agree in all but their channels}}
  %y = cnn.concat %a, %b : tensor<2x3x4x5xf32>, tensor<1x3x4x5xf32>
  return
}

// -----

func.func @concat_c1_third(%a: tensor<2x3x4x5xf32>, %b: tensor<2x1x5x5xf32>) {
  // expected-error @+1 {{inputs must agree in all but their channels}}
  %y = cnn.concat %a, %a, %b : tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>, tensor<2x1x5x5xf32>
  return
}

// -----

func.func @concat_c1_rank(%a: tensor<2x3x4x5xf32>, %b: tensor<2x3xf32>) {
  // expected-error @+1 {{operand must have the rank 4, but is}}
  %y = cnn.concat %a, %b : tensor<2x3x4x5xf32>, tensor<2x3xf32>
  return
}

// -----

func.func @concat_c1_no_channels(%a: tensor<2xf32>) {
  // expected-error @+1 {{expected tensors with channels}}
  %y = cnn.concat %a : tensor<2xf32>
  return
}

// -----

func.func @concat_c1_none() {
  // expected-error @+1 {{expected 1 or more operands, but found 0}}
  %y = "cnn.concat"() : () -> tensor<2x3xf32>
  return
}

// -----

func.func @concat_c1_near(%a: tensor<2x3x4x5xf32>, %b: tensor<2x7x4x5xf32>) {
  %y = cnn.concat %a, %b : tensor<2x3x4x5xf32>, tensor<2x7x4x5xf32>
  return
}

// -----

func.func @concat_c2(%a: tensor<2x4611686018427387904xf32>) {
  // expected-error @+1 {{channels overflow 64 bits}}
  %y = cnn.concat %a, %a : tensor<2x4611686018427387904xf32>, tensor<2x4611686018427387904xf32>
  return
}

// -----

func.func @concat_c2_product(%a: tensor<2x2305843009213693952xf32>) {
  // expected-error @+1 {{whose product fits 64 bits}}
  %y = cnn.concat %a, %a : tensor<2x2305843009213693952xf32>, tensor<2x2305843009213693952xf32>
  return
}

// -----

func.func @concat_c2_near(%a: tensor<2x1152921504606846976xf32>) {
  %y = cnn.concat %a, %a : tensor<2x1152921504606846976xf32>, tensor<2x1152921504606846976xf32>
  return
}

// -----

func.func @concat_types(%a: tensor<2x3x4x5xf32>, %b: tensor<2x3x4x5xf64>) {
  // expected-error @+1 {{requires the same element type for all operands}}
  %y = cnn.concat %a, %b : tensor<2x3x4x5xf32>, tensor<2x3x4x5xf64>
  return
}
