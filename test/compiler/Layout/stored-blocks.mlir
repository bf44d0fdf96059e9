// Which variables cnn-assign-layouts stores in blocks.
// RUN: cnn-opt --cnn-assign-layouts=layout=channels --split-input-file %s | FileCheck %s
// RUN: cnn-opt --cnn-assign-layouts=layout=images --split-input-file %s | FileCheck %s --check-prefix=IMAGES --implicit-check-not='{blocks'
// IMAGES: cnn.variable @stem

// A stem, whole and not whole blocks, a depthwise filter; the bias and the matrix stay. Both functions
// read the filters, one of them turned as well. What momentum keeps is stored as its parameter.
// CHECK: cnn.variable @stem parameter : tensor<20x3x3x3xf32> {blocks = array<i64: 0>}
// CHECK: cnn.variable @inner parameter : tensor<32x20x3x3xf32> {blocks = array<i64: 1, 0>}
// CHECK: cnn.variable @inner.momentum slot : tensor<32x20x3x3xf32> {blocks = array<i64: 1, 0>}
// CHECK: cnn.variable @depthwise parameter : tensor<32x1x3x3xf32> {blocks = array<i64: 0>}
// CHECK: cnn.variable @bias parameter : tensor<32xf32>{{$}}
// CHECK: cnn.variable @turned parameter : tensor<32x16x3x3xf32>{{$}}
cnn.variable @stem parameter : tensor<20x3x3x3xf32>
cnn.variable @inner parameter : tensor<32x20x3x3xf32>
cnn.variable @inner.momentum slot : tensor<32x20x3x3xf32>
cnn.variable @depthwise parameter : tensor<32x1x3x3xf32>
cnn.variable @bias parameter : tensor<32xf32>
cnn.variable @turned parameter : tensor<32x16x3x3xf32>
func.func @forward(%x: tensor<16x3x9x9xf32> {cnn.role = "input", cnn.name = "x"},
                   %a: tensor<20x3x3x3xf32> {cnn.role = "variable", cnn.name = "stem"},
                   %b: tensor<32x20x3x3xf32> {cnn.role = "variable", cnn.name = "inner"},
                   %c: tensor<32x1x3x3xf32> {cnn.role = "variable", cnn.name = "depthwise"},
                   %d: tensor<32xf32> {cnn.role = "variable", cnn.name = "bias"},
                   %t: tensor<32x16x3x3xf32> {cnn.role = "variable", cnn.name = "turned"}) -> tensor<16x16x3x3xf32> {
  %0 = cnn.conv2d %x, %a : tensor<16x3x9x9xf32>, tensor<20x3x3x3xf32>
  %1 = cnn.conv2d %0, %b : tensor<16x20x7x7xf32>, tensor<32x20x3x3xf32>
  %2 = cnn.conv2d %1, %c groups 32 : tensor<16x32x5x5xf32>, tensor<32x1x3x3xf32>
  %3 = cnn.bias_add %2, %d : tensor<16x32x3x3xf32>, tensor<32xf32>
  // A transposed convolution.
  %4 = cnn.transpose_filter %t : tensor<32x16x3x3xf32>
  %5 = cnn.conv2d %3, %4 pad [1, 1, 1, 1] : tensor<16x32x3x3xf32>, tensor<16x32x3x3xf32>
  return %5 : tensor<16x16x3x3xf32>
}
// CHECK-LABEL: func.func @train_step
// CHECK: cnn.momentum {{.*}} {cnn.blocks = array<i64: 1, 0>}
func.func @train_step(%x: tensor<16x20x7x7xf32> {cnn.role = "input", cnn.name = "x"},
                      %b: tensor<32x20x3x3xf32> {cnn.role = "variable", cnn.name = "inner"},
                      %m: tensor<32x20x3x3xf32> {cnn.role = "variable", cnn.name = "inner.momentum"},
                      %lr: tensor<f32> {cnn.role = "learning_rate"})
    -> (tensor<16x20x7x7xf32>, tensor<32x20x3x3xf32>, tensor<32x20x3x3xf32>) {
  %0 = cnn.conv2d %x, %b : tensor<16x20x7x7xf32>, tensor<32x20x3x3xf32>
  %1 = cnn.transpose_filter %b : tensor<32x20x3x3xf32>
  %2 = cnn.conv2d %0, %1 pad [2, 2, 2, 2] : tensor<16x32x5x5xf32>, tensor<20x32x3x3xf32>
  %3 = cnn.filter_gradient %x, %0 kernel [3, 3] : tensor<16x20x7x7xf32>, tensor<16x32x5x5xf32>
  %4:2 = cnn.momentum %b, %3, %m, %lr momentum 9.0e-1 : tensor<32x20x3x3xf32>
  return %2, %4#0, %4#1 : tensor<16x20x7x7xf32>, tensor<32x20x3x3xf32>, tensor<32x20x3x3xf32>
}

// -----

// IMAGES: cnn.variable @shared
// Layers that share a filter: their gradients are added as it is stored.
// CHECK: cnn.variable @shared parameter : tensor<32x32x3x3xf32> {blocks = array<i64: 1, 0>}
// CHECK: cnn.add {{.*}} {cnn.blocks = array<i64: 1, 0>} : tensor<32x32x3x3xf32>
// CHECK: cnn.sgd {{.*}} {cnn.blocks = array<i64: 1, 0>}
cnn.variable @shared parameter : tensor<32x32x3x3xf32>
func.func @train_step(%x: tensor<16x32x7x7xf32> {cnn.role = "input", cnn.name = "x"},
                      %w: tensor<32x32x3x3xf32> {cnn.role = "variable", cnn.name = "shared"},
                      %lr: tensor<f32> {cnn.role = "learning_rate"}) -> tensor<32x32x3x3xf32> {
  %0 = cnn.conv2d %x, %w : tensor<16x32x7x7xf32>, tensor<32x32x3x3xf32>
  %1 = cnn.conv2d %0, %w : tensor<16x32x5x5xf32>, tensor<32x32x3x3xf32>
  %2 = cnn.filter_gradient %x, %0 kernel [3, 3] : tensor<16x32x7x7xf32>, tensor<16x32x5x5xf32>
  %3 = cnn.filter_gradient %0, %1 kernel [3, 3] : tensor<16x32x5x5xf32>, tensor<16x32x3x3xf32>
  %4 = cnn.add %2, %3 : tensor<32x32x3x3xf32>
  %5 = cnn.sgd %w, %4, %lr : tensor<32x32x3x3xf32>
  return %5 : tensor<32x32x3x3xf32>
}

// -----

// IMAGES: cnn.variable @two_ways
// Near misses. Read as a filter of one layout in one function and plain in another; updated where 0 / 0
// would be computed beyond the last channel; a slot that somebody else reads.
// CHECK: cnn.variable @two_ways parameter : tensor<32x16x3x3xf32>{{$}}
// CHECK: cnn.variable @read parameter : tensor<32x32x3x3xf32>{{$}}
// CHECK: cnn.variable @rooted parameter : tensor<32x32x3x3xf32>{{$}}
// CHECK: cnn.variable @rooted.square slot : tensor<32x32x3x3xf32>{{$}}
// CHECK: cnn.variable @kept parameter : tensor<32x32x3x3xf32>{{$}}
// CHECK: cnn.variable @kept.momentum slot : tensor<32x32x3x3xf32>{{$}}
// CHECK: cnn.variable @divided parameter : tensor<32x32x3x3xf32> {blocks = array<i64: 1, 0>}
// CHECK: cnn.variable @divided.square slot : tensor<32x32x3x3xf32> {blocks = array<i64: 1, 0>}
// CHECK-NOT: cnn.rmsprop {{.*}} epsilon 0.0{{.*}}blocks
cnn.variable @two_ways parameter : tensor<32x16x3x3xf32>
cnn.variable @read parameter : tensor<32x32x3x3xf32>
cnn.variable @rooted parameter : tensor<32x32x3x3xf32>
cnn.variable @rooted.square slot : tensor<32x32x3x3xf32>
cnn.variable @kept parameter : tensor<32x32x3x3xf32>
cnn.variable @kept.momentum slot : tensor<32x32x3x3xf32>
cnn.variable @divided parameter : tensor<32x32x3x3xf32>
cnn.variable @divided.square slot : tensor<32x32x3x3xf32>
func.func @forward(%x: tensor<16x16x7x7xf32> {cnn.role = "input", cnn.name = "x"},
                   %w: tensor<32x16x3x3xf32> {cnn.role = "variable", cnn.name = "two_ways"},
                   %r: tensor<32x32x3x3xf32> {cnn.role = "variable", cnn.name = "read"})
    -> (tensor<16x32x3x3xf32>, tensor<32x32x3x3xf32>) {
  %0 = cnn.conv2d %x, %w : tensor<16x16x7x7xf32>, tensor<32x16x3x3xf32>
  %1 = cnn.conv2d %0, %r : tensor<16x32x5x5xf32>, tensor<32x32x3x3xf32>
  %2 = cnn.relu %r : tensor<32x32x3x3xf32>
  return %1, %2 : tensor<16x32x3x3xf32>, tensor<32x32x3x3xf32>
}
func.func @gradient(%x: tensor<16x64x7x7xf32> {cnn.role = "input", cnn.name = "x"},
                    %w: tensor<32x16x3x3xf32> {cnn.role = "variable", cnn.name = "two_ways"}) -> tensor<16x32x5x5xf32> {
  %0 = cnn.conv2d %x, %w groups 4 : tensor<16x64x7x7xf32>, tensor<32x16x3x3xf32>
  return %0 : tensor<16x32x5x5xf32>
}
func.func @train_step(%x: tensor<16x32x7x7xf32> {cnn.role = "input", cnn.name = "x"},
                      %a: tensor<32x32x3x3xf32> {cnn.role = "variable", cnn.name = "rooted"},
                      %s: tensor<32x32x3x3xf32> {cnn.role = "variable", cnn.name = "rooted.square"},
                      %b: tensor<32x32x3x3xf32> {cnn.role = "variable", cnn.name = "kept"},
                      %m: tensor<32x32x3x3xf32> {cnn.role = "variable", cnn.name = "kept.momentum"},
                      %c: tensor<32x32x3x3xf32> {cnn.role = "variable", cnn.name = "divided"},
                      %q: tensor<32x32x3x3xf32> {cnn.role = "variable", cnn.name = "divided.square"},
                      %lr: tensor<f32> {cnn.role = "learning_rate"})
    -> (tensor<32x32x3x3xf32>, tensor<32x32x3x3xf32>, tensor<32x32x3x3xf32>, tensor<32x32x3x3xf32>,
        tensor<32x32x3x3xf32>, tensor<32x32x3x3xf32>, tensor<32x32x3x3xf32>) {
  %0 = cnn.conv2d %x, %a : tensor<16x32x7x7xf32>, tensor<32x32x3x3xf32>
  %1 = cnn.conv2d %0, %b : tensor<16x32x5x5xf32>, tensor<32x32x3x3xf32>
  %2 = cnn.conv2d %1, %c : tensor<16x32x3x3xf32>, tensor<32x32x3x3xf32>
  %3 = cnn.filter_gradient %x, %0 kernel [3, 3] : tensor<16x32x7x7xf32>, tensor<16x32x5x5xf32>
  %4:2 = cnn.rmsprop %a, %3, %s, %lr alpha 0.99 epsilon 0.0 : tensor<32x32x3x3xf32>
  %5:2 = cnn.momentum %b, %3, %m, %lr momentum 9.0e-1 : tensor<32x32x3x3xf32>
  %6:2 = cnn.rmsprop %c, %3, %q, %lr alpha 0.99 epsilon 1.0e-8 : tensor<32x32x3x3xf32>
  %7 = cnn.relu %m : tensor<32x32x3x3xf32>
  return %4#0, %4#1, %5#0, %5#1, %6#0, %6#1, %7 : tensor<32x32x3x3xf32>, tensor<32x32x3x3xf32>, tensor<32x32x3x3xf32>, tensor<32x32x3x3xf32>, tensor<32x32x3x3xf32>, tensor<32x32x3x3xf32>, tensor<32x32x3x3xf32>
}
