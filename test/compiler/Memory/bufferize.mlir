// RUN: cnn-opt %s --cnn-bufferize --canonicalize --split-input-file | FileCheck %s

// Results become destinations: an update is in place, an output is a new argument.
// CHECK-LABEL: func.func @train_step(
// CHECK-SAME: %[[X:[a-z0-9]*]]: memref<4xf32> {cnn.name = "x", cnn.role = "input"}
// CHECK-SAME: %[[W:[a-z0-9]*]]: memref<4xf32> {cnn.name = "w", cnn.role = "variable"}
// CHECK-SAME: %[[LOSS:[a-z0-9]*]]: memref<f32> {cnn.role = "loss"}) {
// CHECK-NOT: alloc
// CHECK: linalg.reduce
// CHECK-SAME: outs(%[[LOSS]]
// CHECK: linalg.sub ins(%[[W]], %[[X]] : {{.*}}) outs(%[[W]]
// CHECK-NEXT: return{{$}}
func.func @train_step(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"},
                      %w: tensor<4xf32> {cnn.role = "variable", cnn.name = "w"})
    -> (tensor<f32> {cnn.role = "loss"}, tensor<4xf32> {cnn.role = "update", cnn.name = "w"}) {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<f32>
  %f = linalg.fill ins(%zero : f32) outs(%e0 : tensor<f32>) -> tensor<f32>
  %loss = linalg.reduce {arith.addf} ins(%w : tensor<4xf32>) outs(%f : tensor<f32>) dimensions = [0]
  %e = tensor.empty() : tensor<4xf32>
  %r = linalg.sub ins(%w, %x : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %loss, %r : tensor<f32>, tensor<4xf32>
}

// -----

// A near miss: the old value is read after the new one exists, so that waits in a buffer.
// CHECK-LABEL: func.func @read_after_update(
// CHECK-SAME: %[[X:[a-z0-9]*]]: memref<4xf32> {cnn.name = "x"
// CHECK-SAME: %[[W:[a-z0-9]*]]: memref<4xf32> {cnn.name = "w"
// CHECK-SAME: %[[Y:[a-z0-9]*]]: memref<4xf32> {cnn.name = "y", cnn.role = "output"}
// CHECK: %[[NEW:.*]] = memref.alloc()
// CHECK: linalg.sub ins(%[[W]], %[[X]] : {{.*}}) outs(%[[NEW]]
// CHECK: linalg.mul ins(%[[NEW]], %[[W]] : {{.*}}) outs(%[[Y]]
// CHECK: linalg.copy ins(%[[NEW]] : {{.*}}) outs(%[[W]]
// CHECK-NEXT: return{{$}}
func.func @read_after_update(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"},
                             %w: tensor<4xf32> {cnn.role = "variable", cnn.name = "w"})
    -> (tensor<4xf32> {cnn.role = "update", cnn.name = "w"}, tensor<4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %e = tensor.empty() : tensor<4xf32>
  %r = linalg.sub ins(%w, %x : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %y = linalg.mul ins(%r, %w : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %r, %y : tensor<4xf32>, tensor<4xf32>
}

// -----

// Two variables change places, and the old value of one is an output.
// CHECK-LABEL: func.func @swap(
// CHECK-SAME: %[[V:[a-z0-9]*]]: memref<4xf32> {cnn.name = "v"
// CHECK-SAME: %[[W:[a-z0-9]*]]: memref<4xf32> {cnn.name = "w"
// CHECK-SAME: %[[Y:[a-z0-9]*]]: memref<2x2xf32> {cnn.name = "y"
// CHECK-DAG: linalg.copy ins(%[[W]] : {{.*}}) outs(%[[OLDW:.*]] :
// CHECK-DAG: linalg.copy ins(%[[V]] : {{.*}}) outs(%[[OLDV:.*]] :
// CHECK: linalg.copy ins(%[[OLDW]] : {{.*}}) outs(%[[V]]
// CHECK: linalg.copy ins(%[[OLDV]] : {{.*}}) outs(%[[W]]
// CHECK: linalg.copy {{.*}} outs(%[[Y]]
// CHECK-NEXT: return{{$}}
func.func @swap(%v: tensor<4xf32> {cnn.role = "variable", cnn.name = "v"},
                %w: tensor<4xf32> {cnn.role = "variable", cnn.name = "w"})
    -> (tensor<4xf32> {cnn.role = "update", cnn.name = "v"}, tensor<4xf32> {cnn.role = "update", cnn.name = "w"},
        tensor<2x2xf32> {cnn.role = "output", cnn.name = "y"}) {
  %y = tensor.expand_shape %w [[0, 1]] output_shape [2, 2] : tensor<4xf32> into tensor<2x2xf32>
  return %w, %v, %y : tensor<4xf32>, tensor<4xf32>, tensor<2x2xf32>
}

// -----

// An input is never written, even where it dies.
// CHECK-LABEL: func.func @forward(
// CHECK-SAME: %[[X:[a-z0-9]*]]: memref<4xf32> {cnn.name = "x"
// CHECK-SAME: %[[Y:[a-z0-9]*]]: memref<4xf32> {cnn.name = "y"
// CHECK: linalg.copy ins(%[[X]] : {{.*}}) outs(%[[T:.*]] :
// CHECK: linalg.generic {{.*}} outs(%[[T]]
// CHECK: linalg.copy ins(%[[T]] : {{.*}}) outs(%[[Y]]
// CHECK-NOT: outs(%[[X]]
func.func @forward(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"})
    -> (tensor<4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%x : tensor<4xf32>) {
  ^bb0(%a: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// A strided copy stays linalg: memref.copy would become a call.
// CHECK-LABEL: func.func @slice(
// CHECK-NOT: memref.copy
// CHECK: memref.subview
// CHECK: linalg.copy
func.func @slice(%x: tensor<4x4xf32> {cnn.role = "input", cnn.name = "x"})
    -> (tensor<8x8xf32> {cnn.role = "output", cnn.name = "y"}) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x8xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  %y = tensor.insert_slice %x into %f[2, 2] [4, 4] [1, 1] : tensor<4x4xf32> into tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}

// -----

// One value for two results is computed in the first destination and copied to the second.
// CHECK-LABEL: func.func @twice(
// CHECK-SAME: %[[X:[a-z0-9]*]]: memref<4xf32> {cnn.name = "x"
// CHECK-SAME: %[[A:[a-z0-9]*]]: memref<4xf32> {cnn.name = "a"
// CHECK-SAME: %[[B:[a-z0-9]*]]: memref<4xf32> {cnn.name = "b"
// CHECK-NOT: memref.alloc
// CHECK: linalg.generic {{.*}} ins(%[[X]] : {{.*}}) outs(%[[A]]
// CHECK: linalg.copy ins(%[[A]] : {{.*}}) outs(%[[B]]
func.func @twice(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"})
    -> (tensor<4xf32> {cnn.role = "output", cnn.name = "a"},
        tensor<4xf32> {cnn.role = "output", cnn.name = "b"}) {
  %e = tensor.empty() : tensor<4xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  return %y, %y : tensor<4xf32>, tensor<4xf32>
}

// -----

// A probe has a destination of its own, like an output.
// CHECK-LABEL: func.func @probe(
// CHECK-SAME: %[[X:[a-z0-9]*]]: memref<4xf32> {cnn.name = "x"
// CHECK-SAME: %[[PROBE:[a-z0-9]*]]: memref<4xf32> {cnn.role = "probe"})
// CHECK: linalg.copy ins(%[[X]] : {{.*}}) outs(%[[PROBE]]
func.func @probe(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"}) -> (tensor<4xf32> {cnn.role = "probe"}) {
  return %x : tensor<4xf32>
}

// -----

// A border is written where the padded tensor is, and reads nothing; what computes the inside
// writes it there.
// CHECK-LABEL: func.func @border(
// CHECK-SAME: %[[X:[a-z0-9]*]]: memref<4xf32> {cnn.name = "x"
// CHECK-SAME: %[[Y:[a-z0-9]*]]: memref<6xf32> {cnn.name = "y"
// CHECK-NOT: alloc
// CHECK: cnn.fill_border %[[Y]] low [1] high [1] value 0.000000e+00 : f32 : memref<6xf32>
// CHECK: %[[INSIDE:.*]] = memref.subview %[[Y]][1] [4] [1]
// CHECK: linalg.exp ins(%[[X]] : {{.*}}) outs(%[[INSIDE]]
// CHECK: return
func.func @border(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"})
    -> (tensor<6xf32> {cnn.role = "output", cnn.name = "y"}) {
  %t = tensor.empty() : tensor<6xf32>
  %b = cnn.fill_border %t low [1] high [1] value 0.0 : f32 : tensor<6xf32>
  %e = tensor.empty() : tensor<4xf32>
  %i = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %p = tensor.insert_slice %i into %b[1] [4] [1] : tensor<4xf32> into tensor<6xf32>
  return %p : tensor<6xf32>
}
