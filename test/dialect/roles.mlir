// RUN: cnn-opt %s -split-input-file -verify-diagnostics
//
// The roles of arguments and results.

func.func @all_roles_of_arguments(%a: tensor<f32> {cnn.role = "input", cnn.name = "x"}, %b: tensor<f32> {cnn.role = "target"},
    %c: tensor<f32> {cnn.role = "variable"}, %d: tensor<f32> {cnn.role = "learning_rate"}) {
  return
}

// -----

func.func @all_roles_of_results(%a: tensor<f32>)
    -> (tensor<f32> {cnn.role = "output"}, tensor<f32> {cnn.role = "loss"}, tensor<f32> {cnn.role = "update"},
        tensor<f32> {cnn.role = "gradient", cnn.name = "input.x"}, tensor<f32> {cnn.role = "probe"}) {
  return %a, %a, %a, %a, %a : tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>
}

// -----

// expected-error @+1 {{expects 'cnn.role' to be one of input, target, variable, learning_rate, output, gradient, loss, probe, workspace, but got "image"}}
func.func @unknown_role(%a: tensor<f32> {cnn.role = "image"}) {
  return
}

// -----

// expected-error @+1 {{expects 'cnn.role' to be one of input, target}}
func.func @role_of_an_update(%a: tensor<f32> {cnn.role = "update"}) {
  return
}

// -----

// expected-error @+1 {{but got 1 : i64}}
func.func @role_of_a_number(%a: tensor<f32> {cnn.role = 1}) {
  return
}

// -----

// expected-error @+1 {{expects 'cnn.role' to be one of output, loss, update, gradient, probe, but got "input"}}
func.func @result_with_an_argument_role(%a: tensor<f32>) -> (tensor<f32> {cnn.role = "input"}) {
  return %a : tensor<f32>
}
