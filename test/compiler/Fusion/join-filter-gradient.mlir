// RUN: cnn-opt --cnn-join-filter-gradient --canonicalize %s | FileCheck %s

// The three transpositions are gone: both operands are read as they are. The inner convolution's
// dilation is the stride of the layer, its stride the layer's dilation.
// CHECK-LABEL: func.func @plain(
// CHECK-SAME: %[[X:[a-z0-9_]+]]: tensor<8x3x9x9xf32>, %[[DY:[a-z0-9_]+]]: tensor<8x5x7x7xf32>
// CHECK-NEXT: %[[DW:[a-z0-9_]+]] = cnn.filter_gradient %[[X]], %[[DY]] kernel [3, 3] : tensor<8x3x9x9xf32>, tensor<8x5x7x7xf32>
// CHECK-NEXT: return %[[DW]] : tensor<5x3x3x3xf32>
func.func @plain(%x: tensor<8x3x9x9xf32>, %dy: tensor<8x5x7x7xf32>) -> tensor<5x3x3x3xf32> {
  %0 = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<8x3x9x9xf32>
  %1 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<8x5x7x7xf32>
  %2 = cnn.conv2d %0, %1 : tensor<3x8x9x9xf32>, tensor<5x8x7x7xf32>
  %dw = cnn.transpose %2 permutation [1, 0, 2, 3] : tensor<3x5x3x3xf32>
  return %dw : tensor<5x3x3x3xf32>
}

// CHECK-LABEL: func.func @strided(
// CHECK-NEXT: cnn.filter_gradient %{{.*}}, %{{.*}} kernel [3, 2] stride [2, 2] pad [1, 0, 0, 0] dilation [1, 2] : tensor<8x3x8x9xf32>, tensor<8x5x4x4xf32>
// CHECK-NEXT: return
func.func @strided(%x: tensor<8x3x8x9xf32>, %dy: tensor<8x5x4x4xf32>) -> tensor<5x3x3x2xf32> {
  %0 = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<8x3x8x9xf32>
  %1 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<8x5x4x4xf32>
  %2 = cnn.conv2d %0, %1 stride [1, 2] pad [1, 0, 0, 0] dilation [2, 2] : tensor<3x8x8x9xf32>, tensor<5x8x4x4xf32>
  %dw = cnn.transpose %2 permutation [1, 0, 2, 3] : tensor<3x5x3x2xf32>
  return %dw : tensor<5x3x3x2xf32>
}

// The groups of the layer are groups of the inner batch.
// CHECK-LABEL: func.func @groups(
// CHECK-NEXT: cnn.filter_gradient %{{.*}}, %{{.*}} kernel [3, 3] groups 2 : tensor<8x4x9x9xf32>, tensor<8x6x7x7xf32>
// CHECK-NEXT: return
func.func @groups(%x: tensor<8x4x9x9xf32>, %dy: tensor<8x6x7x7xf32>) -> tensor<6x2x3x3xf32> {
  %0 = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<8x4x9x9xf32>
  %1 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<8x6x7x7xf32>
  %2 = cnn.conv2d %0, %1 batch_groups 2 : tensor<4x8x9x9xf32>, tensor<6x8x7x7xf32>
  %dw = cnn.transpose %2 permutation [1, 0, 2, 3] : tensor<2x6x3x3xf32>
  return %dw : tensor<6x2x3x3xf32>
}

// What Autodiff makes of a layer is of this form.
// RUN: cnn-opt --cnn-phase-autodiff --cnn-phase-fusion %s | FileCheck %s --check-prefix=LAYER
// LAYER-LABEL: func.func @layer(
// LAYER: cnn.filter_gradient {{.*}} kernel [3, 3] stride [2, 2] pad [1, 1, 1, 1] :
// LAYER-NOT: cnn.transpose
// LAYER: return
func.func @layer(%x: tensor<8x3x9x9xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<5x3x3x3xf32> {
  %y = cnn.conv2d %x, %w stride [2, 2] pad [1, 1, 1, 1] : tensor<8x3x9x9xf32>, tensor<5x3x3x3xf32>
  %loss = cnn.reduce_sum %y dims [0, 1, 2, 3] : tensor<8x5x5x5xf32>
  %dw = cnn.gradient %loss of %w : tensor<f32> of tensor<5x3x3x3xf32>
  return %dw : tensor<5x3x3x3xf32>
}

// Left alone: a transposed convolution's, which has an input dilation.
// CHECK-LABEL: func.func @dilated_input(
// CHECK: cnn.conv2d
// CHECK-NOT: cnn.filter_gradient
func.func @dilated_input(%x: tensor<8x3x5x5xf32>, %dy: tensor<8x5x7x7xf32>) -> tensor<5x3x3x3xf32> {
  %0 = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<8x3x5x5xf32>
  %1 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<8x5x7x7xf32>
  %2 = cnn.conv2d %0, %1 input_dilation [2, 2] : tensor<3x8x5x5xf32>, tensor<5x8x7x7xf32>
  %dw = cnn.transpose %2 permutation [1, 0, 2, 3] : tensor<3x5x3x3xf32>
  return %dw : tensor<5x3x3x3xf32>
}

// Groups of the inner channels are groups of a layer's batch.
// CHECK-LABEL: func.func @inner_groups(
// CHECK: cnn.conv2d
// CHECK-NOT: cnn.filter_gradient
func.func @inner_groups(%x: tensor<8x3x9x9xf32>, %dy: tensor<4x6x7x7xf32>) -> tensor<6x3x3x3xf32> {
  %0 = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<8x3x9x9xf32>
  %1 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<4x6x7x7xf32>
  %2 = cnn.conv2d %0, %1 groups 2 : tensor<3x8x9x9xf32>, tensor<6x4x7x7xf32>
  %dw = cnn.transpose %2 permutation [1, 0, 2, 3] : tensor<3x6x3x3xf32>
  return %dw : tensor<6x3x3x3xf32>
}

// One operand is what it is; or other dimensions change places.
// CHECK-LABEL: func.func @one_transposition(
// CHECK: cnn.conv2d
// CHECK-NOT: cnn.filter_gradient
func.func @one_transposition(%x: tensor<3x8x9x9xf32>, %dy: tensor<8x5x7x7xf32>) -> tensor<5x3x3x3xf32> {
  %1 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<8x5x7x7xf32>
  %2 = cnn.conv2d %x, %1 : tensor<3x8x9x9xf32>, tensor<5x8x7x7xf32>
  %dw = cnn.transpose %2 permutation [1, 0, 2, 3] : tensor<3x5x3x3xf32>
  return %dw : tensor<5x3x3x3xf32>
}

// CHECK-LABEL: func.func @other_dimensions(
// CHECK: cnn.conv2d
// CHECK-NOT: cnn.filter_gradient
func.func @other_dimensions(%x: tensor<8x3x9x9xf32>, %dy: tensor<8x5x7x7xf32>) -> tensor<5x3x3x3xf32> {
  %0 = cnn.transpose %x permutation [1, 0, 3, 2] : tensor<8x3x9x9xf32>
  %1 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<8x5x7x7xf32>
  %2 = cnn.conv2d %0, %1 : tensor<3x8x9x9xf32>, tensor<5x8x7x7xf32>
  %dw = cnn.transpose %2 permutation [1, 0, 2, 3] : tensor<3x5x3x3xf32>
  return %dw : tensor<5x3x3x3xf32>
}
