//===- Generator.h - Random networks ----------------------------------------===//
#ifndef CNNC_TEST_ORACLE_GENERATOR_H
#define CNNC_TEST_ORACLE_GENERATOR_H

#include "test/oracle/LayerWriter.h"
#include "test/oracle/NetText.h"

namespace cnnc::oracle {

/// A network with a train section; the frontend must accept it. The same seed gives the
/// same text.
NetText generateNet(uint64_t seed, Numbers numbers);

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_GENERATOR_H
