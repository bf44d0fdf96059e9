// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

func.func @upsample_c1(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{factor must be positive, but is 0}}
  %y = cnn.upsample %x factor 0 : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @upsample_c1_negative(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{factor must be positive, but is -2}}
  %y = cnn.upsample %x factor -2 bilinear : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @upsample_c1_near(%x: tensor<2x3x4x5xf32>) {
  %y = cnn.upsample %x factor 1 : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @upsample_c2(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{size overflows 64 bits in dimension 2}}
  %y = cnn.upsample %x factor 4611686018427387904 : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @upsample_c2_product(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{whose product fits 64 bits}}
  %y = cnn.upsample %x factor 4294967296 : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @upsample_c2_near(%x: tensor<2x3x4x5xf32>) {
  %y = cnn.upsample %x factor 65536 : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @upsample_rank(%x: tensor<3x4x5xf32>) {
  // expected-error @+1 {{operand must have the rank 4, but is}}
  %y = cnn.upsample %x factor 2 : tensor<3x4x5xf32>
  return
}

// -----

func.func @upsample_adjoint_c1(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{factor must be positive, but is 0}}
  %y = cnn.upsample_adjoint %x factor 0 : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @upsample_adjoint_c1_height(%x: tensor<2x3x5x6xf32>) {
  // expected-error @+1 {{factor 3 does not divide the 5 positions of dimension 2}}
  %y = cnn.upsample_adjoint %x factor 3 : tensor<2x3x5x6xf32>
  return
}

// -----

func.func @upsample_adjoint_c1_width(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{factor 2 does not divide the 5 positions of dimension 3}}
  %y = cnn.upsample_adjoint %x factor 2 : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @upsample_adjoint_c1_near(%x: tensor<2x3x9x6xf32>) {
  %y = cnn.upsample_adjoint %x factor 3 : tensor<2x3x9x6xf32>
  return
}

// -----

func.func @adaptive_avg_pool_c1(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{size must be two positive numbers, but is [2, 0]}}
  %y = cnn.adaptive_avg_pool %x size [2, 0] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_avg_pool_c1_height(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{size must be two positive numbers, but is [0, 2]}}
  %y = cnn.adaptive_avg_pool %x size [0, 2] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_avg_pool_c1_negative(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{size must be two positive numbers}}
  %y = cnn.adaptive_avg_pool %x size [-1, 2] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_avg_pool_c1_count(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{size must be two positive numbers}}
  %y = cnn.adaptive_avg_pool %x size [2, 2, 2] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_avg_pool_c1_near(%x: tensor<2x3x4x5xf32>) {
  %y = cnn.adaptive_avg_pool %x size [1, 9] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_avg_pool_c2(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{whose product fits 64 bits}}
  %y = cnn.adaptive_avg_pool %x size [4294967296, 4294967296] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_avg_pool_c2_near(%x: tensor<2x3x4x5xf32>) {
  %y = cnn.adaptive_avg_pool %x size [4294967296, 2] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_avg_pool_rank(%x: tensor<3x4x5xf32>) {
  // expected-error @+1 {{operand must have the rank 4, but is}}
  %y = cnn.adaptive_avg_pool %x size [2, 2] : tensor<3x4x5xf32>
  return
}

// -----

func.func @adaptive_spread_c1(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{size must be two positive numbers, but is [2, 0]}}
  %y = cnn.adaptive_spread %x size [2, 0] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_spread_c1_height(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{size must be two positive numbers, but is [0, 2]}}
  %y = cnn.adaptive_spread %x size [0, 2] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_spread_c1_negative(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{size must be two positive numbers}}
  %y = cnn.adaptive_spread %x size [-1, 2] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_spread_c1_count(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{size must be two positive numbers}}
  %y = cnn.adaptive_spread %x size [2, 2, 2] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_spread_c1_near(%x: tensor<2x3x4x5xf32>) {
  %y = cnn.adaptive_spread %x size [1, 9] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_spread_c2(%x: tensor<2x3x4x5xf32>) {
  // expected-error @+1 {{whose product fits 64 bits}}
  %y = cnn.adaptive_spread %x size [4294967296, 4294967296] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_spread_c2_near(%x: tensor<2x3x4x5xf32>) {
  %y = cnn.adaptive_spread %x size [4294967296, 2] : tensor<2x3x4x5xf32>
  return
}

// -----

func.func @adaptive_spread_rank(%x: tensor<3x4x5xf32>) {
  // expected-error @+1 {{operand must have the rank 4, but is}}
  %y = cnn.adaptive_spread %x size [2, 2] : tensor<3x4x5xf32>
  return
}
