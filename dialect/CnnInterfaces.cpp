//===- CnnInterfaces.cpp - What passes ask of an op -----------------------===//

#include "dialect/CnnInterfaces.h"

#include "dialect/CnnInterfaces.cpp.inc"
