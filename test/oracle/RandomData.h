//===- RandomData.h - Random numbers for a network --------------------------===//
#ifndef CNNC_TEST_ORACLE_RANDOMDATA_H
#define CNNC_TEST_ORACLE_RANDOMDATA_H

#include "test/oracle/Interpreter.h"
#include "test/oracle/LayerWriter.h"

namespace cnnc::oracle {

/// Further attempts of whole numbers are smaller, and more of them are 0.
inline constexpr int dataAttempts = 4;

NetData randomData(const TypedNet &net, Numbers numbers, uint64_t seed, int attempt);

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_RANDOMDATA_H
