// RUN: cnn-opt %s --cnn-bufferize --split-input-file --verify-diagnostics

// expected-error @+1 {{expected cnn.role on result 0}}
func.func @forward(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{result 0 updates no variable argument}}
func.func @train_step(%x: tensor<4xf32> {cnn.role = "input", cnn.name = "w"})
    -> (tensor<4xf32> {cnn.role = "update", cnn.name = "w"}) {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{updates variable 'w' twice}}
func.func @train_step(%w: tensor<4xf32> {cnn.role = "variable", cnn.name = "w"})
    -> (tensor<4xf32> {cnn.role = "update", cnn.name = "w"}, tensor<4xf32> {cnn.role = "update", cnn.name = "w"}) {
  return %w, %w : tensor<4xf32>, tensor<4xf32>
}

// -----

func.func @forward(%n: index, %x: tensor<4xf32> {cnn.role = "input", cnn.name = "x"})
    -> (tensor<4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %zero = arith.constant 0.0 : f32
  // expected-error @+1 {{expected buffers of static shape}}
  %e = tensor.empty(%n) : tensor<?xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %s = tensor.extract_slice %f[0] [4] [1] : tensor<?xf32> to tensor<4xf32>
  return %s : tensor<4xf32>
}
