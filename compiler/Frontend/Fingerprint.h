//===- Fingerprint.h - What a network computes, as a hash -------------------===//
//
// Two texts have one fingerprint where their expanded networks compute the same with
// the same names: comments, formatting, blocks, repeats and default values spelled out
// do not matter. Nor does what no gradient depends on: initial values, data, metrics,
// optimizer, schedule, batch, epochs.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_FINGERPRINT_H
#define CNNC_FRONTEND_FINGERPRINT_H

#include "compiler/Frontend/TypedAST.h"

namespace cnnc {

/// What a layer computes: its kind, its arguments, the sizes of its inputs and output, its
/// parameters' sizes and whether they are trained. No names and no positions: layers with
/// one description become the same code.
std::string describeLayer(const TypedNet &net, const Layer &layer);

/// "sha256:" and 64 digits.
std::string fingerprint(const TypedNet &net);

} // namespace cnnc

#endif // CNNC_FRONTEND_FINGERPRINT_H
