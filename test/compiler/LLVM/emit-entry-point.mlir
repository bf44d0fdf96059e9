// RUN: cnn-opt %s --pass-pipeline='builtin.module(cnn-emit-entry-point{prefix=tiny},canonicalize)' | FileCheck %s

// Parameters and statistics in the order of the text, each at a multiple of 64; slots in state.
// CHECK: module attributes {cnn.model = {
// CHECK-SAME: batch = 2 : i64
// CHECK-SAME: forward_probes = [{classes = 0 : i64, name = "", role = "probe", type = tensor<2x3xf32>}]
// CHECK-SAME: gradient_probes = [{classes = 0 : i64, name = "", role = "probe", type = tensor<5xf32>}, {{{.*}}type = tensor<6xf32>}]
// CHECK-SAME: inputs = [{classes = 0 : i64, name = "x", role = "input", type = tensor<2x3xf32>}]
// CHECK-SAME: outputs = [{classes = 0 : i64, name = "y", role = "output", type = tensor<2x3xf32>}]
// CHECK-SAME: name = "w", offset = 0 : i64, role = "parameter", type = tensor<17xf32>, value = 5.000000e-01 : f64}
// CHECK-SAME: init = "constant", name = "var", offset = 128 : i64, role = "statistic", type = tensor<3xf32>, value = 1.000000e+00 : f64}
// CHECK-SAME: name = "b", offset = 192 : i64
// CHECK-SAME: init = "normal", name = "n", offset = 256 : i64, role = "frozen", type = tensor<2xf32>, value = 2.500000e-01 : f64}
// Two blocks of 16 where there are 20.
// CHECK-SAME: {block = array<i64: 16, 1>, init = "constant", name = "c", offset = 320 : i64, role = "frozen", type = tensor<20x3x1x1xf32>
// CHECK-SAME: params_bytes = 704 : i64, prefix = "tiny"
// CHECK-SAME: name = "m", offset = 0 : i64, role = "slot"
// CHECK-SAME: name = "step", offset = 128 : i64, role = "slot", type = tensor<i64>
// CHECK-SAME: state_bytes = 192 : i64
// CHECK-SAME: targets = [{classes = 3 : i64, name = "label"
// CHECK-SAME: train_workspace_bytes = 128 : i64, workspace_bytes = 64 : i64
// CHECK-NOT: cnn.variable
cnn.variable @w parameter : tensor<17xf32> {uniform = 0.5 : f64}
cnn.variable @m slot : tensor<17xf32>
cnn.variable @var statistic : tensor<3xf32> {constant = 1.0 : f64}
cnn.variable @step slot : tensor<i64>
cnn.variable @b parameter : tensor<3xf32>
cnn.variable @n frozen : tensor<2xf32> {normal = 0.25 : f64}
cnn.variable @c frozen : tensor<20x3x1x1xf32> {blocks = array<i64: 0>}

// CHECK-LABEL: func.func @tiny_forward(
// CHECK-SAME: %[[PARAMS:[a-z0-9]*]]: memref<704xi8> {llvm.align = 64 : i64, llvm.noalias}
// CHECK-SAME: %[[X:[a-z0-9]*]]: memref<2x3xf32> {llvm.noalias}
// CHECK-SAME: %[[Y:[a-z0-9]*]]: memref<2x3xf32> {llvm.noalias}
// CHECK-SAME: %[[PROBE:[a-z0-9]*]]: memref<2x3xf32> {llvm.noalias}
// CHECK-SAME: %[[WS:[a-z0-9]*]]: memref<64xi8> {llvm.align = 64 : i64, llvm.noalias})
// CHECK: %[[B:.*]] = memref.view %[[PARAMS]][%c192][] : memref<704xi8> to memref<3xf32>
// CHECK: %[[T:.*]] = memref.view %[[WS]]
// CHECK: linalg.broadcast ins(%[[B]] : {{.*}}) outs(%[[T]]
// CHECK: linalg.add ins(%[[X]], %[[T]] : {{.*}}) outs(%[[Y]]
// CHECK: linalg.copy {{.*}} outs(%[[PROBE]]
func.func @forward(%b: memref<3xf32> {cnn.role = "variable", cnn.name = "b"},
                   %x: memref<2x3xf32> {cnn.role = "input", cnn.name = "x"},
                   %p: memref<2x3xf32> {cnn.role = "probe"},
                   %y: memref<2x3xf32> {cnn.role = "output", cnn.name = "y"},
                   %ws: memref<64xi8> {cnn.role = "workspace"}) attributes {cnn.arena_bytes = 64 : i64} {
  %c0 = arith.constant 0 : index
  %t = memref.view %ws[%c0][] : memref<64xi8> to memref<2x3xf32>
  linalg.broadcast ins(%b : memref<3xf32>) outs(%t : memref<2x3xf32>) dimensions = [0]
  linalg.add ins(%x, %t : memref<2x3xf32>, memref<2x3xf32>) outs(%y : memref<2x3xf32>)
  linalg.copy ins(%y : memref<2x3xf32>) outs(%p : memref<2x3xf32>)
  return
}

// CHECK-LABEL: func.func @tiny_train_step(
// CHECK-SAME: %[[PARAMS:[a-z0-9]*]]: memref<704xi8>
// CHECK-SAME: %[[STATE:[a-z0-9]*]]: memref<192xi8>
// CHECK-SAME: %[[X:[a-z0-9]*]]: memref<2x3xf32>
// CHECK-SAME: %[[LABEL:[a-z0-9]*]]: memref<2xi32>
// CHECK-SAME: %[[LR:[a-z0-9]*]]: f32
// CHECK-SAME: memref<128xi8> {{.*}}) -> f32
// CHECK-DAG: %[[RATE:.*]] = memref.alloca() : memref<f32>
// CHECK-DAG: memref.store %[[LR]], %[[RATE]][]
// CHECK-DAG: %[[STEP:.*]] = memref.view %[[STATE]][%c128][] : memref<192xi8> to memref<i64>
// CHECK: memref.store %{{.*}}, %[[STEP]][]
// CHECK: linalg.copy ins(%[[RATE]] : memref<f32>) outs(%[[LOSS:.*]] : memref<f32>)
// CHECK: %[[VALUE:.*]] = memref.load %[[LOSS]][]
// CHECK: return %[[VALUE]] : f32
func.func @train_step(%x: memref<2x3xf32> {cnn.role = "input", cnn.name = "x"},
                      %l: memref<2xi32> {cnn.role = "target", cnn.name = "label", cnn.classes = 3 : i64},
                      %step: memref<i64> {cnn.role = "variable", cnn.name = "step"},
                      %lr: memref<f32> {cnn.role = "learning_rate"},
                      %loss: memref<f32> {cnn.role = "loss"},
                      %ws: memref<128xi8> {cnn.role = "workspace"}) {
  %one = arith.constant 1 : i64
  memref.store %one, %step[] : memref<i64>
  linalg.copy ins(%lr : memref<f32>) outs(%loss : memref<f32>)
  return
}

// Gradients in the order of the parameters, whatever the order of the function; probes behind.
// CHECK-LABEL: func.func @tiny_gradient(
// CHECK-SAME: memref<704xi8>
// CHECK-SAME: memref<192xi8>
// CHECK-SAME: memref<2x3xf32>
// CHECK-SAME: memref<2xi32>
// CHECK-SAME: %[[DW:[a-z0-9]*]]: memref<17xf32>
// CHECK-SAME: %[[DB:[a-z0-9]*]]: memref<3xf32>
// CHECK-SAME: %[[DX:[a-z0-9]*]]: memref<2x3xf32>
// CHECK-SAME: memref<5xf32> {llvm.noalias}, %{{[a-z0-9]*}}: memref<6xf32> {llvm.noalias}
// CHECK-SAME: -> f64
// CHECK: linalg.fill {{.*}} outs(%[[DX]]
// CHECK: linalg.fill {{.*}} outs(%[[DB]]
// CHECK: linalg.fill {{.*}} outs(%[[DW]]
// CHECK: arith.extf {{.*}} : f32 to f64
func.func @gradient(%x: memref<2x3xf32> {cnn.role = "input", cnn.name = "x"},
                    %l: memref<2xi32> {cnn.role = "target", cnn.name = "label", cnn.classes = 3 : i64},
                    %p5: memref<5xf32> {cnn.role = "probe"},
                    %dx: memref<2x3xf32> {cnn.role = "gradient", cnn.name = "input.x"},
                    %p6: memref<6xf32> {cnn.role = "probe"},
                    %db: memref<3xf32> {cnn.role = "gradient", cnn.name = "b"},
                    %dw: memref<17xf32> {cnn.role = "gradient", cnn.name = "w"},
                    %loss: memref<f32> {cnn.role = "loss"},
                    %ws: memref<0xi8> {cnn.role = "workspace"}) {
  %z = arith.constant 0.0 : f32
  memref.store %z, %loss[] : memref<f32>
  linalg.fill ins(%z : f32) outs(%dx : memref<2x3xf32>)
  linalg.fill ins(%z : f32) outs(%db : memref<3xf32>)
  linalg.fill ins(%z : f32) outs(%dw : memref<17xf32>)
  return
}

// A near miss: a private function is no entry point.
// CHECK-LABEL: func.func private @kernel(%{{.*}}: memref<4xf32>) {
func.func private @kernel(%x: memref<4xf32>) {
  return
}
