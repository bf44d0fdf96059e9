// RUN: cnn-opt %s --cnn-emit-entry-point --split-input-file --verify-diagnostics

// expected-error @+1 {{expected forward, train_step or gradient}}
func.func @backward() {
  return
}

// -----

// expected-error @+1 {{expected a buffer of static shape with cnn.role as argument 0}}
func.func @forward(%x: memref<2xf32>) {
  return
}

// -----

// expected-error @+1 {{expected one argument of role "workspace"}}
func.func @forward(%x: memref<2xf32> {cnn.role = "input", cnn.name = "x"}) {
  return
}

// -----

// expected-error @+1 {{no cnn.variable is named 'w'}}
func.func @forward(%w: memref<2xf32> {cnn.role = "variable", cnn.name = "w"}) {
  return
}

// -----

cnn.variable @w parameter : tensor<20x3xf32> {blocks = array<i64: 0>}
// expected-error @+1 {{'w' is stored as 'tensor<2x3x16xf32>', but the argument is 'memref<20x3xf32>'}}
func.func @forward(%w: memref<20x3xf32> {cnn.role = "variable", cnn.name = "w"}) {
  return
}

// -----

cnn.variable @m slot : tensor<2xf32>
// expected-error @+1 {{cannot use the optimizer slot 'm'}}
func.func @forward(%m: memref<2xf32> {cnn.role = "variable", cnn.name = "m"}) {
  return
}

// -----

// expected-error @+1 {{cannot have an argument of role "target"}}
func.func @forward(%m: memref<2xf32> {cnn.role = "target", cnn.name = "m"}) {
  return
}

// -----

cnn.variable @w parameter : tensor<2xf32>
// expected-error @+1 {{has no gradient of 'w'}}
func.func @gradient(%x: memref<2xf32> {cnn.role = "input", cnn.name = "x"}, %l: memref<f32> {cnn.role = "loss"},
                    %ws: memref<0xi8> {cnn.role = "workspace"}) {
  return
}

// -----

func.func @forward(%x: memref<2xf32> {cnn.role = "input", cnn.name = "x"}, %ws: memref<0xi8> {cnn.role = "workspace"}) {
  return
}
// expected-error @+1 {{disagrees with another function about the inputs}}
func.func @train_step(%x: memref<3xf32> {cnn.role = "input", cnn.name = "x"}, %l: memref<f32> {cnn.role = "loss"},
                      %ws: memref<0xi8> {cnn.role = "workspace"}) {
  return
}
