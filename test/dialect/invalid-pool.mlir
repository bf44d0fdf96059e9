// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

func.func @max_pool_c1(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{kernel must be positive, but is 0}}
  %y = cnn.max_pool %x kernel [2, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @max_pool_c1_kernel_count(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{kernel must have 2 numbers, but has 1}}
  %y = cnn.max_pool %x kernel [2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @max_pool_c1_stride(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{stride must be positive, but is -2}}
  %y = cnn.max_pool %x kernel [2, 2] stride [-2, 2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @max_pool_c1_pad(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{pad must have 4 numbers, but has 2}}
  %y = cnn.max_pool %x kernel [2, 2] pad [1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @max_pool_c1_dilation(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{dilation must have 2 numbers, but has 3}}
  %y = cnn.max_pool %x kernel [2, 2] dilation [1, 1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @max_pool_c1_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.max_pool %x kernel [1, 7] stride [7, 1] pad [-1, 0, 0, 0] dilation [9, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @max_pool_c2(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{window of 8 is larger than the padded input of 7 in dimension 3}}
  %y = cnn.max_pool %x kernel [2, 8] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @max_pool_c2_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.max_pool %x kernel [2, 8] pad [0, 0, 1, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @max_pool_empty(%x: tensor<1x2x0x7xf32>) {
  // expected-error @+1 {{size must be positive and static, but is 0 in dimension 2}}
  %y = cnn.max_pool %x kernel [2, 2] : tensor<1x2x0x7xf32>
  return
}

// -----

func.func @max_pool_rank(%x: tensor<2x7x7xf32>) {
  // expected-error @+1 {{operand must have the rank 4, but is 'tensor<2x7x7xf32>'}}
  %y = cnn.max_pool %x kernel [2, 2] : tensor<2x7x7xf32>
  return
}

// -----

func.func @max_pool_c3(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{a window covers no position of the input in dimension 2}}
  %y = cnn.max_pool %x kernel [2, 2] pad [2, 0, 0, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @max_pool_c3_end(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{a window covers no position of the input in dimension 3}}
  %y = cnn.max_pool %x kernel [2, 2] pad [0, 0, 0, 2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @max_pool_c3_gap(%x: tensor<1x1x1x1xf32>) {
  // expected-error @+1 {{a window covers no position of the input in dimension 2}}
  %y = cnn.max_pool %x kernel [2, 1] pad [1, 1, 0, 0] dilation [2, 1] : tensor<1x1x1x1xf32>
  return
}

// -----

func.func @max_pool_c3_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.max_pool %x kernel [2, 2] pad [1, 1, 1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @pool_argmax_c1(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{kernel must be positive, but is 0}}
  %y = cnn.pool_argmax %x kernel [2, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @pool_argmax_c1_kernel_count(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{kernel must have 2 numbers, but has 1}}
  %y = cnn.pool_argmax %x kernel [2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @pool_argmax_c1_stride(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{stride must be positive, but is -2}}
  %y = cnn.pool_argmax %x kernel [2, 2] stride [-2, 2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @pool_argmax_c1_pad(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{pad must have 4 numbers, but has 2}}
  %y = cnn.pool_argmax %x kernel [2, 2] pad [1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @pool_argmax_c1_dilation(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{dilation must have 2 numbers, but has 3}}
  %y = cnn.pool_argmax %x kernel [2, 2] dilation [1, 1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @pool_argmax_c1_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.pool_argmax %x kernel [1, 7] stride [7, 1] pad [-1, 0, 0, 0] dilation [9, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @pool_argmax_c2(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{window of 8 is larger than the padded input of 7 in dimension 3}}
  %y = cnn.pool_argmax %x kernel [2, 8] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @pool_argmax_c2_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.pool_argmax %x kernel [2, 8] pad [0, 0, 1, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @pool_argmax_rank(%x: tensor<2x7x7xf32>) {
  // expected-error @+1 {{operand must have the rank 4, but is 'tensor<2x7x7xf32>'}}
  %y = cnn.pool_argmax %x kernel [2, 2] : tensor<2x7x7xf32>
  return
}

// -----

func.func @pool_argmax_c3(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{a window covers no position of the input in dimension 2}}
  %y = cnn.pool_argmax %x kernel [2, 2] pad [2, 0, 0, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @pool_argmax_c3_end(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{a window covers no position of the input in dimension 3}}
  %y = cnn.pool_argmax %x kernel [2, 2] pad [0, 0, 0, 2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @pool_argmax_c3_gap(%x: tensor<1x1x1x1xf32>) {
  // expected-error @+1 {{a window covers no position of the input in dimension 2}}
  %y = cnn.pool_argmax %x kernel [2, 1] pad [1, 1, 0, 0] dilation [2, 1] : tensor<1x1x1x1xf32>
  return
}

// -----

func.func @pool_argmax_c3_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.pool_argmax %x kernel [2, 2] pad [1, 1, 1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c1(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{kernel must be positive, but is 0}}
  %y = cnn.avg_pool %x kernel [2, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c1_kernel_count(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{kernel must have 2 numbers, but has 1}}
  %y = cnn.avg_pool %x kernel [2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c1_stride(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{stride must be positive, but is -2}}
  %y = cnn.avg_pool %x kernel [2, 2] stride [-2, 2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c1_pad(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{pad must have 4 numbers, but has 2}}
  %y = cnn.avg_pool %x kernel [2, 2] pad [1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c1_dilation(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{dilation must have 2 numbers, but has 3}}
  %y = cnn.avg_pool %x kernel [2, 2] dilation [1, 1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c1_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.avg_pool %x kernel [1, 7] stride [7, 1] pad [-1, 0, 0, 0] dilation [9, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c2(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{window of 8 is larger than the padded input of 7 in dimension 3}}
  %y = cnn.avg_pool %x kernel [2, 8] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c2_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.avg_pool %x kernel [2, 8] pad [0, 0, 1, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_rank(%x: tensor<2x7x7xf32>) {
  // expected-error @+1 {{operand must have the rank 4, but is 'tensor<2x7x7xf32>'}}
  %y = cnn.avg_pool %x kernel [2, 2] : tensor<2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c3(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{a window covers no position of the input in dimension 2}}
  %y = cnn.avg_pool %x kernel [2, 2] pad [2, 0, 0, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c3_end(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{a window covers no position of the input in dimension 3}}
  %y = cnn.avg_pool %x kernel [2, 2] pad [0, 0, 0, 2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c3_gap(%x: tensor<1x1x1x1xf32>) {
  // expected-error @+1 {{a window covers no position of the input in dimension 2}}
  %y = cnn.avg_pool %x kernel [2, 1] pad [1, 1, 0, 0] dilation [2, 1] : tensor<1x1x1x1xf32>
  return
}

// -----

func.func @avg_pool_c3_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.avg_pool %x kernel [2, 2] pad [1, 1, 1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @sum_pool_c1(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{kernel must be positive, but is 0}}
  %y = cnn.sum_pool %x kernel [2, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @sum_pool_c1_kernel_count(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{kernel must have 2 numbers, but has 1}}
  %y = cnn.sum_pool %x kernel [2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @sum_pool_c1_stride(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{stride must be positive, but is -2}}
  %y = cnn.sum_pool %x kernel [2, 2] stride [-2, 2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @sum_pool_c1_pad(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{pad must have 4 numbers, but has 2}}
  %y = cnn.sum_pool %x kernel [2, 2] pad [1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @sum_pool_c1_dilation(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{dilation must have 2 numbers, but has 3}}
  %y = cnn.sum_pool %x kernel [2, 2] dilation [1, 1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @sum_pool_c1_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.sum_pool %x kernel [1, 7] stride [7, 1] pad [-1, 0, 0, 0] dilation [9, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @sum_pool_c2(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{window of 8 is larger than the padded input of 7 in dimension 3}}
  %y = cnn.sum_pool %x kernel [2, 8] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @sum_pool_c2_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.sum_pool %x kernel [2, 8] pad [0, 0, 1, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @sum_pool_rank(%x: tensor<2x7x7xf32>) {
  // expected-error @+1 {{operand must have the rank 4, but is 'tensor<2x7x7xf32>'}}
  %y = cnn.sum_pool %x kernel [2, 2] : tensor<2x7x7xf32>
  return
}

// -----

func.func @sum_pool_c3_does_not_apply(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.sum_pool %x kernel [2, 2] pad [2, 0, 0, 2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @l2_pool_c1(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{kernel must be positive, but is 0}}
  %y = cnn.l2_pool %x kernel [2, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @l2_pool_c1_kernel_count(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{kernel must have 2 numbers, but has 1}}
  %y = cnn.l2_pool %x kernel [2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @l2_pool_c1_stride(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{stride must be positive, but is -2}}
  %y = cnn.l2_pool %x kernel [2, 2] stride [-2, 2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @l2_pool_c1_pad(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{pad must have 4 numbers, but has 2}}
  %y = cnn.l2_pool %x kernel [2, 2] pad [1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @l2_pool_c1_dilation(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{dilation must have 2 numbers, but has 3}}
  %y = cnn.l2_pool %x kernel [2, 2] dilation [1, 1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @l2_pool_c1_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.l2_pool %x kernel [1, 7] stride [7, 1] pad [-1, 0, 0, 0] dilation [9, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @l2_pool_c2(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{window of 8 is larger than the padded input of 7 in dimension 3}}
  %y = cnn.l2_pool %x kernel [2, 8] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @l2_pool_c2_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.l2_pool %x kernel [2, 8] pad [0, 0, 1, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @l2_pool_rank(%x: tensor<2x7x7xf32>) {
  // expected-error @+1 {{operand must have the rank 4, but is 'tensor<2x7x7xf32>'}}
  %y = cnn.l2_pool %x kernel [2, 2] : tensor<2x7x7xf32>
  return
}

// -----

func.func @l2_pool_c3_does_not_apply(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.l2_pool %x kernel [2, 2] pad [2, 0, 0, 2] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @sum_pool_c1_input_dilation(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{input_dilation must be positive, but is 0}}
  %y = cnn.sum_pool %x kernel [2, 2] input_dilation [1, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c4(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{overhang of 1 is no part of the padding of 0 at the end of dimension 3}}
  %y = cnn.avg_pool %x kernel [2, 2] pad [0, 1, 0, 0] overhang [1, 1] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c4_count(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{overhang must have 2 numbers, but has 1}}
  %y = cnn.avg_pool %x kernel [2, 2] overhang [0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c4_negative(%x: tensor<1x2x7x7xf32>) {
  // expected-error @+1 {{overhang of -1 is no part of the padding of 1}}
  %y = cnn.avg_pool %x kernel [2, 2] pad [0, 1, 0, 1] overhang [-1, 0] : tensor<1x2x7x7xf32>
  return
}

// -----

func.func @avg_pool_c4_near(%x: tensor<1x2x7x7xf32>) {
  %y = cnn.avg_pool %x kernel [2, 2] pad [0, 1, 0, 1] overhang [1, 1] : tensor<1x2x7x7xf32>
  return
}
