// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-lower-packs))' --split-input-file --verify-diagnostics %s

func.func @two_sizes(%w: tensor<32x48xf32>, %e: tensor<2x6x16x8xf32>) -> tensor<2x6x16x8xf32> {
  // expected-error @+1 {{expected static blocks of one size}}
  %p = linalg.pack %w inner_dims_pos = [0, 1] inner_tiles = [16, 8] into %e : tensor<32x48xf32> -> tensor<2x6x16x8xf32>
  return %p : tensor<2x6x16x8xf32>
}

// -----

func.func @outer_order(%p: tensor<3x2x16xf32>, %e: tensor<32x3xf32>) -> tensor<32x3xf32> {
  // expected-error @+1 {{expected static blocks of one size}}
  %u = linalg.unpack %p outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [16] into %e : tensor<3x2x16xf32> -> tensor<32x3xf32>
  return %u : tensor<32x3xf32>
}
