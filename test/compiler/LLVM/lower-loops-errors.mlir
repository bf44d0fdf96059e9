// RUN: cnn-opt %s --pass-pipeline='builtin.module(func.func(cnn-lower-loops))' --verify-diagnostics

func.func @dynamic(%v: f32, %s: memref<?xf32>) {
  // expected-error @+1 {{expected static shapes}}
  linalg.fill ins(%v : f32) outs(%s : memref<?xf32>)
  return
}
