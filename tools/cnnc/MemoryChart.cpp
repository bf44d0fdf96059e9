//===- MemoryChart.cpp - Which layer's buffers live when ------------------===//

#include "tools/cnnc/MemoryChart.h"
#include "tools/cnnc/NetRows.h"

#include "llvm/ADT/StringRef.h"
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

using namespace cnnc;

namespace {

constexpr size_t kMostRows = 24;      // a screen
constexpr size_t kMostNameWidth = 24; // longer names are cut
constexpr int kLeastCells = 8;        // however narrow the terminal is
constexpr std::string_view kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::string_view kRamp = ".:-=+*%#";
constexpr int kHeights = 8;

/// A layer's buffers.
struct Row {
  std::string name;
  std::vector<int64_t> live; ///< bytes at each step
  int64_t most = 0;
};

class Chart {
public:
  Chart(const ArenaPlan &plan, const ChartStyle &style);
  std::string draw();

private:
  void collectRows();
  size_t stepOf(size_t cell) const { return cell * plan.steps.size() / cells; }
  void line(llvm::StringRef name, const std::vector<int64_t> &live, int64_t most);
  std::string cellText(int64_t bytes) const;
  void layerNames();

  const ArenaPlan &plan;
  const ChartStyle &style;
  std::vector<int64_t> total;
  std::vector<Row> rows;
  size_t peak, nameWidth = 0, sizeWidth = 0, cells = 0;
  std::string out;
};

/// A byte that begins a character: all but the continuation bytes of UTF-8.
bool beginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

size_t columnsOf(llvm::StringRef text) {
  return size_t(std::count_if(text.begin(), text.end(), beginsCharacter));
}

/// A name in `width` columns. Of a long one the end: blocks share their beginnings.
std::string fit(llvm::StringRef name, size_t width) {
  size_t columns = columnsOf(name);
  if (columns <= width)
    return name.str() + std::string(width - columns, ' ');
  size_t begin = 0;
  for (size_t dropped = 0, surplus = columns - width + 1; begin < name.size(); ++begin)
    if (beginsCharacter(name[begin]) && dropped++ == surplus)
      break;
  return "~" + name.substr(begin).str();
}

} // namespace

Chart::Chart(const ArenaPlan &plan, const ChartStyle &style)
    : plan(plan), style(style), total(plan.liveBytes()), peak(peakOf(total)) {
  collectRows();
  nameWidth = columnsOf("all");
  for (const Row &row : rows)
    nameWidth = std::max(nameWidth, columnsOf(row.name));
  nameWidth = std::min(nameWidth, kMostNameWidth);
  sizeWidth = grouped(total.empty() ? 0 : total[peak]).size();
  int left = int(nameWidth + sizeWidth + 6);
  cells = size_t(std::max(style.columns - left, kLeastCells));
}

void Chart::collectRows() {
  for (const PlannedBuffer &buffer : plan.buffers) {
    auto row = std::find_if(rows.begin(), rows.end(),
                            [&](const Row &row) { return row.name == buffer.place.layer; });
    if (row == rows.end())
      row = rows.insert(rows.end(), Row{buffer.place.layer, {}, 0});
    row->live.resize(plan.steps.size());
    for (int64_t step = buffer.first; step <= buffer.last && step < int64_t(row->live.size());
         ++step)
      row->most = std::max(row->most, row->live[step] += buffer.bytes);
  }
  // The biggest first; among equals, the first to be born.
  std::vector<size_t> order(rows.size());
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return rows[a].most != rows[b].most ? rows[a].most > rows[b].most : a < b;
  });
  std::vector<Row> sorted;
  for (size_t i : order)
    sorted.push_back(std::move(rows[i]));
  rows = std::move(sorted);
}

std::string Chart::cellText(int64_t bytes) const {
  if (bytes == 0)
    return " ";
  int64_t height =
      std::min<int64_t>(bytes * kHeights / std::max<int64_t>(total[peak], 1), kHeights - 1);
  return std::string(style.utf8 ? kBars[height] : kRamp.substr(size_t(height), 1));
}

void Chart::line(llvm::StringRef name, const std::vector<int64_t> &live, int64_t most) {
  std::string text = fmt::format("  {}  {:>{}}  ", fit(name, nameWidth), grouped(most), sizeWidth);
  for (size_t cell = 0; cell < cells; ++cell) {
    // Of the steps of a cell, the highest: no peak is lost.
    size_t first = stepOf(cell), last = std::max(stepOf(cell + 1), first + 1);
    int64_t bytes = *std::max_element(live.begin() + long(first), live.begin() + long(last));
    bool isPeak = first <= peak && peak < last;
    std::string drawn = cellText(bytes);
    text += style.colour && isPeak ? "\x1b[33m" + drawn + "\x1b[0m" : drawn;
  }
  out += llvm::StringRef(text).rtrim().str() + '\n';
}

/// The name of a layer under the cell where it begins to compute, if there is room.
void Chart::layerNames() {
  std::string text(nameWidth + sizeWidth + 6, ' ');
  size_t used = 0;
  std::string previous;
  for (size_t cell = 0; cell < cells; ++cell) {
    const std::string &layer = plan.steps[stepOf(cell)].layer;
    bool begins = layer != previous && !layer.empty();
    previous = layer;
    size_t width = columnsOf(layer);
    if (!begins || used > cell || cell + width > cells)
      continue;
    text += std::string(cell - used, ' ') + layer + ' ';
    used = cell + width + 1;
  }
  out += llvm::StringRef(text).rtrim().str() + '\n';
}

std::string Chart::draw() {
  if (plan.steps.empty() || rows.empty())
    return "  no buffers\n";
  line("all", total, total[peak]);
  size_t shown = std::min(rows.size(), kMostRows);
  for (size_t i = 0; i < shown; ++i)
    line(rows[i].name, rows[i].live, rows[i].most);
  if (shown < rows.size())
    out += fmt::format("  and {} smaller\n", rows.size() - shown);
  layerNames();
  return out;
}

bool cnnc::usesUtf8() {
  // The first that is set decides, as in setlocale(3).
  for (const char *name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char *value = std::getenv(name);
    if (value && *value)
      return llvm::StringRef(value).contains_insensitive("utf-8") ||
             llvm::StringRef(value).contains_insensitive("utf8");
  }
  return false;
}

std::string cnnc::drawChart(const ArenaPlan &plan, const ChartStyle &style) {
  return Chart(plan, style).draw();
}
