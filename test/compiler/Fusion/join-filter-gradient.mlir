// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-join-filter-gradient))' %s | FileCheck %s

// Stride and dilation have changed places in the inner convolution, and come back.
// CHECK-LABEL: func.func @strided
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<8x3x9x9xf32>, %[[DY:[a-z0-9]+]]: tensor<8x5x4x4xf32>
// CHECK-NEXT: %[[DW:.*]] = cnn.filter_gradient %[[X]], %[[DY]] kernel [3, 2] stride [2, 2] pad [0, 0, 1, -1] dilation [1, 2]
// CHECK-NEXT: return %[[DW]] : tensor<5x3x3x2xf32>
func.func @strided(%x: tensor<8x3x9x9xf32>, %dy: tensor<8x5x4x4xf32>) -> tensor<5x3x3x2xf32> {
  %0 = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<8x3x9x9xf32>
  %1 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<8x5x4x4xf32>
  %2 = cnn.conv2d %0, %1 stride [1, 2] pad [0, 0, 1, -1] dilation [2, 2] : tensor<3x8x9x9xf32>, tensor<5x8x4x4xf32>
  %3 = cnn.transpose %2 permutation [1, 0, 2, 3] : tensor<3x5x3x2xf32>
  return %3 : tensor<5x3x3x2xf32>
}

// CHECK-LABEL: func.func @groups
// CHECK: cnn.filter_gradient {{.*}} kernel [3, 3] groups 2
func.func @groups(%x: tensor<8x4x9x9xf32>, %dy: tensor<8x6x7x7xf32>) -> tensor<6x2x3x3xf32> {
  %0 = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<8x4x9x9xf32>
  %1 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<8x6x7x7xf32>
  %2 = cnn.conv2d %0, %1 batch_groups 2 : tensor<4x8x9x9xf32>, tensor<6x8x7x7xf32>
  %3 = cnn.transpose %2 permutation [1, 0, 2, 3] : tensor<2x6x3x3xf32>
  return %3 : tensor<6x2x3x3xf32>
}

// Of a transposed convolution (kernel 3, stride 2, padding 1, output padding 1 below): dy is read in
// windows, and what turned the filter is gone.
// CHECK-LABEL: func.func @transposed
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<8x4x4x4xf32>, %[[DY:[a-z0-9]+]]: tensor<8x6x8x7xf32>
// CHECK-NEXT: %[[DW:.*]] = cnn.filter_gradient %[[DY]], %[[X]] kernel [3, 3] stride [2, 2] pad [1, 0, 1, 1] groups 2
// CHECK-NEXT: return %[[DW]] : tensor<4x3x3x3xf32>
func.func @transposed(%x: tensor<8x4x4x4xf32>, %dy: tensor<8x6x8x7xf32>) -> tensor<4x3x3x3xf32> {
  %0 = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<8x4x4x4xf32>
  %1 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<8x6x8x7xf32>
  %2 = cnn.conv2d %0, %1 pad [1, 2, 1, 1] input_dilation [2, 2] batch_groups 2 : tensor<4x8x4x4xf32>, tensor<6x8x8x7xf32>
  %3 = cnn.transpose %2 permutation [1, 0, 2, 3] : tensor<2x6x3x3xf32>
  %4 = cnn.transpose_filter %3 groups 2 : tensor<6x2x3x3xf32>
  return %4 : tensor<4x3x3x3xf32>
}

// Without a stride, too; its dilation stays.
// CHECK-LABEL: func.func @transposed_dense
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<8x3x5x5xf32>, %[[DY:[a-z0-9]+]]: tensor<8x5x7x7xf32>
// CHECK-NEXT: cnn.filter_gradient %[[DY]], %[[X]] kernel [2, 2] dilation [2, 2]
// CHECK-NEXT: return
func.func @transposed_dense(%x: tensor<8x3x5x5xf32>, %dy: tensor<8x5x7x7xf32>) -> tensor<3x5x2x2xf32> {
  %0 = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<8x3x5x5xf32>
  %1 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<8x5x7x7xf32>
  %2 = cnn.conv2d %0, %1 stride [2, 2] pad [2, 2, 2, 2] : tensor<3x8x5x5xf32>, tensor<5x8x7x7xf32>
  %3 = cnn.transpose %2 permutation [1, 0, 2, 3] : tensor<3x5x2x2xf32>
  %4 = cnn.transpose_filter %3 : tensor<5x3x2x2xf32>
  return %4 : tensor<3x5x2x2xf32>
}

// A filter's gradient with a stride stays as it is in front of what turns it.
// CHECK-LABEL: func.func @strided_and_turned
// CHECK: cnn.filter_gradient %{{.*}} stride [2, 2]
// CHECK-NEXT: cnn.transpose_filter
func.func @strided_and_turned(%x: tensor<8x3x9x9xf32>, %dy: tensor<8x5x4x4xf32>) -> tensor<3x5x3x3xf32> {
  %0 = cnn.filter_gradient %x, %dy kernel [3, 3] stride [2, 2] : tensor<8x3x9x9xf32>, tensor<8x5x4x4xf32>
  %1 = cnn.transpose_filter %0 : tensor<5x3x3x3xf32>
  return %1 : tensor<3x5x3x3xf32>
}

// Near misses: a stride and an input dilation at once, which no layer has, and another order of
// dimensions.
// CHECK-LABEL: func.func @both_dilations
// CHECK-NOT: filter_gradient
func.func @both_dilations(%x: tensor<8x3x4x4xf32>, %dy: tensor<8x5x3x3xf32>) -> tensor<5x3x3x3xf32> {
  %0 = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<8x3x4x4xf32>
  %1 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<8x5x3x3xf32>
  %2 = cnn.conv2d %0, %1 dilation [2, 2] input_dilation [2, 2] : tensor<3x8x4x4xf32>, tensor<5x8x3x3xf32>
  %3 = cnn.transpose %2 permutation [1, 0, 2, 3] : tensor<3x5x3x3xf32>
  return %3 : tensor<5x3x3x3xf32>
}

// CHECK-LABEL: func.func @other_order
// CHECK-NOT: filter_gradient
func.func @other_order(%x: tensor<8x3x9x9xf32>, %dy: tensor<8x5x7x7xf32>) -> tensor<5x3x3x3xf32> {
  %0 = cnn.transpose %x permutation [1, 0, 3, 2] : tensor<8x3x9x9xf32>
  %1 = cnn.transpose %dy permutation [1, 0, 2, 3] : tensor<8x5x7x7xf32>
  %2 = cnn.conv2d %0, %1 : tensor<3x8x9x9xf32>, tensor<5x8x7x7xf32>
  %3 = cnn.transpose %2 permutation [1, 0, 2, 3] : tensor<3x5x3x3xf32>
  return %3 : tensor<5x3x3x3xf32>
}
