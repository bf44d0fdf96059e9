// RUN: cnn-opt %s --pass-pipeline='builtin.module(func.func(cnn-hoist-updates))' --split-input-file | FileCheck %s

// Behind its gradient and the last reader of the variable, through a view too; the other gradient
// comes later.
// CHECK-LABEL: func.func @train_step(
// CHECK: linalg.exp
// CHECK-NEXT: tensor.expand_shape
// CHECK: linalg.copy
// CHECK-NEXT: linalg.sub
// CHECK: linalg.negf
// CHECK-NEXT: linalg.sub
// CHECK-NEXT: return
func.func @train_step(%v: tensor<4xf32>, %w: tensor<4xf32>, %x: tensor<4xf32>) -> (tensor<2x2xf32>, tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %f = tensor.empty() : tensor<2x2xf32>
  %g = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %view = tensor.expand_shape %w [[0, 1]] output_shape [2, 2] : tensor<4xf32> into tensor<2x2xf32>
  %read = linalg.copy ins(%view : tensor<2x2xf32>) outs(%f : tensor<2x2xf32>) -> tensor<2x2xf32>
  %h = linalg.negf ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %r = linalg.sub ins(%w, %g : tensor<4xf32>, tensor<4xf32>) outs(%w : tensor<4xf32>) -> tensor<4xf32>
  %s = linalg.sub ins(%v, %h : tensor<4xf32>, tensor<4xf32>) outs(%v : tensor<4xf32>) -> tensor<4xf32>
  return %read, %r, %s : tensor<2x2xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// The new value is read: that op would have to come too. A result in a new tensor is no update.
// CHECK-LABEL: func.func @left_alone(
// CHECK: linalg.exp
// CHECK-NEXT: linalg.negf
// CHECK-NEXT: linalg.sub
// CHECK-NEXT: linalg.add
// CHECK-NEXT: return
func.func @left_alone(%w: tensor<4xf32>, %x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %g = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %h = linalg.negf ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %r = linalg.sub ins(%w, %g : tensor<4xf32>, tensor<4xf32>) outs(%w : tensor<4xf32>) -> tensor<4xf32>
  %s = linalg.add ins(%r, %g : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %h, %r, %s : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// Small updates of one rule wait until they are worth a sweep together, 8192 elements, in the order
// in which they can be done: here the gradient of %v comes first. That of a large variable waits for
// nobody, nor does another rule.
// CHECK-LABEL: func.func @gathered(
// CHECK-SAME: %[[W:[^:]*]]: tensor<5000xf32>, %[[V:[^:]*]]: tensor<50x80xf32>, %[[L:[^:]*]]: tensor<16384xf32>, %[[O:[^:]*]]: tensor<4096xf32>
// CHECK: linalg.exp {{.*}} tensor<16384xf32>
// CHECK-NEXT: linalg.generic {{.*}} outs(%[[L]] :
// CHECK: linalg.exp {{.*}} tensor<50x80xf32>
// CHECK-NEXT: linalg.exp {{.*}} tensor<4096xf32>
// CHECK-NEXT: linalg.generic {{.*}} outs(%[[O]] :
// CHECK: linalg.exp {{.*}} tensor<5000xf32>
// CHECK-NEXT: linalg.generic {{.*}} outs(%[[V]] :
// CHECK: linalg.generic {{.*}} outs(%[[W]] :
// CHECK: linalg.negf
#row = affine_map<(d0) -> (d0)>
#rows = affine_map<(d0, d1) -> (d0, d1)>
#one = affine_map<(d0) -> ()>
#ones = affine_map<(d0, d1) -> ()>
func.func @gathered(%w: tensor<5000xf32>, %v: tensor<50x80xf32>, %l: tensor<16384xf32>, %o: tensor<4096xf32>, %rate: tensor<f32> {cnn.role = "learning_rate"}) -> (tensor<5000xf32>, tensor<50x80xf32>, tensor<16384xf32>, tensor<4096xf32>, tensor<4096xf32>) {
  %e = tensor.empty() : tensor<16384xf32>
  %f = tensor.empty() : tensor<50x80xf32>
  %g = tensor.empty() : tensor<4096xf32>
  %h = tensor.empty() : tensor<5000xf32>
  %dl = linalg.exp ins(%l : tensor<16384xf32>) outs(%e : tensor<16384xf32>) -> tensor<16384xf32>
  %dv = linalg.exp ins(%v : tensor<50x80xf32>) outs(%f : tensor<50x80xf32>) -> tensor<50x80xf32>
  %do = linalg.exp ins(%o : tensor<4096xf32>) outs(%g : tensor<4096xf32>) -> tensor<4096xf32>
  %dw = linalg.exp ins(%w : tensor<5000xf32>) outs(%h : tensor<5000xf32>) -> tensor<5000xf32>
  %last = linalg.negf ins(%do : tensor<4096xf32>) outs(%g : tensor<4096xf32>) -> tensor<4096xf32>
  %new_w = linalg.generic {indexing_maps = [#row, #one, #row], iterator_types = ["parallel"]} ins(%dw, %rate : tensor<5000xf32>, tensor<f32>) outs(%w : tensor<5000xf32>) {
  ^bb0(%d: f32, %r: f32, %old: f32):
    %step = arith.mulf %r, %d : f32
    %new = arith.subf %old, %step : f32
    linalg.yield %new : f32
  } -> tensor<5000xf32>
  %new_v = linalg.generic {indexing_maps = [#rows, #ones, #rows], iterator_types = ["parallel", "parallel"]} ins(%dv, %rate : tensor<50x80xf32>, tensor<f32>) outs(%v : tensor<50x80xf32>) {
  ^bb0(%d: f32, %r: f32, %old: f32):
    %step = arith.mulf %r, %d : f32
    %new = arith.subf %old, %step : f32
    linalg.yield %new : f32
  } -> tensor<50x80xf32>
  %new_l = linalg.generic {indexing_maps = [#row, #one, #row], iterator_types = ["parallel"]} ins(%dl, %rate : tensor<16384xf32>, tensor<f32>) outs(%l : tensor<16384xf32>) {
  ^bb0(%d: f32, %r: f32, %old: f32):
    %step = arith.mulf %r, %d : f32
    %new = arith.subf %old, %step : f32
    linalg.yield %new : f32
  } -> tensor<16384xf32>
  %new_o = linalg.generic {indexing_maps = [#row, #one, #row], iterator_types = ["parallel"]} ins(%do, %rate : tensor<4096xf32>, tensor<f32>) outs(%o : tensor<4096xf32>) {
  ^bb0(%d: f32, %r: f32, %old: f32):
    %new = arith.addf %old, %d : f32
    linalg.yield %new : f32
  } -> tensor<4096xf32>
  return %new_w, %new_v, %new_l, %new_o, %last : tensor<5000xf32>, tensor<50x80xf32>, tensor<16384xf32>, tensor<4096xf32>, tensor<4096xf32>
}

// -----

// Without a learning rate: running statistics, each updated at once.
// CHECK-LABEL: func.func @statistics(
// CHECK: linalg.exp
// CHECK-NEXT: linalg.generic
// CHECK: linalg.negf
// CHECK-NEXT: linalg.generic
#row = affine_map<(d0) -> (d0)>
func.func @statistics(%v: tensor<5000xf32>, %w: tensor<5000xf32>) -> (tensor<5000xf32>, tensor<5000xf32>) {
  %e = tensor.empty() : tensor<5000xf32>
  %mean_v = linalg.exp ins(%v : tensor<5000xf32>) outs(%e : tensor<5000xf32>) -> tensor<5000xf32>
  %mean_w = linalg.negf ins(%w : tensor<5000xf32>) outs(%e : tensor<5000xf32>) -> tensor<5000xf32>
  %new_v = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel"]} ins(%mean_v : tensor<5000xf32>) outs(%v : tensor<5000xf32>) {
  ^bb0(%m: f32, %old: f32):
    %new = arith.addf %old, %m : f32
    linalg.yield %new : f32
  } -> tensor<5000xf32>
  %new_w = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel"]} ins(%mean_w : tensor<5000xf32>) outs(%w : tensor<5000xf32>) {
  ^bb0(%m: f32, %old: f32):
    %new = arith.addf %old, %m : f32
    linalg.yield %new : f32
  } -> tensor<5000xf32>
  return %new_v, %new_w : tensor<5000xf32>, tensor<5000xf32>
}

// -----

// No gradient waits where memory is full: between these two much more of it is in use than elsewhere.
// CHECK-LABEL: func.func @full_between(
// CHECK: linalg.exp {{.*}} tensor<5000xf32>
// CHECK-NEXT: linalg.generic {{.*}} outs(%arg0 :
// CHECK: linalg.exp {{.*}} tensor<100000xf32>
// CHECK: linalg.negf {{.*}} tensor<5000xf32>
// CHECK-NEXT: linalg.generic {{.*}} outs(%arg1 :
#row = affine_map<(d0) -> (d0)>
#one = affine_map<(d0) -> ()>
func.func @full_between(%v: tensor<5000xf32>, %w: tensor<5000xf32>, %x: tensor<100000xf32>, %rate: tensor<f32> {cnn.role = "learning_rate"}) -> (tensor<5000xf32>, tensor<5000xf32>, tensor<100000xf32>) {
  %e = tensor.empty() : tensor<5000xf32>
  %f = tensor.empty() : tensor<5000xf32>
  %g = tensor.empty() : tensor<100000xf32>
  %h = tensor.empty() : tensor<100000xf32>
  %dv = linalg.exp ins(%v : tensor<5000xf32>) outs(%e : tensor<5000xf32>) -> tensor<5000xf32>
  %y = linalg.exp ins(%x : tensor<100000xf32>) outs(%g : tensor<100000xf32>) -> tensor<100000xf32>
  %z = linalg.exp ins(%y : tensor<100000xf32>) outs(%h : tensor<100000xf32>) -> tensor<100000xf32>
  %dw = linalg.negf ins(%w : tensor<5000xf32>) outs(%f : tensor<5000xf32>) -> tensor<5000xf32>
  %new_v = linalg.generic {indexing_maps = [#row, #one, #row], iterator_types = ["parallel"]} ins(%dv, %rate : tensor<5000xf32>, tensor<f32>) outs(%v : tensor<5000xf32>) {
  ^bb0(%d: f32, %r: f32, %old: f32):
    %step = arith.mulf %r, %d : f32
    %new = arith.subf %old, %step : f32
    linalg.yield %new : f32
  } -> tensor<5000xf32>
  %new_w = linalg.generic {indexing_maps = [#row, #one, #row], iterator_types = ["parallel"]} ins(%dw, %rate : tensor<5000xf32>, tensor<f32>) outs(%w : tensor<5000xf32>) {
  ^bb0(%d: f32, %r: f32, %old: f32):
    %step = arith.mulf %r, %d : f32
    %new = arith.subf %old, %step : f32
    linalg.yield %new : f32
  } -> tensor<5000xf32>
  return %new_v, %new_w, %z : tensor<5000xf32>, tensor<5000xf32>, tensor<100000xf32>
}
