// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

func.func @unpool_c1(%y: tensor<1x2x3x3xf32>, %i: tensor<1x2x3x3xi8>) {
  // expected-error @+1 {{kernel must be positive, but is 0}}
  %x = cnn.unpool %y, %i size [7, 7] kernel [0, 2] : tensor<1x2x3x3xf32>, tensor<1x2x3x3xi8>
  return
}

// -----

func.func @unpool_c1_size(%y: tensor<1x2x3x3xf32>, %i: tensor<1x2x3x3xi8>) {
  // expected-error @+1 {{size must be two positive numbers, but is [7, 0]}}
  %x = cnn.unpool %y, %i size [7, 0] kernel [2, 2] stride [2, 2] : tensor<1x2x3x3xf32>, tensor<1x2x3x3xi8>
  return
}

// -----

func.func @unpool_c1_size_count(%y: tensor<1x2x3x3xf32>, %i: tensor<1x2x3x3xi8>) {
  // expected-error @+1 {{size must be two positive numbers, but is [7]}}
  %x = cnn.unpool %y, %i size [7] kernel [2, 2] stride [2, 2] : tensor<1x2x3x3xf32>, tensor<1x2x3x3xi8>
  return
}

// -----

func.func @unpool_c1_zero_height(%y: tensor<1x2x3x3xf32>, %i: tensor<1x2x3x3xi8>) {
  // expected-error @+1 {{size must be two positive numbers}}
  %x = cnn.unpool %y, %i size [0, 7] kernel [2, 2] stride [2, 2] : tensor<1x2x3x3xf32>, tensor<1x2x3x3xi8>
  return
}

// -----

func.func @unpool_c1_zero_width(%y: tensor<1x2x3x3xf32>, %i: tensor<1x2x3x3xi8>) {
  // expected-error @+1 {{size must be two positive numbers}}
  %x = cnn.unpool %y, %i size [7, 0] kernel [2, 2] stride [2, 2] : tensor<1x2x3x3xf32>, tensor<1x2x3x3xi8>
  return
}

// -----

func.func @unpool_c2(%y: tensor<1x2x3x3xf32>, %i: tensor<1x2x3x3xi8>) {
  // expected-error @+1 {{the pool has 4x4 positions, but the operand has 3x3}}
  %x = cnn.unpool %y, %i size [8, 8] kernel [2, 2] stride [2, 2] : tensor<1x2x3x3xf32>, tensor<1x2x3x3xi8>
  return
}

// -----

func.func @unpool_c2_index(%y: tensor<1x2x3x3xf32>, %i: tensor<1x2x3x2xi8>) {
  // expected-error @+1 {{index has the type 'tensor<1x2x3x2xi8>', which is not the shape of the pool}}
  %x = cnn.unpool %y, %i size [7, 7] kernel [2, 2] stride [2, 2] : tensor<1x2x3x3xf32>, tensor<1x2x3x2xi8>
  return
}

// -----

func.func @unpool_c2_near(%y: tensor<1x2x3x3xf32>, %i: tensor<1x2x3x3xi8>) {
  %x = cnn.unpool %y, %i size [7, 7] kernel [2, 2] stride [2, 2] : tensor<1x2x3x3xf32>, tensor<1x2x3x3xi8>
  return
}

// -----

func.func @unpool_index_type(%y: tensor<1x2x3x3xf32>, %i: tensor<1x2x3x3xi64>) {
  // expected-error @+1 {{must be 4D tensor of i8 or i32 of static shape}}
  %x = cnn.unpool %y, %i size [7, 7] kernel [2, 2] stride [2, 2] : tensor<1x2x3x3xf32>, tensor<1x2x3x3xi64>
  return
}

// -----

func.func @pool_take_c1(%x: tensor<1x2x7x7xf32>, %i: tensor<1x2x3x3xi8>) {
  // expected-error @+1 {{stride must be positive, but is 0}}
  %y = cnn.pool_take %x, %i kernel [2, 2] stride [2, 0] : tensor<1x2x7x7xf32>, tensor<1x2x3x3xi8>
  return
}

// -----

func.func @pool_take_c2(%x: tensor<1x2x7x7xf32>, %i: tensor<1x1x3x3xi8>) {
  // expected-error @+1 {{index has the type 'tensor<1x1x3x3xi8>', which is not the shape of the pool}}
  %y = cnn.pool_take %x, %i kernel [2, 2] stride [2, 2] : tensor<1x2x7x7xf32>, tensor<1x1x3x3xi8>
  return
}

// -----

func.func @pool_take_c2_near(%x: tensor<1x2x7x7xf32>, %i: tensor<1x2x3x3xi8>) {
  %y = cnn.pool_take %x, %i kernel [2, 2] stride [2, 2] : tensor<1x2x7x7xf32>, tensor<1x2x3x3xi8>
  return
}

// -----

func.func @average_windows_c1(%x: tensor<1x2x3x3xf32>) {
  // expected-error @+1 {{size must be two positive numbers, but is [-7, 7]}}
  %y = cnn.average_windows %x size [-7, 7] kernel [2, 2] stride [2, 2] : tensor<1x2x3x3xf32>
  return
}

// -----

func.func @average_windows_c1_pad(%x: tensor<1x2x3x3xf32>) {
  // expected-error @+1 {{pad must have 4 numbers, but has 3}}
  %y = cnn.average_windows %x size [7, 7] kernel [2, 2] pad [0, 0, 0] : tensor<1x2x3x3xf32>
  return
}

// -----

func.func @average_windows_c2(%x: tensor<1x2x3x5xf32>) {
  // expected-error @+1 {{the pool has 4x3 positions, but the operand has 3x5}}
  %y = cnn.average_windows %x size [8, 7] kernel [2, 2] stride [2, 2] : tensor<1x2x3x5xf32>
  return
}

// -----

func.func @average_windows_c2_near(%x: tensor<1x2x3x3xf32>) {
  %y = cnn.average_windows %x size [7, 6] kernel [2, 2] stride [2, 2] : tensor<1x2x3x3xf32>
  return
}

// -----

func.func @average_windows_c3(%x: tensor<1x2x3x3xf32>) {
  // expected-error @+1 {{a window covers no position of the input in dimension 2}}
  %y = cnn.average_windows %x size [5, 7] kernel [2, 2] stride [2, 2] pad [2, 0, 0, 0] : tensor<1x2x3x3xf32>
  return
}

// -----

func.func @average_windows_c3_near(%x: tensor<1x2x3x3xf32>) {
  %y = cnn.average_windows %x size [5, 7] kernel [2, 2] stride [2, 2] pad [1, 0, 0, 0] : tensor<1x2x3x3xf32>
  return
}

// -----

func.func @average_windows_c4(%x: tensor<1x2x3x3xf32>) {
  // expected-error @+1 {{overhang of 1 is no part of the padding of 0 at the end of dimension 2}}
  %y = cnn.average_windows %x size [7, 7] kernel [2, 2] stride [2, 2] overhang [1, 0] : tensor<1x2x3x3xf32>
  return
}

// -----

func.func @average_windows_c4_near(%x: tensor<1x2x3x3xf32>) {
  %y = cnn.average_windows %x size [5, 7] kernel [2, 2] stride [2, 2] pad [0, 1, 0, 0] overhang [1, 0] : tensor<1x2x3x3xf32>
  return
}
