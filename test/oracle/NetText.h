//===- NetText.h - A network's text in parts --------------------------------===//
//
// The parts that the generator writes and the reducer takes away.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TEST_ORACLE_NETTEXT_H
#define CNNC_TEST_ORACLE_NETTEXT_H

#include <functional>
#include <string>
#include <vector>

namespace cnnc::oracle {

struct Step;
using Chain = std::vector<Step>;

/// One term of a chain: a layer, a group `[ … ]`, or branches `( … | … )`.
struct Step {
  std::string text;          ///< the layer; of a group or branches what follows: `*2`
  std::vector<Chain> chains; ///< none, one, or several
  bool isTuple = false;      ///< `(x, y)` at the beginning of a chain

  Step(std::string text) : text(std::move(text)) {}
  Step(std::vector<Chain> chains, std::string text = "", bool isTuple = false)
      : text(std::move(text)), chains(std::move(chains)), isTuple(isTuple) {}
};

/// `head = chain` of a `let` or a shared `layer`; `head { chain }` of a block.
struct Definition {
  std::string head;
  Chain chain;
};

struct NetText {
  std::vector<Definition> blocks, layers, lets;
  std::vector<std::string> inputs;  ///< `a : [2, 5, 4]`
  std::vector<std::string> outputs; ///< names
  std::vector<std::string> targets; ///< `t0 : class(3)`
  std::vector<std::string> losses;  ///< terms of a sum
  std::string settings;             ///< the other entries of the train section

  std::string print() const;
};

/// What is left of a net when everything is taken away without which it still fails.
/// `stillFails` must answer false for texts that are no networks.
NetText reduce(NetText net, const std::function<bool(const std::string &)> &stillFails);

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_NETTEXT_H
