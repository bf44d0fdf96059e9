// RUN: cnn-opt --cnn-lower-packs --split-input-file -verify-diagnostics %s

func.func @two_sizes(%w: tensor<64x32xf32>, %a: tensor<4x4x16x8xf32>) -> tensor<4x4x16x8xf32> {
  // expected-error @+1 {{'linalg.pack' op expected static blocks of one size}}
  %p = linalg.pack %w inner_dims_pos = [0, 1] inner_tiles = [16, 8] into %a : tensor<64x32xf32> -> tensor<4x4x16x8xf32>
  return %p : tensor<4x4x16x8xf32>
}

// -----

func.func @outer_order(%p: tensor<2x4x16xf32>, %a: tensor<4x32xf32>) -> tensor<4x32xf32> {
  // expected-error @+1 {{'linalg.unpack' op expected static blocks of one size}}
  %u = linalg.unpack %p outer_dims_perm = [1, 0] inner_dims_pos = [1] inner_tiles = [16] into %a : tensor<2x4x16xf32> -> tensor<4x32xf32>
  return %u : tensor<4x32xf32>
}

// -----

func.func @dynamic(%x: tensor<?xf32>, %a: tensor<?x16xf32>) -> tensor<?x16xf32> {
  // expected-error @+1 {{'linalg.pack' op expected static blocks of one size}}
  %p = linalg.pack %x inner_dims_pos = [0] inner_tiles = [16] into %a : tensor<?xf32> -> tensor<?x16xf32>
  return %p : tensor<?x16xf32>
}
