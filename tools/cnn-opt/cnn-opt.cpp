//===- cnn-opt.cpp - Runs passes on modules in text form ------------------===//

#include "compiler/InitAll.h"

#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  cnnc::registerPasses();
  mlir::DialectRegistry registry;
  cnnc::registerDialects(registry);
  return mlir::failed(mlir::MlirOptMain(argc, argv, "cnnc's passes, one by one\n", registry));
}
