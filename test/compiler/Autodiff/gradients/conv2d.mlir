// Convolution: both gradients, their gradients, the adjoint identity and the values.
// RUN: cnn-gradcheck %s --first --second --exact --oracle | FileCheck %s
// CHECK-COUNT-108: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 27 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @plain(%x: tensor<2x3x5x5xf64>, %w: tensor<4x3x3x3xf64>) -> tensor<2x4x3x3xf64> {
  %y = cnn.conv2d %x, %w : tensor<2x3x5x5xf64>, tensor<4x3x3x3xf64>
  return %y : tensor<2x4x3x3xf64>
}
func.func @one_by_one(%x: tensor<2x3x4x5xf64>, %w: tensor<2x3x1x1xf64>) -> tensor<2x2x4x5xf64> {
  %y = cnn.conv2d %x, %w : tensor<2x3x4x5xf64>, tensor<2x3x1x1xf64>
  return %y : tensor<2x2x4x5xf64>
}
func.func @whole_image(%x: tensor<1x2x4x3xf64>, %w: tensor<3x2x4x3xf64>) -> tensor<1x3x1x1xf64> {
  %y = cnn.conv2d %x, %w : tensor<1x2x4x3xf64>, tensor<3x2x4x3xf64>
  return %y : tensor<1x3x1x1xf64>
}
func.func @padded(%x: tensor<1x2x4x4xf64>, %w: tensor<2x2x3x3xf64>) -> tensor<1x2x4x4xf64> {
  %y = cnn.conv2d %x, %w pad [1, 1, 1, 1] : tensor<1x2x4x4xf64>, tensor<2x2x3x3xf64>
  return %y : tensor<1x2x4x4xf64>
}
func.func @asymmetric_padding(%x: tensor<1x2x4x5xf64>, %w: tensor<2x2x3x2xf64>) -> tensor<1x2x4x8xf64> {
  %y = cnn.conv2d %x, %w pad [2, 0, 1, 3] : tensor<1x2x4x5xf64>, tensor<2x2x3x2xf64>
  return %y : tensor<1x2x4x8xf64>
}
func.func @cropped(%x: tensor<1x2x6x6xf64>, %w: tensor<2x2x2x2xf64>) -> tensor<1x2x2x4xf64> {
  %y = cnn.conv2d %x, %w pad [-1, -2, -1, 0] : tensor<1x2x6x6xf64>, tensor<2x2x2x2xf64>
  return %y : tensor<1x2x2x4xf64>
}
func.func @cropped_and_padded(%x: tensor<1x2x5x6xf64>, %w: tensor<2x2x3x3xf64>) -> tensor<1x2x4x3xf64> {
  %y = cnn.conv2d %x, %w pad [-1, 2, 1, -2] : tensor<1x2x5x6xf64>, tensor<2x2x3x3xf64>
  return %y : tensor<1x2x4x3xf64>
}
func.func @padding_beyond_the_window(%x: tensor<1x1x2x2xf64>, %w: tensor<1x1x2x2xf64>) -> tensor<1x1x6x7xf64> {
  %y = cnn.conv2d %x, %w pad [3, 2, 2, 4] : tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>
  return %y : tensor<1x1x6x7xf64>
}
func.func @strided(%x: tensor<2x2x7x7xf64>, %w: tensor<2x2x3x3xf64>) -> tensor<2x2x3x3xf64> {
  %y = cnn.conv2d %x, %w stride [2, 2] : tensor<2x2x7x7xf64>, tensor<2x2x3x3xf64>
  return %y : tensor<2x2x3x3xf64>
}
func.func @strides_that_drop_input(%x: tensor<1x2x8x6xf64>, %w: tensor<2x2x3x2xf64>) -> tensor<1x2x3x2xf64> {
  %y = cnn.conv2d %x, %w stride [2, 3] : tensor<1x2x8x6xf64>, tensor<2x2x3x2xf64>
  return %y : tensor<1x2x3x2xf64>
}
func.func @stride_larger_than_the_window(%x: tensor<1x2x7x8xf64>, %w: tensor<2x2x2x1xf64>) -> tensor<1x2x2x2xf64> {
  %y = cnn.conv2d %x, %w stride [3, 4] : tensor<1x2x7x8xf64>, tensor<2x2x2x1xf64>
  return %y : tensor<1x2x2x2xf64>
}
func.func @strided_and_padded(%x: tensor<1x2x6x7xf64>, %w: tensor<2x2x3x3xf64>) -> tensor<1x2x3x3xf64> {
  %y = cnn.conv2d %x, %w stride [2, 3] pad [1, 1, 2, 0] : tensor<1x2x6x7xf64>, tensor<2x2x3x3xf64>
  return %y : tensor<1x2x3x3xf64>
}
func.func @resnet_stem(%x: tensor<1x3x9x9xf64>, %w: tensor<2x3x7x7xf64>) -> tensor<1x2x5x5xf64> {
  %y = cnn.conv2d %x, %w stride [2, 2] pad [3, 3, 3, 3] : tensor<1x3x9x9xf64>, tensor<2x3x7x7xf64>
  return %y : tensor<1x2x5x5xf64>
}
func.func @dilated(%x: tensor<1x2x6x7xf64>, %w: tensor<2x2x3x2xf64>) -> tensor<1x2x2x4xf64> {
  %y = cnn.conv2d %x, %w dilation [2, 3] : tensor<1x2x6x7xf64>, tensor<2x2x3x2xf64>
  return %y : tensor<1x2x2x4xf64>
}
func.func @dilated_and_strided(%x: tensor<1x1x9x8xf64>, %w: tensor<2x1x3x3xf64>) -> tensor<1x2x3x6xf64> {
  %y = cnn.conv2d %x, %w stride [2, 1] pad [1, 0, 2, 2] dilation [2, 3] : tensor<1x1x9x8xf64>, tensor<2x1x3x3xf64>
  return %y : tensor<1x2x3x6xf64>
}
func.func @groups(%x: tensor<2x4x4x4xf64>, %w: tensor<6x2x3x3xf64>) -> tensor<2x6x4x4xf64> {
  %y = cnn.conv2d %x, %w pad [1, 1, 1, 1] groups 2 : tensor<2x4x4x4xf64>, tensor<6x2x3x3xf64>
  return %y : tensor<2x6x4x4xf64>
}
func.func @depthwise(%x: tensor<1x3x5x5xf64>, %w: tensor<3x1x3x3xf64>) -> tensor<1x3x3x3xf64> {
  %y = cnn.conv2d %x, %w stride [2, 2] pad [1, 1, 1, 1] groups 3 : tensor<1x3x5x5xf64>, tensor<3x1x3x3xf64>
  return %y : tensor<1x3x3x3xf64>
}
func.func @depthwise_with_multiplier(%x: tensor<1x2x5x4xf64>, %w: tensor<4x1x2x3xf64>) -> tensor<1x4x3x2xf64> {
  %y = cnn.conv2d %x, %w dilation [2, 1] groups 2 : tensor<1x2x5x4xf64>, tensor<4x1x2x3xf64>
  return %y : tensor<1x4x3x2xf64>
}
func.func @grouped_dilated_strided(%x: tensor<2x4x7x6xf64>, %w: tensor<2x2x3x2xf64>) -> tensor<2x2x2x4xf64> {
  %y = cnn.conv2d %x, %w stride [2, 2] pad [0, 1, 2, 1] dilation [2, 2] groups 2 : tensor<2x4x7x6xf64>, tensor<2x2x3x2xf64>
  return %y : tensor<2x2x2x4xf64>
}
func.func @transposed(%x: tensor<1x2x3x3xf64>, %w: tensor<2x2x4x4xf64>) -> tensor<1x2x6x6xf64> {
  %y = cnn.conv2d %x, %w pad [2, 2, 2, 2] input_dilation [2, 2] : tensor<1x2x3x3xf64>, tensor<2x2x4x4xf64>
  return %y : tensor<1x2x6x6xf64>
}
func.func @transposed_uneven(%x: tensor<1x2x3x2xf64>, %w: tensor<3x2x3x2xf64>) -> tensor<1x3x6x6xf64> {
  %y = cnn.conv2d %x, %w pad [2, 1, 0, 3] input_dilation [2, 3] : tensor<1x2x3x2xf64>, tensor<3x2x3x2xf64>
  return %y : tensor<1x3x6x6xf64>
}
func.func @transposed_cropped(%x: tensor<1x1x4x3xf64>, %w: tensor<2x1x2x3xf64>) -> tensor<1x2x8x3xf64> {
  %y = cnn.conv2d %x, %w pad [-1, 0, 1, -1] input_dilation [3, 2] : tensor<1x1x4x3xf64>, tensor<2x1x2x3xf64>
  return %y : tensor<1x2x8x3xf64>
}
func.func @transposed_strided_dilated(%x: tensor<1x2x4x4xf64>, %w: tensor<2x2x2x3xf64>) -> tensor<1x2x3x6xf64> {
  %y = cnn.conv2d %x, %w stride [3, 2] pad [1, 2, 3, 1] dilation [2, 1] input_dilation [2, 3] : tensor<1x2x4x4xf64>, tensor<2x2x2x3xf64>
  return %y : tensor<1x2x3x6xf64>
}
func.func @transposed_groups(%x: tensor<1x4x3x3xf64>, %w: tensor<4x2x3x3xf64>) -> tensor<1x4x5x5xf64> {
  %y = cnn.conv2d %x, %w pad [1, 1, 1, 1] input_dilation [2, 2] groups 2 : tensor<1x4x3x3xf64>, tensor<4x2x3x3xf64>
  return %y : tensor<1x4x5x5xf64>
}
func.func @batch_groups(%x: tensor<4x2x4x4xf64>, %w: tensor<4x2x3x3xf64>) -> tensor<2x4x3x3xf64> {
  %y = cnn.conv2d %x, %w pad [1, 0, 0, 1] batch_groups 2 : tensor<4x2x4x4xf64>, tensor<4x2x3x3xf64>
  return %y : tensor<2x4x3x3xf64>
}
func.func @batch_groups_strided(%x: tensor<6x1x5x6xf64>, %w: tensor<3x1x2x3xf64>) -> tensor<2x3x2x1xf64> {
  %y = cnn.conv2d %x, %w stride [2, 2] dilation [1, 2] batch_groups 3 : tensor<6x1x5x6xf64>, tensor<3x1x2x3xf64>
  return %y : tensor<2x3x2x1xf64>
}
func.func @batch_groups_transposed(%x: tensor<2x2x3x2xf64>, %w: tensor<2x2x2x2xf64>) -> tensor<1x2x6x4xf64> {
  %y = cnn.conv2d %x, %w pad [1, 1, 1, 1] input_dilation [2, 2] batch_groups 2 : tensor<2x2x3x2xf64>, tensor<2x2x2x2xf64>
  return %y : tensor<1x2x6x4xf64>
}
