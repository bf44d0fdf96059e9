// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-assign-layouts))' %s | FileCheck %s
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-assign-layouts{lanes=5}))' %s \
// RUN:   | FileCheck %s --check-prefix=LANES

// Images fill the lanes and rows are short: every op on images, none on others. The
// filter's gradient sums over the images, dimension 1 of its operands.
// CHECK-LABEL: func.func @small_net
// CHECK: cnn.conv2d {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.tanh {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.max_pool {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.reshape {{.*}} to [32, 294] :
// CHECK: cnn.matmul
// CHECK-NOT: innermost
// CHECK: cnn.transpose
// CHECK: cnn.transpose
// CHECK: cnn.conv2d {{.*}} {cnn.innermost = 1 : i64}
func.func @small_net(%x: tensor<32x1x16x16xf32> {cnn.role = "input", cnn.name = "x"},
                     %w: tensor<6x1x3x3xf32> {cnn.role = "variable", cnn.name = "w"},
                     %f: tensor<10x294xf32> {cnn.role = "variable", cnn.name = "f"})
    -> (tensor<32x10xf32>, tensor<1x6x3x3xf32>) {
  %0 = cnn.conv2d %x, %w : tensor<32x1x16x16xf32>, tensor<6x1x3x3xf32>
  %1 = cnn.tanh %0 : tensor<32x6x14x14xf32>
  %2 = cnn.max_pool %1 kernel [2, 2] stride [2, 2] : tensor<32x6x14x14xf32>
  %3 = cnn.reshape %2 to [32, 294] : tensor<32x6x7x7xf32>
  %4 = cnn.matmul %3, %f transpose_b : tensor<32x294xf32>, tensor<10x294xf32>
  %5 = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<32x1x16x16xf32>
  %6 = cnn.transpose %1 permutation [1, 0, 2, 3] : tensor<32x6x14x14xf32>
  %7 = cnn.conv2d %5, %6 : tensor<1x32x16x16xf32>, tensor<6x32x14x14xf32>
  return %4, %7 : tensor<32x10xf32>, tensor<1x6x3x3xf32>
}

// 20 images do not fill vectors of 16; they fill vectors of 5.
// CHECK-LABEL: func.func @odd_batch
// CHECK-NOT: innermost
// LANES-LABEL: func.func @odd_batch
// LANES: innermost
func.func @odd_batch(%x: tensor<20x1x16x16xf32> {cnn.role = "input", cnn.name = "x"},
                     %w: tensor<6x1x3x3xf32>) -> tensor<20x6x14x14xf32> {
  %0 = cnn.conv2d %x, %w : tensor<20x1x16x16xf32>, tensor<6x1x3x3xf32>
  return %0 : tensor<20x6x14x14xf32>
}

// Rows of 56 positions are vectors themselves.
// CHECK-LABEL: func.func @wide_rows
// CHECK-NOT: innermost
func.func @wide_rows(%x: tensor<32x1x56x56xf32> {cnn.role = "input", cnn.name = "x"},
                     %w: tensor<6x1x3x3xf32>) -> tensor<32x6x54x54xf32> {
  %0 = cnn.conv2d %x, %w : tensor<32x1x56x56xf32>, tensor<6x1x3x3xf32>
  return %0 : tensor<32x6x54x54xf32>
}

// Activations, joins and norms along the channels take the layout; group_norm reads the channels
// and positions of an image as one dimension, and stays.
// CHECK-LABEL: func.func @activations
// CHECK: cnn.gelu {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.prelu {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.max {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.where {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.position_norm {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.group_norm
// CHECK-NOT: innermost
// CHECK: cnn.silu {{.*}} {cnn.innermost = 0 : i64}
func.func @activations(%x: tensor<32x1x16x16xf32> {cnn.role = "input", cnn.name = "x"},
                       %w: tensor<6x1x3x3xf32>, %a: tensor<6xf32>) -> tensor<32x6x14x14xf32> {
  %0 = cnn.conv2d %x, %w : tensor<32x1x16x16xf32>, tensor<6x1x3x3xf32>
  %1 = cnn.gelu %0 : tensor<32x6x14x14xf32>
  %2 = cnn.prelu %0, %a : tensor<32x6x14x14xf32>, tensor<6xf32>
  %3 = cnn.max %1, %2 : tensor<32x6x14x14xf32>
  %4 = cnn.where %1, %2, %3 : tensor<32x6x14x14xf32>
  %5, %m5, %v5 = cnn.position_norm %4 epsilon 1.0e-5 : tensor<32x6x14x14xf32>
  %6, %m6, %v6 = cnn.group_norm %5 groups 2 epsilon 1.0e-5 : tensor<32x6x14x14xf32>
  %7 = cnn.silu %6 : tensor<32x6x14x14xf32>
  return %7 : tensor<32x6x14x14xf32>
}

// Elements are numbered row by row: the mask must not move.
// CHECK-LABEL: func.func @dropout
// CHECK: cnn.conv2d {{.*}}innermost
// CHECK: cnn.dropout
// CHECK-NOT: innermost
func.func @dropout(%x: tensor<32x1x16x16xf32> {cnn.role = "input", cnn.name = "x"},
                   %w: tensor<6x1x3x3xf32>, %seed: tensor<i64>, %step: tensor<i64>) -> tensor<32x6x14x14xf32> {
  %0 = cnn.conv2d %x, %w : tensor<32x1x16x16xf32>, tensor<6x1x3x3xf32>
  %1 = cnn.dropout %0, %seed, %step probability 5.0e-1 stream 0 : tensor<32x6x14x14xf32>
  return %1 : tensor<32x6x14x14xf32>
}

// What moves images, joins them or changes their resolution keeps the layout.
// CHECK-LABEL: func.func @resolutions
// CHECK: cnn.conv2d {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.pad {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.concat {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.upsample {{.*}} bilinear {cnn.innermost = 0 : i64}
// CHECK: cnn.upsample_adjoint {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.adaptive_avg_pool {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.adaptive_spread {{.*}} {cnn.innermost = 0 : i64}
func.func @resolutions(%x: tensor<32x1x8x8xf32> {cnn.role = "input", cnn.name = "x"},
                       %w: tensor<6x1x3x3xf32>) -> tensor<32x12x10x10xf32> {
  %0 = cnn.conv2d %x, %w : tensor<32x1x8x8xf32>, tensor<6x1x3x3xf32>
  %1 = cnn.pad %0 low [0, 0, 1, 1] high [0, 0, 0, 0] : tensor<32x6x6x6xf32>
  %2 = cnn.concat %1, %1 : tensor<32x6x7x7xf32>, tensor<32x6x7x7xf32>
  %3 = cnn.upsample %2 factor 2 bilinear : tensor<32x12x7x7xf32>
  %4 = cnn.upsample_adjoint %3 factor 2 : tensor<32x12x14x14xf32>
  %5 = cnn.adaptive_avg_pool %4 size [4, 5] : tensor<32x12x7x7xf32>
  %6 = cnn.adaptive_spread %5 size [10, 10] : tensor<32x12x4x5xf32>
  return %6 : tensor<32x12x10x10xf32>
}

// A reshaped view is no image: it keeps its order, and the images that come back have theirs.
// CHECK-LABEL: func.func @shuffle
// CHECK: cnn.conv2d {{.*}} {cnn.innermost = 0 : i64}
// CHECK: cnn.transpose %{{[0-9]+}} permutation [0, 2, 1, 3, 4] : tensor<32x2x3x6x6xf32>
// CHECK: cnn.relu {{.*}} {cnn.innermost = 0 : i64}
func.func @shuffle(%x: tensor<32x1x8x8xf32> {cnn.role = "input", cnn.name = "x"},
                   %w: tensor<6x1x3x3xf32>) -> tensor<32x6x6x6xf32> {
  %0 = cnn.conv2d %x, %w : tensor<32x1x8x8xf32>, tensor<6x1x3x3xf32>
  %1 = cnn.reshape %0 to [32, 2, 3, 6, 6] : tensor<32x6x6x6xf32>
  %2 = cnn.transpose %1 permutation [0, 2, 1, 3, 4] : tensor<32x2x3x6x6xf32>
  %3 = cnn.reshape %2 to [32, 6, 6, 6] : tensor<32x3x2x6x6xf32>
  %4 = cnn.relu %3 : tensor<32x6x6x6xf32>
  return %4 : tensor<32x6x6x6xf32>
}
