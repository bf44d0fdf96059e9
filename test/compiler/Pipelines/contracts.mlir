// Every phase checks what it leaves.
// RUN: split-file %s %t
// RUN: not cnn-opt %t/gradient.mlir --cnn-phase-lowering 2>&1 | FileCheck %s --check-prefix=LOWERING
// LOWERING: gradient.mlir:3:9: error: failed to legalize operation 'cnn.gradient'

// What no phase before has introduced is named, with the phase.
// RUN: not cnn-opt %t/scf.mlir --cnn-reference 2>&1 | FileCheck %s --check-prefix=AUTODIFF
// AUTODIFF: scf.mlir:{{[0-9]+}}:{{[0-9]+}}: error: 'scf.{{if|yield}}' op must not be left by the phase Autodiff
// RUN: not cnn-opt %t/tensor.mlir --cnn-reference 2>&1 | FileCheck %s --check-prefix=TENSOR
// TENSOR: tensor.mlir:3:8: error: 'tensor.cast' op must not be left by the phase Autodiff

// A near miss goes all the way.
// RUN: cnn-opt %t/good.mlir --cnn-reference | FileCheck %s --check-prefix=GOOD --implicit-check-not='{{(cnn\.relu|func\.func|linalg|memref)}}'
// GOOD: cnn.model
// GOOD: llvm.func @net_forward
// RUN: cnn-opt %t/good.mlir --cnn-phase-autodiff --cnn-phase-lowering --cnn-phase-memory --cnn-phase-llvm | FileCheck %s --check-prefix=GOOD
// RUN: cnn-opt %t/good.mlir --cnn-phase-autodiff --cnn-phase-fusion --cnn-phase-layout --cnn-phase-lowering --cnn-phase-tiling \
// RUN:   --cnn-phase-memory --cnn-phase-vector --cnn-phase-llvm | FileCheck %s --check-prefix=GOOD

//--- gradient.mlir
func.func @forward(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"}) -> (tensor<4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %loss = cnn.reduce_sum %x dims [0] : tensor<4xf32>
  %dx = cnn.gradient %loss of %x : tensor<f32> of tensor<4xf32>
  return %dx : tensor<4xf32>
}
//--- scf.mlir
func.func @forward(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"}, %c: i1) -> (tensor<4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %y = scf.if %c -> tensor<4xf32> {
    %a = cnn.relu %x : tensor<4xf32>
    scf.yield %a : tensor<4xf32>
  } else {
    %b = cnn.tanh %x : tensor<4xf32>
    scf.yield %b : tensor<4xf32>
  }
  return %y : tensor<4xf32>
}
//--- tensor.mlir
func.func @forward(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"}) -> (tensor<?xf32> {cnn.role = "output", cnn.name = "y"}) {
  %r = cnn.relu %x : tensor<4xf32>
  %y = tensor.cast %r : tensor<4xf32> to tensor<?xf32>
  return %y : tensor<?xf32>
}
//--- good.mlir
func.func @forward(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"}) -> (tensor<4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %y = cnn.relu %x : tensor<4xf32>
  return %y : tensor<4xf32>
}
