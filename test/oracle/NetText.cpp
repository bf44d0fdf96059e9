//===- NetText.cpp - A network's text in parts ----------------------------===//

#include "test/oracle/NetText.h"

#include <cstddef>
#include <utility>

using namespace cnnc;
using namespace cnnc::oracle;

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

template <typename T, typename Text>
static std::string joined(const std::vector<T> &parts, const char *separator, Text &&text) {
  std::string result;
  for (const T &part : parts)
    result += (result.empty() ? "" : separator) + text(part);
  return result;
}

static std::string joined(const std::vector<std::string> &parts, const char *separator) {
  return joined(parts, separator, [](const std::string &part) { return part; });
}

static std::string textOf(const Chain &chain);

static std::string textOf(const Step &step) {
  if (step.chains.empty())
    return step.text;
  if (step.chains.size() == 1)
    return "[" + textOf(step.chains[0]) + "]" + step.text;
  const char *separator = step.isTuple ? ", " : " | ";
  return "(" + joined(step.chains, separator, [](const Chain &chain) { return textOf(chain); }) +
         ")" + step.text;
}

static std::string textOf(const Chain &chain) {
  return joined(chain, " -> ", [](const Step &step) { return textOf(step); });
}

std::string NetText::print() const {
  std::string text;
  for (const Definition &block : blocks)
    text += "block " + block.head + " { " + textOf(block.chain) + " }\n";
  text += "net Random {\n";
  for (const std::string &input : inputs)
    text += "  input " + input + "\n";
  for (const Definition &layer : layers)
    text += "  layer " + layer.head + " = " + textOf(layer.chain) + "\n";
  for (const Definition &let : lets)
    text += "  let " + let.head + " = " + textOf(let.chain) + "\n";
  text += "  output " + joined(outputs, ", ") + "\n}\n";
  text += "train Random {\n";
  for (const std::string &target : targets)
    text += "  target " + target + "\n";
  return text + "  loss = " + joined(losses, " + ") + "\n  " + settings + "\n}\n";
}

//===----------------------------------------------------------------------===//
// Reducing
//===----------------------------------------------------------------------===//

namespace {

/// Tries one way after the other to make a net smaller.
class Reducer {
public:
  Reducer(NetText start, const std::function<bool(const std::string &)> &stillFails)
      : net(std::move(start)), stillFails(stillFails) {}

  NetText run() {
    while (shrinkOnce())
      ;
    return std::move(net);
  }

private:
  /// Runs `change` on a part of the net. Keeps it if what comes out still fails. The part
  /// stays where it is: callers hold references into the net.
  template <typename Part, typename Change> bool attempt(Part &part, Change &&change) {
    if (attempts == 0)
      return false;
    Part before = part;
    change();
    --attempts;
    if (stillFails(net.print()))
      return true;
    part = std::move(before);
    return false;
  }

  template <typename T> bool dropOneOf(std::vector<T> &list, size_t least) {
    for (size_t i = list.size(); i > 0 && list.size() > least; --i)
      if (attempt(list, [&] { list.erase(list.begin() + std::ptrdiff_t(i - 1)); }))
        return true;
    return false;
  }

  bool shrinkOnce() {
    if (dropOneOf(net.losses, 1) || dropOneOf(net.targets, 0) || dropOneOf(net.outputs, 1) ||
        dropOneOf(net.lets, 1) || dropOneOf(net.layers, 0) || dropOneOf(net.blocks, 0) ||
        dropOneOf(net.inputs, 1))
      return true;
    for (std::vector<Definition> *list : {&net.lets, &net.layers, &net.blocks})
      for (Definition &definition : *list)
        if (shrink(definition.chain))
          return true;
    for (size_t i = 0; i < net.lets.size(); ++i)
      if (attempt(net.lets, [&] { inlineLet(i); }))
        return true;
    return false;
  }

  /// Writes a tensor's chain where its name is.
  void inlineLet(size_t number) {
    Definition let = net.lets[number];
    net.lets.erase(net.lets.begin() + std::ptrdiff_t(number));
    for (Definition &user : net.lets)
      replaceName(user.chain, let);
  }

  static void replaceName(Chain &chain, const Definition &let) {
    for (Step &step : chain)
      for (Chain &inner : step.chains)
        replaceName(inner, let);
    if (!chain[0].chains.empty() || chain[0].text != let.head)
      return;
    chain.erase(chain.begin());
    chain.insert(chain.begin(), let.chain.begin(), let.chain.end());
  }

  bool shrink(Chain &chain) {
    for (size_t i = chain.size(); i > 0; --i) {
      if (chain.size() > 1 &&
          attempt(chain, [&] { chain.erase(chain.begin() + std::ptrdiff_t(i - 1)); }))
        return true;
      if (simplify(chain, i - 1))
        return true;
    }
    return false;
  }

  /// A group becomes what is in it; branches become one of them, without what joins them.
  bool simplify(Chain &chain, size_t at) {
    for (size_t i = 0; i < chain[at].chains.size(); ++i) {
      bool isGroup = chain[at].chains.size() == 1;
      bool isUnwrapped = attempt(chain, [&] {
        Chain inner = chain[at].chains[i];
        auto begin = chain.begin() + std::ptrdiff_t(at);
        auto end = begin + (isGroup || at + 1 == chain.size() ? 1 : 2);
        chain.insert(chain.erase(begin, end), inner.begin(), inner.end());
      });
      if (isUnwrapped || shrink(chain[at].chains[i]))
        return true;
    }
    return false;
  }

  NetText net;
  const std::function<bool(const std::string &)> &stillFails;
  int attempts = 600; ///< a compiler runs in each
};

} // namespace

NetText oracle::reduce(NetText net, const std::function<bool(const std::string &)> &stillFails) {
  return Reducer(std::move(net), stillFails).run();
}
