// Dropout is linear: its own adjoint with the same choice of zeros.
// RUN: cnn-gradcheck %s --first --second --exact | FileCheck %s
// CHECK-COUNT-21: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 7 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @half(%x: tensor<2x3x2x2xf64>, %seed: tensor<i64> {check.value = 7.0}, %step: tensor<i64> {check.value = 3.0}) -> tensor<2x3x2x2xf64> {
  %y = cnn.dropout %x, %seed, %step probability 5.0e-1 stream 0 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @stream_and_salt(%x: tensor<3x4xf64>, %seed: tensor<i64> {check.value = 1.0}, %step: tensor<i64> {check.value = 0.0}) -> tensor<3x4xf64> {
  %y = cnn.dropout %x, %seed, %step probability 7.5e-1 stream 3 salt 11 : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @never(%x: tensor<3x4xf64>, %seed: tensor<i64> {check.value = 1.0}, %step: tensor<i64> {check.value = 0.0}) -> tensor<3x4xf64> {
  %y = cnn.dropout %x, %seed, %step probability 0.0 stream 0 : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @path(%x: tensor<6x2x2x2xf64>, %seed: tensor<i64> {check.value = 7.0}, %step: tensor<i64> {check.value = 3.0}) -> tensor<6x2x2x2xf64> {
  %y = cnn.dropout %x, %seed, %step probability 5.0e-1 stream 1 whole_images : tensor<6x2x2x2xf64>
  return %y : tensor<6x2x2x2xf64>
}
func.func @path_rows(%x: tensor<8x3xf64>, %seed: tensor<i64> {check.value = 7.0}, %step: tensor<i64> {check.value = 3.0}) -> tensor<8x3xf64> {
  %y = cnn.dropout %x, %seed, %step probability 7.5e-1 stream 1 salt 11 whole_images : tensor<8x3xf64>
  return %y : tensor<8x3xf64>
}
func.func @path_list(%x: tensor<9xf64>, %seed: tensor<i64> {check.value = 7.0}, %step: tensor<i64> {check.value = 3.0}) -> tensor<9xf64> {
  %y = cnn.dropout %x, %seed, %step probability 5.0e-1 stream 1 whole_images : tensor<9xf64>
  return %y : tensor<9xf64>
}
func.func @path_sequence(%x: tensor<5x2x3xf64>, %seed: tensor<i64> {check.value = 7.0}, %step: tensor<i64> {check.value = 3.0}) -> tensor<5x2x3xf64> {
  %y = cnn.dropout %x, %seed, %step probability 5.0e-1 stream 5 whole_images : tensor<5x2x3xf64>
  return %y : tensor<5x2x3xf64>
}
