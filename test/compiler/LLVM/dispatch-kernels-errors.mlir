// RUN: cnn-opt --cnn-dispatch-kernels --split-input-file --verify-diagnostics %s

// expected-error@+1 {{'llvm.func' op expected a positive number as cnn.tasks, but is 0 : i64}}
llvm.func @none(%a: !llvm.ptr, %begin: i64, %end: i64) attributes {cnn.tasks = 0 : i64} {
  llvm.return
}

// -----

// expected-error@+1 {{'llvm.func' op expected a positive number as cnn.tasks, but is "many"}}
llvm.func @text(%a: !llvm.ptr, %begin: i64, %end: i64) attributes {cnn.tasks = "many"} {
  llvm.return
}

// -----

// expected-error@+1 {{'llvm.func' op expected two i64 as last arguments of a split kernel}}
llvm.func @no_range(%a: !llvm.ptr, %end: i64) attributes {cnn.tasks = 2 : i64} {
  llvm.return
}

// -----

// expected-error@+1 {{'llvm.func' op expected two i64 as last arguments of a split kernel}}
llvm.func @short(%end: i64) attributes {cnn.tasks = 2 : i64} {
  llvm.return
}

// -----

// expected-error@+1 {{'llvm.func' op expected a split kernel to return nothing}}
llvm.func @result(%begin: i64, %end: i64) -> i64 attributes {cnn.tasks = 2 : i64} {
  llvm.return %end : i64
}

// -----

// expected-error@+1 {{'llvm.func' op expected pointers and numbers of at most 64 bits as arguments of a split kernel, but one is 'vector<8xf32>'}}
llvm.func @wide(%a: vector<8xf32>, %begin: i64, %end: i64) attributes {cnn.tasks = 2 : i64} {
  llvm.return
}

// -----

llvm.func @net_forward(%x: !llvm.ptr) {
  %0 = llvm.mlir.constant(0 : i64) : i64
  %4 = llvm.mlir.constant(4 : i64) : i64
  // expected-error@+1 {{'llvm.call' op expected a call of the tasks 0 to 8}}
  llvm.call @kernel(%x, %0, %4) : (!llvm.ptr, i64, i64) -> ()
  llvm.return
}
llvm.func @kernel(%a: !llvm.ptr, %begin: i64, %end: i64) attributes {cnn.tasks = 8 : i64, sym_visibility = "private"} {
  llvm.return
}

// -----

llvm.func @net_forward(%x: !llvm.ptr, %n: i64) {
  %8 = llvm.mlir.constant(8 : i64) : i64
  // expected-error@+1 {{'llvm.call' op expected a call of the tasks 0 to 8}}
  llvm.call @kernel(%x, %n, %8) : (!llvm.ptr, i64, i64) -> ()
  llvm.return
}
llvm.func @kernel(%a: !llvm.ptr, %begin: i64, %end: i64) attributes {cnn.tasks = 8 : i64, sym_visibility = "private"} {
  llvm.return
}
