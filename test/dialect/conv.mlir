// Convolution: every attribute alone and all together, with the type that follows.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -

// CHECK-LABEL: func.func @plain(
// CHECK: cnn.conv2d %{{.*}}, %{{.*}} : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
// CHECK: return {{.*}} : tensor<2x6x6x6xf32>
func.func @plain(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) -> (tensor<2x6x6x6xf32>) {
  %y = cnn.conv2d %x, %w : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return %y : tensor<2x6x6x6xf32>
}

// CHECK-LABEL: func.func @strided(
// CHECK: cnn.conv2d %{{.*}}, %{{.*}} stride [2, 3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
// CHECK: return {{.*}} : tensor<2x6x3x2xf32>
func.func @strided(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) -> (tensor<2x6x3x2xf32>) {
  %y = cnn.conv2d %x, %w stride [2, 3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return %y : tensor<2x6x3x2xf32>
}

// CHECK-LABEL: func.func @padded(
// CHECK: cnn.conv2d %{{.*}}, %{{.*}} pad [1, 0, 2, 3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
// CHECK: return {{.*}} : tensor<2x6x7x11xf32>
func.func @padded(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) -> (tensor<2x6x7x11xf32>) {
  %y = cnn.conv2d %x, %w pad [1, 0, 2, 3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return %y : tensor<2x6x7x11xf32>
}

// CHECK-LABEL: func.func @cropped(
// CHECK: cnn.conv2d %{{.*}}, %{{.*}} pad [-1, -2, 0, -3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
// CHECK: return {{.*}} : tensor<2x6x3x3xf32>
func.func @cropped(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) -> (tensor<2x6x3x3xf32>) {
  %y = cnn.conv2d %x, %w pad [-1, -2, 0, -3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return %y : tensor<2x6x3x3xf32>
}

// CHECK-LABEL: func.func @dilated(
// CHECK: cnn.conv2d %{{.*}}, %{{.*}} dilation [2, 3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
// CHECK: return {{.*}} : tensor<2x6x4x2xf32>
func.func @dilated(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) -> (tensor<2x6x4x2xf32>) {
  %y = cnn.conv2d %x, %w dilation [2, 3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return %y : tensor<2x6x4x2xf32>
}

// CHECK-LABEL: func.func @transposed(
// CHECK: cnn.conv2d %{{.*}}, %{{.*}} input_dilation [2, 3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
// CHECK: return {{.*}} : tensor<2x6x13x20xf32>
func.func @transposed(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) -> (tensor<2x6x13x20xf32>) {
  %y = cnn.conv2d %x, %w input_dilation [2, 3] : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return %y : tensor<2x6x13x20xf32>
}

// CHECK-LABEL: func.func @groups(
// CHECK: cnn.conv2d %{{.*}}, %{{.*}} groups 2 : tensor<2x4x8x8xf32>, tensor<6x2x3x3xf32>
// CHECK: return {{.*}} : tensor<2x6x6x6xf32>
func.func @groups(%x: tensor<2x4x8x8xf32>, %w: tensor<6x2x3x3xf32>) -> (tensor<2x6x6x6xf32>) {
  %y = cnn.conv2d %x, %w groups 2 : tensor<2x4x8x8xf32>, tensor<6x2x3x3xf32>
  return %y : tensor<2x6x6x6xf32>
}

// CHECK-LABEL: func.func @batch_groups(
// CHECK: cnn.conv2d %{{.*}}, %{{.*}} batch_groups 2 : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
// CHECK: return {{.*}} : tensor<1x6x6x6xf32>
func.func @batch_groups(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) -> (tensor<1x6x6x6xf32>) {
  %y = cnn.conv2d %x, %w batch_groups 2 : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return %y : tensor<1x6x6x6xf32>
}

// CHECK-LABEL: func.func @everything(
// CHECK: cnn.conv2d %{{.*}}, %{{.*}} stride [2, 2] pad [1, 1, 1, 1] dilation [2, 1] input_dilation [1, 2] groups 2 : tensor<2x4x8x8xf64>, tensor<6x2x3x3xf64>
// CHECK: return {{.*}} : tensor<2x6x3x8xf64>
func.func @everything(%x: tensor<2x4x8x8xf64>, %w: tensor<6x2x3x3xf64>) -> (tensor<2x6x3x8xf64>) {
  %y = cnn.conv2d %x, %w stride [2, 2] pad [1, 1, 1, 1] dilation [2, 1] input_dilation [1, 2] groups 2 : tensor<2x4x8x8xf64>, tensor<6x2x3x3xf64>
  return %y : tensor<2x6x3x8xf64>
}

// CHECK-LABEL: func.func @filter(
// CHECK: cnn.transpose_filter %{{.*}} : tensor<8x3x5x4xf32>
// CHECK: return {{.*}} : tensor<3x8x5x4xf32>
func.func @filter(%w: tensor<8x3x5x4xf32>) -> (tensor<3x8x5x4xf32>) {
  %t = cnn.transpose_filter %w : tensor<8x3x5x4xf32>
  return %t : tensor<3x8x5x4xf32>
}

// CHECK-LABEL: func.func @filter_groups(
// CHECK: cnn.transpose_filter %{{.*}} groups 2 : tensor<8x3x5x4xf32>
// CHECK: return {{.*}} : tensor<6x4x5x4xf32>
func.func @filter_groups(%w: tensor<8x3x5x4xf32>) -> (tensor<6x4x5x4xf32>) {
  %t = cnn.transpose_filter %w groups 2 : tensor<8x3x5x4xf32>
  return %t : tensor<6x4x5x4xf32>
}

// What is written out but is the default is not printed.
// CHECK-LABEL: func.func @defaults(
// CHECK: cnn.conv2d %{{.*}}, %{{.*}} : tensor
func.func @defaults(%x: tensor<2x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) -> tensor<2x6x6x6xf32> {
  %y = cnn.conv2d %x, %w stride [1, 1] pad [0, 0, 0, 0] dilation [1, 1] input_dilation [1, 1] groups 1 batch_groups 1 : tensor<2x4x8x8xf32>, tensor<6x4x3x3xf32>
  return %y : tensor<2x6x6x6xf32>
}

// CHECK-LABEL: func.func @filter_gradient(
// CHECK: cnn.filter_gradient %{{.*}}, %{{.*}} kernel [3, 2] stride [2, 1] pad [1, 0, 0, -1] dilation [1, 2] groups 2 : tensor<2x4x8x8xf32>, tensor<2x6x4x5xf32>
// CHECK: return {{.*}} : tensor<6x2x3x2xf32>
func.func @filter_gradient(%x: tensor<2x4x8x8xf32>, %dy: tensor<2x6x4x5xf32>) -> (tensor<6x2x3x2xf32>) {
  %dw = cnn.filter_gradient %x, %dy kernel [3, 2] stride [2, 1] pad [1, 0, 0, -1] dilation [1, 2] groups 2 : tensor<2x4x8x8xf32>, tensor<2x6x4x5xf32>
  return %dw : tensor<6x2x3x2xf32>
}
