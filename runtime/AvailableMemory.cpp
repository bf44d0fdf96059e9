//===- AvailableMemory.cpp - What this process may still take -------------===//

#include "runtime/AvailableMemory.h"

#include <algorithm>
#include <fstream>
#include <string>

using namespace cnnc;

/// MemAvailable of /proc/meminfo, which is in KiB.
static std::optional<uint64_t> machineMemory() {
  std::ifstream file("/proc/meminfo");
  std::string name, unit;
  uint64_t kibibytes = 0;
  while (file >> name >> kibibytes) {
    if (name == "MemAvailable:")
      return kibibytes * 1024;
    std::getline(file, unit);
  }
  return std::nullopt;
}

/// A number that fills a file of the control group; "max" is none.
static std::optional<uint64_t> numberIn(const std::string &path) {
  std::ifstream file(path);
  uint64_t number = 0;
  if (file >> number)
    return number;
  return std::nullopt;
}

/// Of what the group uses, the kernel's copies of files, which it gives back.
static uint64_t cachedFiles() {
  std::ifstream file("/sys/fs/cgroup/memory.stat");
  std::string name;
  uint64_t bytes = 0, sum = 0;
  while (file >> name >> bytes)
    if (name == "active_file" || name == "inactive_file")
      sum += bytes;
  return sum;
}

/// What the control group leaves. In a container, its own is mounted at the root.
static std::optional<uint64_t> groupMemory() {
  std::optional<uint64_t> most = numberIn("/sys/fs/cgroup/memory.max"),
                          used = numberIn("/sys/fs/cgroup/memory.current");
  if (!most || !used)
    return std::nullopt;
  uint64_t kept = *used - std::min(*used, cachedFiles());
  return *most - std::min(*most, kept);
}

std::optional<uint64_t> cnnc::availableMemory() {
  std::optional<uint64_t> machine = machineMemory(), group = groupMemory();
  if (!machine || !group)
    return machine ? machine : group;
  return std::min(*machine, *group);
}
