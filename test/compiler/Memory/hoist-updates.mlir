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
