// Transposed convolution, as the layer deconv builds it: pad is D(F-1) - P, and the output
// padding stands at the end. Both gradients, their gradients, the adjoint identity.
// RUN: cnn-gradcheck %s --first --second --exact | FileCheck %s
// CHECK-COUNT-75: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 25 functions, {{[1-9][0-9]*}} values, 0 failed
// RUN: cnn-gradcheck %s --exact --optimized | FileCheck %s --check-prefix=OPTIMIZED
// OPTIMIZED-COUNT-25: {{(exact|oracle) +[1-9]}}
// OPTIMIZED: 25 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @plain(%x: tensor<2x3x3x3xf64>, %w: tensor<3x2x3x3xf64>) -> tensor<2x2x5x5xf64> {
  %t = cnn.transpose_filter %w : tensor<3x2x3x3xf64>
  %y = cnn.conv2d %x, %t pad [2, 2, 2, 2] : tensor<2x3x3x3xf64>, tensor<2x3x3x3xf64>
  return %y : tensor<2x2x5x5xf64>
}
func.func @one_by_one(%x: tensor<2x3x3x2xf64>, %w: tensor<3x2x1x1xf64>) -> tensor<2x2x3x2xf64> {
  %t = cnn.transpose_filter %w : tensor<3x2x1x1xf64>
  %y = cnn.conv2d %x, %t : tensor<2x3x3x2xf64>, tensor<2x3x1x1xf64>
  return %y : tensor<2x2x3x2xf64>
}
func.func @one_position(%x: tensor<1x2x1x1xf64>, %w: tensor<2x2x3x2xf64>) -> tensor<1x2x3x2xf64> {
  %t = cnn.transpose_filter %w : tensor<2x2x3x2xf64>
  %y = cnn.conv2d %x, %t pad [2, 2, 1, 1] : tensor<1x2x1x1xf64>, tensor<2x2x3x2xf64>
  return %y : tensor<1x2x3x2xf64>
}
func.func @padded(%x: tensor<1x2x4x4xf64>, %w: tensor<2x2x3x3xf64>) -> tensor<1x2x4x4xf64> {
  %t = cnn.transpose_filter %w : tensor<2x2x3x3xf64>
  %y = cnn.conv2d %x, %t pad [1, 1, 1, 1] : tensor<1x2x4x4xf64>, tensor<2x2x3x3xf64>
  return %y : tensor<1x2x4x4xf64>
}
func.func @asymmetric_padding(%x: tensor<1x2x4x3xf64>, %w: tensor<2x2x3x3xf64>) -> tensor<1x2x4x4xf64> {
  %t = cnn.transpose_filter %w : tensor<2x2x3x3xf64>
  %y = cnn.conv2d %x, %t pad [0, 2, 2, 1] : tensor<1x2x4x3xf64>, tensor<2x2x3x3xf64>
  return %y : tensor<1x2x4x4xf64>
}
func.func @padding_beyond_the_window(%x: tensor<1x1x4x5xf64>, %w: tensor<1x1x2x2xf64>) -> tensor<1x1x2x3xf64> {
  %t = cnn.transpose_filter %w : tensor<1x1x2x2xf64>
  %y = cnn.conv2d %x, %t pad [-1, 0, -2, 1] : tensor<1x1x4x5xf64>, tensor<1x1x2x2xf64>
  return %y : tensor<1x1x2x3xf64>
}
func.func @doubles(%x: tensor<1x2x3x4xf64>, %w: tensor<2x2x2x2xf64>) -> tensor<1x2x6x8xf64> {
  %t = cnn.transpose_filter %w : tensor<2x2x2x2xf64>
  %y = cnn.conv2d %x, %t pad [1, 1, 1, 1] input_dilation [2, 2] : tensor<1x2x3x4xf64>, tensor<2x2x2x2xf64>
  return %y : tensor<1x2x6x8xf64>
}
func.func @doubles_and_overlaps(%x: tensor<1x2x3x3xf64>, %w: tensor<2x2x4x4xf64>) -> tensor<1x2x6x6xf64> {
  %t = cnn.transpose_filter %w : tensor<2x2x4x4xf64>
  %y = cnn.conv2d %x, %t pad [2, 2, 2, 2] input_dilation [2, 2] : tensor<1x2x3x3xf64>, tensor<2x2x4x4xf64>
  return %y : tensor<1x2x6x6xf64>
}
func.func @doubles_with_output_padding(%x: tensor<1x2x3x3xf64>, %w: tensor<2x2x3x3xf64>) -> tensor<1x2x6x6xf64> {
  %t = cnn.transpose_filter %w : tensor<2x2x3x3xf64>
  %y = cnn.conv2d %x, %t pad [1, 2, 1, 2] input_dilation [2, 2] : tensor<1x2x3x3xf64>, tensor<2x2x3x3xf64>
  return %y : tensor<1x2x6x6xf64>
}
func.func @output_padding_on_rows(%x: tensor<1x2x3x2xf64>, %w: tensor<2x1x3x3xf64>) -> tensor<1x1x6x3xf64> {
  %t = cnn.transpose_filter %w : tensor<2x1x3x3xf64>
  %y = cnn.conv2d %x, %t pad [1, 2, 1, 1] input_dilation [2, 2] : tensor<1x2x3x2xf64>, tensor<1x2x3x3xf64>
  return %y : tensor<1x1x6x3xf64>
}
func.func @output_padding_without_padding(%x: tensor<1x1x2x3xf64>, %w: tensor<1x2x2x3xf64>) -> tensor<1x2x7x8xf64> {
  %t = cnn.transpose_filter %w : tensor<1x2x2x3xf64>
  %y = cnn.conv2d %x, %t pad [1, 3, 2, 3] input_dilation [3, 2] : tensor<1x1x2x3xf64>, tensor<2x1x2x3xf64>
  return %y : tensor<1x2x7x8xf64>
}
// `same` with the stride 2 gives twice the size; the odd position goes to the end.
func.func @same_padding(%x: tensor<1x2x3x3xf64>, %w: tensor<2x2x3x3xf64>) -> tensor<1x2x6x6xf64> {
  %t = cnn.transpose_filter %w : tensor<2x2x3x3xf64>
  %y = cnn.conv2d %x, %t pad [2, 1, 2, 1] input_dilation [2, 2] : tensor<1x2x3x3xf64>, tensor<2x2x3x3xf64>
  return %y : tensor<1x2x6x6xf64>
}
func.func @strides_differ(%x: tensor<1x2x3x2xf64>, %w: tensor<2x2x3x2xf64>) -> tensor<1x2x7x5xf64> {
  %t = cnn.transpose_filter %w : tensor<2x2x3x2xf64>
  %y = cnn.conv2d %x, %t pad [2, 2, 1, 1] input_dilation [2, 3] : tensor<1x2x3x2xf64>, tensor<2x2x3x2xf64>
  return %y : tensor<1x2x7x5xf64>
}
func.func @stride_larger_than_the_window(%x: tensor<1x2x2x3xf64>, %w: tensor<2x2x2x1xf64>) -> tensor<1x2x5x9xf64> {
  %t = cnn.transpose_filter %w : tensor<2x2x2x1xf64>
  %y = cnn.conv2d %x, %t pad [1, 1, 0, 0] input_dilation [3, 4] : tensor<1x2x2x3xf64>, tensor<2x2x2x1xf64>
  return %y : tensor<1x2x5x9xf64>
}
func.func @triples(%x: tensor<1x1x2x2xf64>, %w: tensor<1x2x5x5xf64>) -> tensor<1x2x6x6xf64> {
  %t = cnn.transpose_filter %w : tensor<1x2x5x5xf64>
  %y = cnn.conv2d %x, %t pad [3, 3, 3, 3] input_dilation [3, 3] : tensor<1x1x2x2xf64>, tensor<2x1x5x5xf64>
  return %y : tensor<1x2x6x6xf64>
}
func.func @dilated(%x: tensor<1x2x3x2xf64>, %w: tensor<2x2x2x3xf64>) -> tensor<1x2x5x8xf64> {
  %t = cnn.transpose_filter %w : tensor<2x2x2x3xf64>
  %y = cnn.conv2d %x, %t pad [2, 2, 6, 6] dilation [2, 3] : tensor<1x2x3x2xf64>, tensor<2x2x2x3xf64>
  return %y : tensor<1x2x5x8xf64>
}
func.func @dilated_and_padded(%x: tensor<1x2x3x3xf64>, %w: tensor<2x2x3x3xf64>) -> tensor<1x2x3x3xf64> {
  %t = cnn.transpose_filter %w : tensor<2x2x3x3xf64>
  %y = cnn.conv2d %x, %t pad [2, 2, 2, 2] dilation [2, 2] : tensor<1x2x3x3xf64>, tensor<2x2x3x3xf64>
  return %y : tensor<1x2x3x3xf64>
}
func.func @dilated_and_strided(%x: tensor<1x2x3x2xf64>, %w: tensor<2x2x2x2xf64>) -> tensor<1x2x7x5xf64> {
  %t = cnn.transpose_filter %w : tensor<2x2x2x2xf64>
  %y = cnn.conv2d %x, %t pad [2, 3, 2, 1] dilation [3, 2] input_dilation [2, 3] : tensor<1x2x3x2xf64>, tensor<2x2x2x2xf64>
  return %y : tensor<1x2x7x5xf64>
}
func.func @everything(%x: tensor<2x2x2x3xf64>, %w: tensor<2x2x3x2xf64>) -> tensor<2x2x5x9xf64> {
  %t = cnn.transpose_filter %w : tensor<2x2x3x2xf64>
  %y = cnn.conv2d %x, %t pad [3, 3, 1, 2] dilation [2, 1] input_dilation [2, 3] : tensor<2x2x2x3xf64>, tensor<2x2x3x2xf64>
  return %y : tensor<2x2x5x9xf64>
}
func.func @groups(%x: tensor<1x4x2x3xf64>, %w: tensor<4x3x3x2xf64>) -> tensor<1x6x4x4xf64> {
  %t = cnn.transpose_filter %w groups 2 : tensor<4x3x3x2xf64>
  %y = cnn.conv2d %x, %t pad [2, 2, 1, 1] groups 2 : tensor<1x4x2x3xf64>, tensor<6x2x3x2xf64>
  return %y : tensor<1x6x4x4xf64>
}
func.func @groups_strided(%x: tensor<1x4x3x2xf64>, %w: tensor<4x2x3x3xf64>) -> tensor<1x4x6x4xf64> {
  %t = cnn.transpose_filter %w groups 2 : tensor<4x2x3x3xf64>
  %y = cnn.conv2d %x, %t pad [1, 2, 1, 2] input_dilation [2, 2] groups 2 : tensor<1x4x3x2xf64>, tensor<4x2x3x3xf64>
  return %y : tensor<1x4x6x4xf64>
}
func.func @groups_dilated(%x: tensor<1x6x2x2xf64>, %w: tensor<6x1x2x2xf64>) -> tensor<1x3x3x3xf64> {
  %t = cnn.transpose_filter %w groups 3 : tensor<6x1x2x2xf64>
  %y = cnn.conv2d %x, %t pad [1, 2, 3, 1] dilation [2, 3] groups 3 : tensor<1x6x2x2xf64>, tensor<3x2x2x2xf64>
  return %y : tensor<1x3x3x3xf64>
}
func.func @depthwise(%x: tensor<2x3x2x3xf64>, %w: tensor<3x1x3x3xf64>) -> tensor<2x3x3x5xf64> {
  %t = cnn.transpose_filter %w groups 3 : tensor<3x1x3x3xf64>
  %y = cnn.conv2d %x, %t pad [1, 1, 1, 1] input_dilation [2, 2] groups 3 : tensor<2x3x2x3xf64>, tensor<3x1x3x3xf64>
  return %y : tensor<2x3x3x5xf64>
}
func.func @depthwise_multiplier(%x: tensor<1x2x3x2xf64>, %w: tensor<2x3x2x3xf64>) -> tensor<1x6x6x4xf64> {
  %t = cnn.transpose_filter %w groups 2 : tensor<2x3x2x3xf64>
  %y = cnn.conv2d %x, %t pad [1, 1, 2, 2] input_dilation [2, 1] groups 2 : tensor<1x2x3x2xf64>, tensor<6x1x2x3xf64>
  return %y : tensor<1x6x6x4xf64>
}
func.func @fewer_channels_of_more(%x: tensor<1x4x3x3xf64>, %w: tensor<4x1x2x2xf64>) -> tensor<1x1x6x6xf64> {
  %t = cnn.transpose_filter %w : tensor<4x1x2x2xf64>
  %y = cnn.conv2d %x, %t pad [1, 1, 1, 1] input_dilation [2, 2] : tensor<1x4x3x3xf64>, tensor<1x4x2x2xf64>
  return %y : tensor<1x1x6x6xf64>
}
