//===- Certificate.h - That a network's gradients were checked --------------===//
//
// A small JSON file that `gradcheck --cert` writes when all checks have passed, and that
// `compile --require-cert` asks for. It names the network by its fingerprint. It is no
// signature: who can write the file can write another.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TOOLS_CERTIFICATE_H
#define CNNC_TOOLS_CERTIFICATE_H

#include "tools/cnnc/NetCheck.h"

namespace cnnc {

/// "cnnc 0.1.0 LLVM 22.1.8": what has made the code that was checked.
std::string compilerName();

/// The certificate of a network whose checks have all passed.
std::string certificateText(const TypedNet &net, const NetReport &report);

/// Whether the file certifies this network for this compiler. An unreadable or malformed
/// file has the code File, one that does not fit the code Request.
Status checkCertificate(const std::string &path, const TypedNet &net);

} // namespace cnnc

#endif // CNNC_TOOLS_CERTIFICATE_H
