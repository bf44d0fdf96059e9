// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// One test for each constraint, and what nearly breaks it.

func.func @kernel_c1(%x: tensor<8x64xf32>, %t: tensor<8xf32>) {
  // expected-error @+1 {{expects a map for each of 2 operands, but has 1}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c1_reductions(%x: tensor<8x64xf32>, %t: tensor<8xf32>) {
  // expected-error @+1 {{expects 'reductions' for 2 loops, but has 1}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c1_loops(%x: tensor<8x64xf32>, %t: tensor<8xf32>) {
  // expected-error @+1 {{expects operand 0 to be indexed by 2 loops in 2 dimensions, but has affine_map<(d0) -> (d0, d0)>}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i) -> (i, i)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c1_rank(%x: tensor<8x64xf32>, %t: tensor<8xf32>) {
  // expected-error @+1 {{expects operand 1 to be indexed by 2 loops in 1 dimensions, but has affine_map<(d0, d1) -> (d0, d0)>}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i, i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c1_near(%x: f32, %t: tensor<8xf32>) {
  %y = cnn.kernel ins(%x : f32) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> ()>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c2(%x: tensor<8x64xf32>, %t: tensor<8xf32>) {
  // expected-error @+1 {{expects 'reduce' to take 'f32', 'f32', but it takes 'f32'}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c2_type(%x: tensor<8x64xf32>, %t: tensor<8xf32>) {
  // expected-error @+1 {{expects 'reduce' to take 'f32', 'f32', but it takes 'f64', 'f32'}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f64, %sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c2_yield(%x: tensor<8x64xf32>, %t: tensor<8xf32>) {
  // expected-error @+1 {{expects 'reduce' to yield 'f32'}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    cnn.yield %sum, %a : f32, f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c2_finish(%x: tensor<8x64xf32>, %t: tensor<8xf32>, %e: tensor<8xf32>) {
  // expected-error @+1 {{expects 'finish' to take 'f32', 'f32', but it takes 'f32'}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) extras(%e : tensor<8xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c2_finish_yield(%x: tensor<8x64xf32>, %t: tensor<8xf32>) {
  // expected-error @+1 {{expects 'finish' to yield 'f32'}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum, %sum : f32, f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c2_start(%x: tensor<8x64xf32>, %t: tensor<8xf32>) {
  // expected-error @+1 {{expects a number for each accumulator, but got []}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [[]] reduce {
  ^bb0(%a: f32, %sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c2_near(%x: tensor<8x64xf32>, %t: tensor<8xf32>, %e: tensor<8xf32>) {
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) extras(%e : tensor<8xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32, %more: f32):
    cnn.yield %more : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c3(%x: tensor<8x64xf32>, %t: tensor<8xf32>) {
  // expected-error @+1 {{loop 1 reduces, but indexes operand 1}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (k)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c3_extra(%x: tensor<8x64xf32>, %t: tensor<8xf32>, %e: tensor<8xf32>) {
  // expected-error @+1 {{loop 1 reduces, but indexes operand 1}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) extras(%e : tensor<8xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32, %more: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c3_near(%x: tensor<8x64xf32>, %t: tensor<8xf32>, %e: tensor<8xf32>) {
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) extras(%e : tensor<8xf32>) outs(%t : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (7 - i)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %sum: f32):
    cnn.yield %sum : f32
  } finish {
  ^bb0(%sum: f32, %more: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c4(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %z: tensor<4x16xf32>) {
  // expected-error @+1 {{expects 'window' and 'pool' together}}
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%z : tensor<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } pool {
  ^bb0(%first: f32, %second: f32):
    %0 = arith.maximumf %first, %second : f32
    cnn.yield %0 : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @kernel_c4_alone(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %z: tensor<4x16xf32>) {
  // expected-error @+1 {{expects 'window' and 'pool' together}}
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%z : tensor<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @kernel_c4_reduces(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %z: tensor<4x16xf32>) {
  // expected-error @+1 {{expects 'window' to name loops that do not reduce, in ascending order, but got 2}}
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%z : tensor<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [2] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } pool {
  ^bb0(%first: f32, %second: f32):
    %0 = arith.maximumf %first, %second : f32
    cnn.yield %0 : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @kernel_c4_loop(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %z: tensor<4x16xf32>) {
  // expected-error @+1 {{expects 'window' to name loops that do not reduce, in ascending order, but got 4}}
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%z : tensor<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [4] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } pool {
  ^bb0(%first: f32, %second: f32):
    %0 = arith.maximumf %first, %second : f32
    cnn.yield %0 : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @kernel_c4_order(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %z: tensor<4x16xf32>) {
  // expected-error @+1 {{expects 'window' to name loops that do not reduce, in ascending order, but got 0}}
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%z : tensor<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3, 0] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } pool {
  ^bb0(%first: f32, %second: f32):
    %0 = arith.maximumf %first, %second : f32
    cnn.yield %0 : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @kernel_c4_large(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %z: tensor<4x16xf32>) {
  // expected-error @+1 {{expects a window of at most 16 points, but it has 17}}
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%z : tensor<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 17] reductions [false, false, true, false] starts [0.0 : f32] window [3] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } pool {
  ^bb0(%first: f32, %second: f32):
    %0 = arith.maximumf %first, %second : f32
    cnn.yield %0 : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @kernel_c5(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %z: tensor<4x16xf32>) {
  // expected-error @+1 {{expects 'pool' to yield elements of some of 1 outputs}}
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%z : tensor<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } pool {
  ^bb0(%first: f32, %second: f32):
    %0 = arith.maximumf %first, %second : f32
    cnn.yield 
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @kernel_c5_many(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %z: tensor<4x16xf32>) {
  // expected-error @+1 {{expects 'pool' to yield elements of some of 1 outputs}}
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%z : tensor<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } pool {
  ^bb0(%first: f32, %second: f32):
    %0 = arith.maximumf %first, %second : f32
    cnn.yield %0, %0 : f32, f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @kernel_c5_finish(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %z: tensor<4x16xf32>, %f: tensor<8x16xf32>) {
  // expected-error @+1 {{expects 'finish' to yield values to pool after those of 1 outputs}}
  %y:2 = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%f, %z : tensor<8x16xf32>, tensor<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (2 * p + t, j)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } pool {
  ^bb0(%first: f32, %second: f32):
    %0 = arith.maximumf %first, %second : f32
    cnn.yield %0 : f32
  } -> tensor<8x16xf32>, tensor<4x16xf32>
  return
}

// -----

func.func @kernel_c5_takes(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %z: tensor<4x16xf32>) {
  // expected-error @+1 {{expects 'pool' to take 'f32', 'f32', but it takes 'f32', 'f32', 'f32'}}
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%z : tensor<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } pool {
  ^bb0(%first: f32, %second: f32, %third: f32):
    %0 = arith.maximumf %first, %second : f32
    cnn.yield %0 : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @kernel_c5_indexed(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %z: tensor<4x16xf32>) {
  // expected-error @+1 {{loop 3 is a part of the window, but indexes operand 2}}
  %y = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%z : tensor<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (2 * p + t, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } pool {
  ^bb0(%first: f32, %second: f32):
    %0 = arith.maximumf %first, %second : f32
    cnn.yield %0 : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @kernel_c5_near(%x: tensor<8x64xf32>, %w: tensor<16x64xf32>, %z: tensor<4x16xf32>, %f: tensor<8x16xf32>) {
  %y:2 = cnn.kernel ins(%x, %w : tensor<8x64xf32>, tensor<16x64xf32>) outs(%f, %z : tensor<8x16xf32>, tensor<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (2 * p + t, j)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3] reduce {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum, %sum : f32, f32
  } pool {
  ^bb0(%first: f32, %second: f32):
    %0 = arith.maximumf %first, %second : f32
    cnn.yield %0 : f32
  } -> tensor<8x16xf32>, tensor<4x16xf32>
  return
}

// -----

func.func @kernel_c6(%x: tensor<8x64xf32>, %f: tensor<8xf32>) {
  // expected-error@+1 {{expects 'domain' to have 2 dimensions and no symbols, but it has 1 and 1}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%f : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>] extents [8, 64] reductions [false, true]
      starts [0.0 : f32] domain affine_set<(i)[s] : (i + s >= 0)> reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c6_inequality(%x: tensor<8x64xf32>, %f: tensor<8xf32>) {
  // expected-error@+1 {{expects 'domain' to have linear inequalities only, but constraint 0 is an equality}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%f : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>] extents [8, 64] reductions [false, true]
      starts [0.0 : f32] domain affine_set<(i, k) : (i - k == 0)> reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}

// -----

func.func @kernel_c6_linear(%x: tensor<8x64xf32>, %f: tensor<8xf32>) {
  // expected-error@+1 {{expects 'domain' to have linear inequalities only, but constraint 1 is not linear}}
  %y = cnn.kernel ins(%x : tensor<8x64xf32>) outs(%f : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>] extents [8, 64] reductions [false, true]
      starts [0.0 : f32] domain affine_set<(i, k) : (i >= 0, i + k mod 2 >= 0)> reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8xf32>
  return
}
