// RUN: cnn-opt --cnn-pack-variables %s | FileCheck %s
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-to-linalg),cnn-pack-variables,canonicalize,func.func(cnn-fold-packs))' %s | FileCheck %s --check-prefix=FOLDED

cnn.variable @w parameter : tensor<40x20x3x3xf32> {blocks = array<i64: 1, 0>}
cnn.variable @m slot : tensor<40x20x3x3xf32> {blocks = array<i64: 1, 0>}
cnn.variable @plain parameter : tensor<40x20x3x3xf32>

// Blocks come; one without blocks, and one that is no variable, stay.
// CHECK-LABEL: func.func @forward(
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor<3x2x3x3x16x16xf32> {cnn.name = "w", cnn.role = "variable"}
// CHECK-SAME: tensor<40x20x3x3xf32> {cnn.name = "plain", cnn.role = "variable"}
// CHECK-SAME: tensor<40x20x3x3xf32> {cnn.name = "w", cnn.role = "input"}
// CHECK-NEXT: %[[E:.*]] = tensor.empty() : tensor<40x20x3x3xf32>
// CHECK-NEXT: %[[U:.*]] = linalg.unpack %[[W]] inner_dims_pos = [1, 0] inner_tiles = [16, 16] into %[[E]]
// CHECK-NOT: linalg.unpack
// CHECK: return %[[U]], %{{.*}}, %{{.*}} : tensor<40x20x3x3xf32>, tensor<40x20x3x3xf32>, tensor<40x20x3x3xf32>
func.func @forward(%w: tensor<40x20x3x3xf32> {cnn.name = "w", cnn.role = "variable"},
                   %p: tensor<40x20x3x3xf32> {cnn.name = "plain", cnn.role = "variable"},
                   %x: tensor<40x20x3x3xf32> {cnn.name = "w", cnn.role = "input"})
    -> (tensor<40x20x3x3xf32> {cnn.name = "y", cnn.role = "output"},
        tensor<40x20x3x3xf32> {cnn.name = "plain", cnn.role = "update"},
        tensor<40x20x3x3xf32> {cnn.name = "w", cnn.role = "gradient"}) {
  return %w, %p, %x : tensor<40x20x3x3xf32>, tensor<40x20x3x3xf32>, tensor<40x20x3x3xf32>
}

// Blocks go, and the step works on them: the destinations are the arguments. Only the gradient, which
// here comes from outside, is packed.
// CHECK-LABEL: func.func @train_step(
// CHECK: %[[NEW:.*]], %[[VELOCITY:.*]] = cnn.momentum
// CHECK: %[[A:.*]] = linalg.pack %[[NEW]] padding_value({{.*}}) inner_dims_pos = [1, 0] inner_tiles = [16, 16]
// CHECK: %[[B:.*]] = linalg.pack %[[VELOCITY]] padding_value
// CHECK: return %[[A]], %[[B]] : tensor<3x2x3x3x16x16xf32>, tensor<3x2x3x3x16x16xf32>
// FOLDED-LABEL: func.func @train_step(
// FOLDED-SAME: %[[W:[a-z0-9]+]]: tensor<3x2x3x3x16x16xf32>
// FOLDED-SAME: %[[M:[a-z0-9]+]]: tensor<3x2x3x3x16x16xf32>
// FOLDED-SAME: %[[G:[a-z0-9]+]]: tensor<40x20x3x3xf32>
// FOLDED: %[[P:.*]] = linalg.pack %[[G]]
// FOLDED-NOT: linalg.pack
// FOLDED-NOT: linalg.unpack
// FOLDED: %[[NEW:.*]]:2 = linalg.generic {{.*}} ins(%[[P]], {{.*}} outs(%[[W]], %[[M]] :
// FOLDED: return %[[NEW]]#0, %[[NEW]]#1
func.func @train_step(%w: tensor<40x20x3x3xf32> {cnn.name = "w", cnn.role = "variable"},
                      %m: tensor<40x20x3x3xf32> {cnn.name = "m", cnn.role = "variable"},
                      %g: tensor<40x20x3x3xf32> {cnn.name = "g", cnn.role = "input"},
                      %lr: tensor<f32> {cnn.role = "learning_rate"})
    -> (tensor<40x20x3x3xf32> {cnn.name = "w", cnn.role = "update"},
        tensor<40x20x3x3xf32> {cnn.name = "m", cnn.role = "update"}) {
  %0:2 = cnn.momentum %w, %g, %m, %lr momentum 9.0e-1 {cnn.blocks = array<i64: 1, 0>} : tensor<40x20x3x3xf32>
  return %0#0, %0#1 : tensor<40x20x3x3xf32>, tensor<40x20x3x3xf32>
}

// A declaration has no body to unpack in.
// CHECK: func.func private @declared(tensor<40x20x3x3xf32> {cnn.name = "w", cnn.role = "variable"})
func.func private @declared(tensor<40x20x3x3xf32> {cnn.name = "w", cnn.role = "variable"})
