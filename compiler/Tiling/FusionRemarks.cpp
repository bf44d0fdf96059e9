//===- FusionRemarks.cpp - What a kernel takes in, and why not ------------===//

#include "compiler/Tiling/FusionRemarks.h"

#include "mlir/IR/Remarks.h"

using namespace mlir;

static remark::RemarkOpts remarkOptions() {
  return remark::RemarkOpts::name("epilogue").category("cnn-fuse");
}

static void say(remark::detail::InFlightRemark edge, Location kernel,
                const remark::detail::LazyTextBuild &text) {
  if (!edge)
    return;
  edge << text;
  edge << remark::detail::Remark::Arg("Source", LocationAttr(kernel));
}

void cnnc::remarkFused(Location kernel, Location user) {
  say(remark::passed(user, remarkOptions()), kernel,
      remark::add("runs on the results of a kernel"));
}

void cnnc::remarkRefused(Location kernel, Location user, StringRef obstacle) {
  say(remark::missed(user, remarkOptions()), kernel,
      remark::add("does not run on the results of a kernel: {0}", obstacle));
}
