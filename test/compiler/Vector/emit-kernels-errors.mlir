// RUN: cnn-opt --cnn-emit-kernels %s -split-input-file -verify-diagnostics
//
// What is no schedule of the op's loops, and a near miss.

func.func private @no_schedule(%x: memref<8x64xf32>, %y: memref<8xf32>) {
  // expected-error-re @+1 {{expects 'cnn.schedule' to be a schedule of its 2 loops, but got {{.*}}: it is no dictionary}}
  cnn.kernel ins(%x : memref<8x64xf32>) outs(%y : memref<8xf32>) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32]
      attributes {cnn.schedule = 7 : i64} reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// -----

func.func private @another_loop(%x: memref<8x64xf32>, %y: memref<8xf32>) {
  // expected-error-re @+1 {{expects 'cnn.schedule' to be a schedule of its 2 loops, but got {{.*}}: 'lane_loop' must be from 0 to 1, but is 2}}
  cnn.kernel ins(%x : memref<8x64xf32>) outs(%y : memref<8xf32>) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 1>, lane_loop = 2, lanes = 8, levels = array<i64: 0, 1>, tasks = 0, tile = array<i64: 1, 1>}} reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// -----

func.func private @few_tiles(%x: memref<8x64xf32>, %y: memref<8xf32>) {
  // expected-error-re @+1 {{expects 'cnn.schedule' to be a schedule of its 2 loops, but got {{.*}}: 'tile' must have 2 numbers, but has 1}}
  cnn.kernel ins(%x : memref<8x64xf32>) outs(%y : memref<8xf32>) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 1>, lane_loop = 1, lanes = 8, levels = array<i64: 0, 1>, tasks = 0, tile = array<i64: 1>}} reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// -----

func.func private @half_level(%x: memref<8x64xf32>, %y: memref<8xf32>) {
  // expected-error-re @+1 {{expects 'cnn.schedule' to be a schedule of its 2 loops, but got {{.*}}: 'levels' must be pairs of a loop and a step}}
  cnn.kernel ins(%x : memref<8x64xf32>) outs(%y : memref<8xf32>) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 1>, lane_loop = 1, lanes = 8, levels = array<i64: 0, 1, 0>, tasks = 0, tile = array<i64: 1, 1>}} reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// -----

func.func private @step_of_nothing(%x: memref<8x64xf32>, %y: memref<8xf32>) {
  // expected-error-re @+1 {{expects 'cnn.schedule' to be a schedule of its 2 loops, but got {{.*}}: 'levels' has a step of 0}}
  cnn.kernel ins(%x : memref<8x64xf32>) outs(%y : memref<8xf32>) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 1>, lane_loop = 1, lanes = 8, levels = array<i64: 0, 0>, tasks = 0, tile = array<i64: 1, 1>}} reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// -----

func.func private @many_tasks(%x: memref<8x64xf32>, %y: memref<8xf32>) {
  // expected-error-re @+1 {{expects 'cnn.schedule' to be a schedule of its 2 loops, but got {{.*}}: 'tasks' must be from 0 to 1, but is 2}}
  cnn.kernel ins(%x : memref<8x64xf32>) outs(%y : memref<8xf32>) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 1>, lane_loop = 1, lanes = 8, levels = array<i64: 0, 1>, tasks = 2, tile = array<i64: 1, 1>}} reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// -----

func.func private @without_lanes(%x: memref<8x64xf32>, %y: memref<8xf32>) {
  // expected-error-re @+1 {{expects 'cnn.schedule' to be a schedule of its 2 loops, but got {{.*}}: 'lanes' is missing}}
  cnn.kernel ins(%x : memref<8x64xf32>) outs(%y : memref<8xf32>) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 1>, lane_loop = 1, levels = array<i64: 0, 1>, tasks = 0, tile = array<i64: 1, 1>}} reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// -----

func.func private @inner_of_others(%x: memref<8x64xf32>, %y: memref<8xf32>) {
  // expected-error-re @+1 {{expects 'cnn.schedule' to be a schedule of its 2 loops, but got {{.*}}: 'inner' must be the loops that reduce, each once, but has 2}}
  cnn.kernel ins(%x : memref<8x64xf32>) outs(%y : memref<8xf32>) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 0, 1>, tasks = 0, tile = array<i64: 1, 1>}} reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// -----

func.func private @near(%x: memref<8x64xf32>, %y: memref<8xf32>) {
  cnn.kernel ins(%x : memref<8x64xf32>) outs(%y : memref<8xf32>) maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      extents [8, 64] reductions [false, true] starts [0.0 : f32]
      attributes {cnn.schedule = {inner = array<i64: 1>, lane_loop = 1, lanes = 8, levels = array<i64: 0, 1>, tasks = 1, tile = array<i64: 1, 1>}} reduce {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  }
  return
}

// -----

func.func private @half_a_window(%x: memref<8x64xf32>, %w: memref<16x64xf32>, %z: memref<4x16xf32>) {
  // expected-error-re @+1 {{expects 'cnn.schedule' to be a schedule of its 4 loops, but got {{.*}}: loop 3 is pooled: it must be in a tile as a whole, with 2 iterations, and not as lanes}}
  cnn.kernel ins(%x, %w : memref<8x64xf32>, memref<16x64xf32>) outs(%z : memref<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 3, 1, 3, 2, 0, 1, 1, 8>, tasks = 0, tile = array<i64: 1, 8, 1, 2>}} reduce {
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
  }
  return
}

// -----

func.func private @window_by_window(%x: memref<8x64xf32>, %w: memref<16x64xf32>, %z: memref<4x16xf32>) {
  // expected-error-re @+1 {{expects 'cnn.schedule' to be a schedule of its 4 loops, but got {{.*}}: loop 3 is pooled: it must be in a tile as a whole, with 2 iterations, and not as lanes}}
  cnn.kernel ins(%x, %w : memref<8x64xf32>, memref<16x64xf32>) outs(%z : memref<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 0, 1, 1, 8, 3, 1>, tasks = 0, tile = array<i64: 1, 8, 1, 1>}} reduce {
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
  }
  return
}

// -----

func.func private @whole_windows(%x: memref<8x64xf32>, %w: memref<16x64xf32>, %z: memref<4x16xf32>) {
  cnn.kernel ins(%x, %w : memref<8x64xf32>, memref<16x64xf32>) outs(%z : memref<4x16xf32>)
      maps [affine_map<(p, j, k, t) -> (2 * p + t, k)>, affine_map<(p, j, k, t) -> (j, k)>, affine_map<(p, j, k, t) -> (p, j)>]
      extents [4, 16, 64, 2] reductions [false, false, true, false] starts [0.0 : f32] window [3]
      attributes {cnn.schedule = {inner = array<i64: 2>, lane_loop = 1, lanes = 8, levels = array<i64: 0, 1, 1, 8, 3, 2>, tasks = 0, tile = array<i64: 1, 8, 1, 2>}} reduce {
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
  }
  return
}
