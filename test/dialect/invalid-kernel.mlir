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
