// RUN: cnn-opt %s --pass-pipeline='builtin.module(func.func(cnn-hoist-updates))' --remark-format=emitRemark --remarks-filter=cnn-memory 2>&1 >/dev/null | FileCheck %s

// What is said of each update: first of those that cannot wait for others, then of sweeps, then of what is left.
// CHECK: [Missed] sweep | Category:cnn-memory | Remark="large: is updated alone: threads share it alone"
// CHECK: [Missed] {{.*}} Remark="turned: is updated alone: its elements read different places"
// CHECK: [Missed] {{.*}} Remark="mean: is updated alone: no learning rate takes part"
// CHECK: [Passed] sweep | Category:cnn-memory | Remark="{{first|second}}: is updated in a sweep of 2 variables, 9000 elements"
// CHECK: [Passed] {{.*}} Remark="{{first|second}}: is updated in a sweep of 2 variables, 9000 elements"
// CHECK: [Missed] {{.*}} Remark="other: is updated alone: too few others are ready before memory is full or the step ends"
#row = affine_map<(d0) -> (d0)>
#one = affine_map<(d0) -> ()>
#rows = affine_map<(d0, d1) -> (d0, d1)>
#columns = affine_map<(d0, d1) -> (d1, d0)>
#ones = affine_map<(d0, d1) -> ()>
func.func @train_step(
    %w: tensor<5000xf32> {cnn.role = "variable", cnn.name = "first"},
    %v: tensor<4000xf32> {cnn.role = "variable", cnn.name = "second"},
    %l: tensor<16384xf32> {cnn.role = "variable", cnn.name = "large"},
    %t: tensor<40x40xf32> {cnn.role = "variable", cnn.name = "turned"},
    %m: tensor<64xf32> {cnn.role = "variable", cnn.name = "mean"},
    %o: tensor<4096xf32> {cnn.role = "variable", cnn.name = "other"},
    %rate: tensor<f32> {cnn.role = "learning_rate"}) -> (tensor<5000xf32>, tensor<4000xf32>, tensor<16384xf32>, tensor<40x40xf32>, tensor<64xf32>, tensor<4096xf32>) {
  %ew = tensor.empty() : tensor<5000xf32>
  %dw = linalg.exp ins(%w : tensor<5000xf32>) outs(%ew : tensor<5000xf32>) -> tensor<5000xf32>
  %ev = tensor.empty() : tensor<4000xf32>
  %dv = linalg.exp ins(%v : tensor<4000xf32>) outs(%ev : tensor<4000xf32>) -> tensor<4000xf32>
  %el = tensor.empty() : tensor<16384xf32>
  %dl = linalg.exp ins(%l : tensor<16384xf32>) outs(%el : tensor<16384xf32>) -> tensor<16384xf32>
  %et = tensor.empty() : tensor<40x40xf32>
  %dt = linalg.exp ins(%t : tensor<40x40xf32>) outs(%et : tensor<40x40xf32>) -> tensor<40x40xf32>
  %em = tensor.empty() : tensor<64xf32>
  %dm = linalg.exp ins(%m : tensor<64xf32>) outs(%em : tensor<64xf32>) -> tensor<64xf32>
  %eo = tensor.empty() : tensor<4096xf32>
  %do = linalg.exp ins(%o : tensor<4096xf32>) outs(%eo : tensor<4096xf32>) -> tensor<4096xf32>
  %new_w = linalg.generic {indexing_maps = [#row, #one, #row], iterator_types = ["parallel"]} ins(%dw, %rate : tensor<5000xf32>, tensor<f32>) outs(%w : tensor<5000xf32>) {
  ^bb0(%d: f32, %r: f32, %old: f32):
    %step = arith.mulf %r, %d : f32
    %new = arith.subf %old, %step : f32
    linalg.yield %new : f32
  } -> tensor<5000xf32>
  %new_v = linalg.generic {indexing_maps = [#row, #one, #row], iterator_types = ["parallel"]} ins(%dv, %rate : tensor<4000xf32>, tensor<f32>) outs(%v : tensor<4000xf32>) {
  ^bb0(%d: f32, %r: f32, %old: f32):
    %step = arith.mulf %r, %d : f32
    %new = arith.subf %old, %step : f32
    linalg.yield %new : f32
  } -> tensor<4000xf32>
  %new_l = linalg.generic {indexing_maps = [#row, #one, #row], iterator_types = ["parallel"]} ins(%dl, %rate : tensor<16384xf32>, tensor<f32>) outs(%l : tensor<16384xf32>) {
  ^bb0(%d: f32, %r: f32, %old: f32):
    %step = arith.mulf %r, %d : f32
    %new = arith.subf %old, %step : f32
    linalg.yield %new : f32
  } -> tensor<16384xf32>
  %new_t = linalg.generic {indexing_maps = [#columns, #ones, #rows], iterator_types = ["parallel", "parallel"]} ins(%dt, %rate : tensor<40x40xf32>, tensor<f32>) outs(%t : tensor<40x40xf32>) {
  ^bb0(%d: f32, %r: f32, %old: f32):
    %step = arith.mulf %r, %d : f32
    %new = arith.subf %old, %step : f32
    linalg.yield %new : f32
  } -> tensor<40x40xf32>
  %new_m = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel"]} ins(%dm : tensor<64xf32>) outs(%m : tensor<64xf32>) {
  ^bb0(%d: f32, %old: f32):
    %new = arith.addf %old, %d : f32
    linalg.yield %new : f32
  } -> tensor<64xf32>
  %new_o = linalg.generic {indexing_maps = [#row, #one, #row], iterator_types = ["parallel"]} ins(%do, %rate : tensor<4096xf32>, tensor<f32>) outs(%o : tensor<4096xf32>) {
  ^bb0(%d: f32, %r: f32, %old: f32):
    %new = arith.addf %old, %r : f32
    linalg.yield %new : f32
  } -> tensor<4096xf32>
  return %new_w, %new_v, %new_l, %new_t, %new_m, %new_o : tensor<5000xf32>, tensor<4000xf32>, tensor<16384xf32>, tensor<40x40xf32>, tensor<64xf32>, tensor<4096xf32>
}
