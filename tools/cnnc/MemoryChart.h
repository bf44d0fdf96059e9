//===- MemoryChart.h - Which layer's buffers live when ----------------------===//
#ifndef CNNC_TOOLS_MEMORYCHART_H
#define CNNC_TOOLS_MEMORYCHART_H

#include "tools/cnnc/MemoryPlan.h"

namespace cnnc {

struct ChartStyle {
  int columns = 80;
  bool utf8 = true;    ///< else ASCII
  bool colour = false; ///< marks the column of the peak
};

/// Whether the locale's characters are UTF-8.
bool usesUtf8();

/// Rows are layers, the largest first; columns are steps, from left to right. The height of a
/// cell is what the layer's buffers take then, of the most that all take at one step. Above the
/// rows stands their sum, below them where layers begin to compute.
std::string drawChart(const ArenaPlan &plan, const ChartStyle &style);

} // namespace cnnc

#endif // CNNC_TOOLS_MEMORYCHART_H
