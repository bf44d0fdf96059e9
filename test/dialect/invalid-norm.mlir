// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

func.func @lrn_c1(%x: tensor<4xf32>) {
  // expected-error @+1 {{expects a rank of at least 2, but got 1}}
  %y = cnn.lrn %x {size = 5 : i64, alpha = 1.0 : f64, beta = 0.5 : f64, k = 1.0 : f64} : tensor<4xf32>
  return
}

// -----

func.func @lrn_c1_near(%x: tensor<2x4xf32>) {
  %y = cnn.lrn %x {size = 5 : i64, alpha = 1.0 : f64, beta = 0.5 : f64, k = 1.0 : f64} : tensor<2x4xf32>
  return
}

// -----

func.func @lrn_c2_size(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects positive 'size' and 'k' and no negative 'alpha'}}
  %y = cnn.lrn %x {size = 0 : i64, alpha = 1.0 : f64, beta = 0.5 : f64, k = 1.0 : f64} : tensor<2x3x4xf32>
  return
}

// -----

func.func @lrn_c2_k(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects positive 'size' and 'k' and no negative 'alpha'}}
  %y = cnn.lrn %x {size = 5 : i64, alpha = 1.0 : f64, beta = 0.5 : f64, k = 0.0 : f64} : tensor<2x3x4xf32>
  return
}

// -----

func.func @lrn_c2_alpha(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects positive 'size' and 'k' and no negative 'alpha'}}
  %y = cnn.lrn %x {size = 5 : i64, alpha = -1.0 : f64, beta = 0.5 : f64, k = 1.0 : f64} : tensor<2x3x4xf32>
  return
}

// -----

func.func @lrn_c2(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects positive 'size' and 'k' and no negative 'alpha'}}
  %y = cnn.lrn %x {size = 5 : i64, alpha = 1.0 : f64, beta = 0.5 : f64, k = 0x7FF8000000000000 : f64} : tensor<2x3x4xf32>
  return
}

// -----

func.func @lrn_c2_near(%x: tensor<2x3x4xf32>) {
  %y = cnn.lrn %x {size = 1 : i64, alpha = 0.0 : f64, beta = -0.5 : f64, k = 1.0e-9 : f64} : tensor<2x3x4xf32>
  return
}

// -----

func.func @channel_window_sum_c1(%x: tensor<4xf32>) {
  // expected-error @+1 {{expects a rank of at least 2, but got 1}}
  %y = cnn.channel_window_sum %x before 1 after 1 : tensor<4xf32>
  return
}

// -----

func.func @channel_window_sum_c2(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects 'before' and 'after' not to be negative}}
  %y = cnn.channel_window_sum %x before -1 after 1 : tensor<2x3x4xf32>
  return
}

// -----

func.func @channel_window_sum_c2_after(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{expects 'before' and 'after' not to be negative}}
  %y = cnn.channel_window_sum %x before 1 after -1 : tensor<2x3x4xf32>
  return
}

// -----

func.func @channel_window_sum_c2_near(%x: tensor<2x3x4xf32>) {
  %y = cnn.channel_window_sum %x before 0 after 9 : tensor<2x3x4xf32>
  return
}

// -----

func.func @batch_norm_c1(%x: tensor<4xf32>) {
  // expected-error @+1 {{rank must be at least 2, but is 1}}
  %y, %m, %v = cnn.batch_norm %x epsilon 1.0 : tensor<4xf32>
  return
}

// -----

func.func @batch_norm_c2(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{epsilon must be positive}}
  %y, %m, %v = cnn.batch_norm %x epsilon 0.0 : tensor<2x3x4xf32>
  return
}

// -----

func.func @batch_norm_c2_near(%x: tensor<2x3x4xf32>) {
  %y, %m, %v = cnn.batch_norm %x epsilon 1.0e-30 : tensor<2x3x4xf32>
  return
}

// -----

func.func @normalize_c1(%x: tensor<2x3x4xf32>, %m: tensor<4xf32>, %v: tensor<4xf32>) {
  // expected-error @+1 {{expects one mean and variance a channel of 'tensor<2x3x4xf32>', but got 'tensor<4xf32>'}}
  %y = cnn.normalize %x, %m, %v epsilon 1.0 : tensor<2x3x4xf32>, tensor<4xf32>
  return
}

// -----

func.func @normalize_c1_rank(%x: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>) {
  // expected-error @+1 {{expects one mean and variance a channel of 'tensor<3xf32>', but got 'tensor<3xf32>'}}
  %y = cnn.normalize %x, %m, %v epsilon 1.0 : tensor<3xf32>, tensor<3xf32>
  return
}

// -----

func.func @normalize_c1_matrix(%x: tensor<2x3x4xf32>, %m: tensor<3x1xf32>, %v: tensor<3x1xf32>) {
  // expected-error @+1 {{expects one mean and variance a channel}}
  %y = cnn.normalize %x, %m, %v epsilon 1.0 : tensor<2x3x4xf32>, tensor<3x1xf32>
  return
}

// -----

func.func @normalize_c1_near(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>) {
  %y = cnn.normalize %x, %m, %v epsilon 1.0 : tensor<2x3x4xf32>, tensor<3xf32>
  return
}

// -----

func.func @normalize_c2(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>) {
  // expected-error @+1 {{expects a positive 'epsilon'}}
  %y = cnn.normalize %x, %m, %v epsilon -1.0 : tensor<2x3x4xf32>, tensor<3xf32>
  return
}

// -----

func.func @normalize_c2_near(%x: tensor<2x3x4xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>) {
  %y = cnn.normalize %x, %m, %v epsilon 1.0e-9 : tensor<2x3x4xf32>, tensor<3xf32>
  return
}

// -----

func.func @group_norm_c1(%x: tensor<4xf32>) {
  // expected-error @+1 {{rank must be at least 2, but is 1}}
  %y, %m, %v = cnn.group_norm %x groups 1 epsilon 1.0 : tensor<4xf32>
  return
}

// -----

func.func @group_norm_c2(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{groups must divide the 6 channels, but are 4}}
  %y, %m, %v = cnn.group_norm %x groups 4 epsilon 1.0 : tensor<2x6x4xf32>
  return
}

// -----

func.func @group_norm_c2_zero(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{groups must divide the 6 channels, but are 0}}
  %y, %m, %v = cnn.group_norm %x groups 0 epsilon 1.0 : tensor<2x6x4xf32>
  return
}

// -----

func.func @group_norm_c2_negative(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{groups must divide the 6 channels, but are -2}}
  %y, %m, %v = cnn.group_norm %x groups -2 epsilon 1.0 : tensor<2x6x4xf32>
  return
}

// -----

func.func @group_norm_c2_more(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{groups must divide the 6 channels, but are 12}}
  %y, %m, %v = cnn.group_norm %x groups 12 epsilon 1.0 : tensor<2x6x4xf32>
  return
}

// -----

func.func @group_norm_c2_near(%x: tensor<2x6x4xf32>) {
  %y, %m, %v = cnn.group_norm %x groups 6 epsilon 1.0 : tensor<2x6x4xf32>
  return
}

// -----

func.func @group_norm_c3(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{epsilon must be positive}}
  %y, %m, %v = cnn.group_norm %x groups 3 epsilon 0.0 : tensor<2x6x4xf32>
  return
}

// -----

func.func @group_norm_c3_nan(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{epsilon must be positive}}
  %y, %m, %v = cnn.group_norm %x groups 3 epsilon 0x7FF8000000000000 : tensor<2x6x4xf32>
  return
}

// -----

func.func @group_norm_c3_near(%x: tensor<2x6xf32>) {
  %y, %m, %v = cnn.group_norm %x groups 3 epsilon 1.0e-30 : tensor<2x6xf32>
  return
}

// -----

func.func @group_norm_of_dynamic(%x: tensor<2x?xf32>) {
  // expected-error @+1 {{operand must be a tensor of static shape}}
  %y, %m, %v = cnn.group_norm %x groups 1 epsilon 1.0 : tensor<2x?xf32>
  return
}

// -----

func.func @position_norm_c1(%x: tensor<4xf32>) {
  // expected-error @+1 {{rank must be at least 2, but is 1}}
  %y, %m, %v = cnn.position_norm %x epsilon 1.0 : tensor<4xf32>
  return
}

// -----

func.func @position_norm_c1_near(%x: tensor<1x4xf32>) {
  %y, %m, %v = cnn.position_norm %x epsilon 1.0 : tensor<1x4xf32>
  return
}

// -----

func.func @position_norm_c2(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{epsilon must be positive}}
  %y, %m, %v = cnn.position_norm %x epsilon -1.0 : tensor<2x6x4xf32>
  return
}

// -----

func.func @position_norm_c2_near(%x: tensor<2x6x4xf32>) {
  %y, %m, %v = cnn.position_norm %x epsilon 1.0e-30 : tensor<2x6x4xf32>
  return
}
