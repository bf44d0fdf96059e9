// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

func.func @conv2d_c1(%x: tensor<2x4x8x8xf32>, %w: tensor<6x3x3x3xf32>) {
  // expected-error @+1 {{input has 4 channels, but the filter reads 3 in each of 1 groups}}
  %y = cnn.conv2d %x, %w : tensor<2x4x8x8xf32>, tensor<6x3x3x3xf32>
  return
}

// -----

func.func @conv2d_c1_groups(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{input has 4 channels, but the filter reads 4 in each of 2 groups}}
  %y = cnn.conv2d %x, %w groups 2 : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c1_near(%x: tensor<2x4x8x8xf32>, %w: tensor<6x2x3x3xf32>) {
  %y = cnn.conv2d %x, %w groups 2 : tensor<2x4x8x8xf32>, tensor<6x2x3x3xf32>
  return
}

// -----

func.func @conv2d_c2(%x: tensor<2x4x8x8xf32>, %w: tensor<5x2x3x3xf32>) {
  // expected-error @+1 {{5 outputs of the filter do not divide into 2 groups}}
  %y = cnn.conv2d %x, %w groups 2 : tensor<2x4x8x8xf32>, tensor<5x2x3x3xf32>
  return
}

// -----

func.func @conv2d_c2_batch(%x: tensor<2x4x8x8xf32>, %w: tensor<5x4x3x3xf32>) {
  // expected-error @+1 {{5 outputs of the filter do not divide into 2 groups}}
  %y = cnn.conv2d %x, %w batch_groups 2 : tensor<2x4x8x8xf32>, tensor<5x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c2_both(%x: tensor<2x4x8x8xf32>, %w: tensor<6x2x3x3xf32>) {
  // expected-error @+1 {{groups and batch_groups must be positive and one of them 1, but are 2 and 2}}
  %y = cnn.conv2d %x, %w groups 2 batch_groups 2 : tensor<2x4x8x8xf32>, tensor<6x2x3x3xf32>
  return
}

// -----

func.func @conv2d_c2_zero(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{groups and batch_groups must be positive and one of them 1, but are 0 and 1}}
  %y = cnn.conv2d %x, %w groups 0 : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c2_zero_batch(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{groups and batch_groups must be positive and one of them 1, but are 1 and 0}}
  %y = cnn.conv2d %x, %w batch_groups 0 : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c2_negative(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{groups and batch_groups must be positive and one of them 1, but are 1 and -1}}
  %y = cnn.conv2d %x, %w batch_groups -1 : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c2_near(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  %y = cnn.conv2d %x, %w batch_groups 2 : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c3(%x: tensor<3x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{batch of 3 does not divide into 2 groups}}
  %y = cnn.conv2d %x, %w batch_groups 2 : tensor<3x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c3_near(%x: tensor<3x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  %y = cnn.conv2d %x, %w batch_groups 3 : tensor<3x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c4(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{stride must be positive, but is 0}}
  %y = cnn.conv2d %x, %w stride [1, 0] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c4_stride_count(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{stride must have 2 numbers, but has 1}}
  %y = cnn.conv2d %x, %w stride [1] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c4_dilation(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{dilation must be positive, but is -1}}
  %y = cnn.conv2d %x, %w dilation [-1, 1] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c4_dilation_zero(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{dilation must be positive, but is 0}}
  %y = cnn.conv2d %x, %w dilation [1, 0] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c4_input_dilation(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{input_dilation must have 2 numbers, but has 3}}
  %y = cnn.conv2d %x, %w input_dilation [1, 1, 1] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c4_input_dilation_zero(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{input_dilation must be positive, but is 0}}
  %y = cnn.conv2d %x, %w input_dilation [0, 1] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c4_pad(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{pad must have 4 numbers, but has 2}}
  %y = cnn.conv2d %x, %w pad [1, 1] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c4_near(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  %y = cnn.conv2d %x, %w stride [9, 9] pad [0, -1, 2, 0] dilation [3, 1] input_dilation [1, 2] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c5(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x9x3xf32>) {
  // expected-error @+1 {{window of 9 is larger than the padded input of 8 in dimension 2}}
  %y = cnn.conv2d %x, %w : tensor<2x4x8x8xf32>, tensor<6x4x9x3xf32>
  return
}

// -----

func.func @conv2d_c5_dilated(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{window of 9 is larger than the padded input of 8 in dimension 3}}
  %y = cnn.conv2d %x, %w dilation [1, 4] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c5_division(%x: tensor<1x1x2x2xf32>, %w: tensor<1x1x3x2xf32>) {
  // expected-error @+1 {{window of 3 is larger than the padded input of 2 in dimension 2}}
  %y = cnn.conv2d %x, %w stride [2, 2] : tensor<1x1x2x2xf32>, tensor<1x1x3x2xf32>
  return
}

// -----

func.func @conv2d_c5_overflow(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{size overflows 64 bits in dimension 2}}
  %y = cnn.conv2d %x, %w pad [9223372036854775807, 1, 0, 0] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_c5_near(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x9x3xf32>) {
  %y = cnn.conv2d %x, %w pad [1, 0, 0, 0] : tensor<2x4x8x8xf32>, tensor<6x4x9x3xf32>
  return
}

// -----

func.func @conv2d_rank(%x: tensor<4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{operand must have the rank 4, but is 'tensor<4x8x8xf32>'}}
  %y = cnn.conv2d %x, %w : tensor<4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_dynamic(%x: tensor<?x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{operand must be a tensor of static shape, but is 'tensor<?x4x8x8xf32>'}}
  %y = cnn.conv2d %x, %w : tensor<?x4x8x8xf32>, tensor<6x4x3x3xf32>
  return
}

// -----

func.func @conv2d_types(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf64>) {
  // expected-error @+1 {{requires the same element type}}
  %y = cnn.conv2d %x, %w : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf64>
  return
}

// -----

func.func @conv2d_integers(%x: tensor<2x4x8x8xi32>, %w: tensor<6x4x3x3xi32>) {
  // expected-error @+1 {{must be 4D tensor of f32 or f64 of static shape}}
  %y = cnn.conv2d %x, %w : tensor<2x4x8x8xi32>, tensor<6x4x3x3xi32>
  return
}

// -----

func.func @transpose_filter_c1(%w: tensor<6x3x3x3xf32>) {
  // expected-error @+1 {{6 outputs of the filter do not divide into 4 groups}}
  %t = cnn.transpose_filter %w groups 4 : tensor<6x3x3x3xf32>
  return
}

// -----

func.func @transpose_filter_c1_zero(%w: tensor<6x3x3x3xf32>) {
  // expected-error @+1 {{6 outputs of the filter do not divide into 0 groups}}
  %t = cnn.transpose_filter %w groups 0 : tensor<6x3x3x3xf32>
  return
}

// -----

func.func @transpose_filter_c1_near(%w: tensor<6x3x3x3xf32>) {
  %t = cnn.transpose_filter %w groups 3 : tensor<6x3x3x3xf32>
  return
}

// -----

func.func @filter_gradient_c1(%x: tensor<2x4x8x8xf32>, %dy: tensor<3x6x6x6xf32>) {
  // expected-error @+1 {{input has 2 images, but the gradient has 3}}
  %y = cnn.filter_gradient %x, %dy kernel [3, 3] : tensor<2x4x8x8xf32>, tensor<3x6x6x6xf32>
  return
}

// -----

func.func @filter_gradient_c2(%x: tensor<2x4x8x8xf32>, %dy: tensor<2x5x6x6xf32>) {
  // expected-error @+1 {{channels 4 and 5 do not divide into 2 groups}}
  %y = cnn.filter_gradient %x, %dy kernel [3, 3] groups 2 : tensor<2x4x8x8xf32>, tensor<2x5x6x6xf32>
  return
}

// -----

func.func @filter_gradient_c2_positive(%x: tensor<2x4x8x8xf32>, %dy: tensor<2x4x6x6xf32>) {
  // expected-error @+1 {{channels 4 and 4 do not divide into 0 groups}}
  %y = cnn.filter_gradient %x, %dy kernel [3, 3] groups 0 : tensor<2x4x8x8xf32>, tensor<2x4x6x6xf32>
  return
}

// -----

func.func @filter_gradient_c3(%x: tensor<2x4x8x8xf32>, %dy: tensor<2x4x6x6xf32>) {
  // expected-error @+1 {{kernel must have 2 numbers, but has 3}}
  %y = cnn.filter_gradient %x, %dy kernel [3, 3, 3] : tensor<2x4x8x8xf32>, tensor<2x4x6x6xf32>
  return
}

// -----

func.func @filter_gradient_c4(%x: tensor<2x4x8x8xf32>, %dy: tensor<2x4x6x5xf32>) {
  // expected-error @+1 {{gradient has 5 positions, but 6 windows in dimension 3}}
  %y = cnn.filter_gradient %x, %dy kernel [3, 3] : tensor<2x4x8x8xf32>, tensor<2x4x6x5xf32>
  return
}

// -----

func.func @filter_gradient_c4_near(%x: tensor<2x4x8x8xf32>, %dy: tensor<2x4x6x5xf32>) {
  %y = cnn.filter_gradient %x, %dy kernel [3, 4] : tensor<2x4x8x8xf32>, tensor<2x4x6x5xf32>
  return
}
