//===- Generator.cpp - Random networks ------------------------------------===//

#include "test/oracle/Generator.h"

#include <fmt/format.h>

using namespace cnnc;
using namespace cnnc::oracle;

namespace {

/// A tensor that has a name.
struct Named {
  std::string name;
  Shape shape;
  bool isUsed = false;
};

class Generator {
public:
  Generator(uint64_t seed, Numbers numbers)
      : dice(seed), isInteger(numbers == Numbers::Integer), writer(dice, numbers) {}

  NetText generate();

private:
  Step layer(std::string text) { return Step(std::move(text)); }
  void addLayers(Chain &chain, Shape &shape, int64_t count);
  Chain keepingChain(const Shape &shape);

  void addSegment(Chain &chain, Shape &shape);
  void addGroup(Chain &chain, const Shape &shape);
  void addWideningGroup(Chain &chain, Shape &shape);
  void addBranches(Chain &chain, Shape &shape);
  void addExcitation(Chain &chain, const Shape &shape);
  void addBlock(Chain &chain, Shape &shape);
  void addShared(Chain &chain, const Shape &shape);
  void addConditional(Chain &chain, const Shape &shape);

  void defineBlocks();
  void addInput(std::string name);
  Chain begin(Named &tensor);
  void addLet(Chain chain, const Shape &shape);
  Chain joinWith(Named &left, Named &right, Shape &shape);
  Chain chainTo(Named &tensor, const Shape &wanted);
  void joinUnusedInputs();

  void finish();
  void addNumberLoss(const Named &tensor);
  void addClassLoss(const Named &tensor);
  std::string weight();

  Dice dice;
  bool isInteger;
  LayerWriter writer;
  NetText net;
  std::vector<Named> inputs, tensors; ///< of the net; lets and taps
  int taps = 0;
};

} // namespace

//===----------------------------------------------------------------------===//
// Parts of a chain
//===----------------------------------------------------------------------===//

static bool isImage(const Shape &shape) { return shape.size() == 3; }

void Generator::addLayers(Chain &chain, Shape &shape, int64_t count) {
  for (int64_t i = 0; i < count; ++i)
    chain.push_back(layer(writer.write(shape)));
}

Chain Generator::keepingChain(const Shape &shape) {
  Chain chain;
  for (int64_t i = dice.number(1, 2); i > 0; --i)
    chain.push_back(layer(writer.writeKeeping(shape)));
  return chain;
}

/// [ … ]*n, once in a while inside another one.
void Generator::addGroup(Chain &chain, const Shape &shape) {
  Chain body = keepingChain(shape);
  if (dice.chance(20))
    body.push_back(Step({keepingChain(shape)}, "*2"));
  chain.push_back(Step({std::move(body)}, dice.pick({"*2", "*(1 + 1)", "*1", " for i in 0..2"})));
}

/// [ … ] for c in [ … ].
void Generator::addWideningGroup(Chain &chain, Shape &shape) {
  int64_t first = dice.number(1, 4), second = dice.number(1, 4);
  bool keepsSize = isImage(shape);
  shape[0] = second;
  Chain body{layer(keepsSize ? "conv(c, 3, pad=same)" : "fc(c)"), layer(writer.writeActivation())};
  if (!keepsSize)
    shape = {second};
  chain.push_back(Step({std::move(body)}, fmt::format(" for c in [{}, {}]", first, second)));
}

void Generator::addBranches(Chain &chain, Shape &shape) {
  std::string join = dice.pick({"add", "sub", "mul", "max", "concat", "add", "concat"});
  std::vector<Chain> branches;
  int64_t count = join == "sub" ? 2 : dice.number(2, 3), channels = 0;
  for (int64_t i = 0; i < count; ++i) {
    Chain branch = i == 0 && dice.chance(40) ? Chain{layer("id")} : keepingChain(shape);
    int64_t own = shape[0];
    if (join == "concat" && dice.chance(60)) {
      own = dice.number(1, 3);
      branch.push_back(layer(fmt::format("{}({}{})", isImage(shape) ? "conv" : "fc", own,
                                         isImage(shape) ? ", 1" : "")));
    }
    channels += own;
    branches.push_back(std::move(branch));
  }
  if (join == "concat")
    shape[0] = channels;
  chain.push_back(Step(std::move(branches)));
  chain.push_back(layer(join));
}

/// One number a channel, or one a position, times or plus all.
void Generator::addExcitation(Chain &chain, const Shape &shape) {
  bool isEven = (shape[1] * shape[2] & (shape[1] * shape[2] - 1)) == 0;
  Chain squeeze;
  switch (dice.number(0, 2)) {
  case 0:
    squeeze = {layer(isInteger && !isEven ? "gmaxpool" : "gavgpool"),
               layer(fmt::format("fc({})", shape[0])), layer(writer.writeActivation())};
    break;
  case 1:
    squeeze = {layer("conv(1, 1)"), layer(writer.writeActivation())};
    break;
  default:
    squeeze = {layer(fmt::format("maxpool(({}, {}))", shape[1], shape[2])),
               layer(fmt::format("conv({}, 1)", shape[0]))};
    break;
  }
  std::vector<Chain> branches{{layer("id")}, std::move(squeeze)};
  if (dice.chance(40))
    std::swap(branches[0], branches[1]);
  chain.push_back(Step(std::move(branches)));
  chain.push_back(layer(dice.chance(60) ? "mul" : "add"));
}

void Generator::defineBlocks() {
  std::string act = writer.writeActivation();
  net.blocks.push_back(
      {"Residual(c, s = 1) : [_, h, w] -> [c, ceil(h/s), ceil(w/s)]",
       {layer("in"),
        Step({{layer("conv(c, 3, stride=s, pad=1)"), layer(act), layer("conv(c, 3, pad=1)")},
              {layer("conv(c, 1, stride=s, bias=false)?(s != 1 or in.c != c)")}}),
        layer("add"), layer(act)}});
  net.blocks.push_back({"Narrow(c, k = 3)",
                        {layer("in"), layer("conv(c, 1)"), layer(writer.writeActivation()),
                         layer("dwconv(k, pad=k//2)")}});
}

void Generator::addBlock(Chain &chain, Shape &shape) {
  int64_t channels = dice.number(1, 4);
  if (dice.chance(40)) {
    chain.push_back(layer(fmt::format("Narrow({}{})", channels, dice.chance(50) ? ", k=1" : "")));
    shape[0] = channels;
    return;
  }
  int64_t stride = dice.number(1, 2);
  chain.push_back(layer(fmt::format("Residual({}, {})", channels, stride)));
  shape = {channels, (shape[1] + stride - 1) / stride, (shape[2] + stride - 1) / stride};
}

/// Two uses of one layer, or of one group of layers.
void Generator::addShared(Chain &chain, const Shape &shape) {
  std::string name = fmt::format("f{}", net.layers.size());
  Chain body = keepingChain(shape);
  if (dice.chance(60))
    body = {layer(isImage(shape) ? fmt::format("conv({}, 3, pad=1)", shape[0])
                                 : fmt::format("fc({})", shape[0]))};
  bool isLayer = body.size() == 1 && body[0].text.find("->") == std::string::npos;
  net.layers.push_back({name, isLayer ? body : Chain{Step({std::move(body)})}});
  chain.push_back(layer(name));
  if (dice.chance(60))
    chain.push_back(layer(writer.writeActivation()));
  chain.push_back(layer(name));
}

void Generator::addConditional(Chain &chain, const Shape &shape) {
  if (dice.chance(50))
    chain.push_back(layer(writer.writeActivation() + dice.pick({"?(1 < 2)", "?(2 < 1)"})));
  else
    chain.push_back(layer(fmt::format("if {} == 1 then {} else {}", shape[0],
                                      writer.writeActivation(), writer.writeActivation())));
}

void Generator::addSegment(Chain &chain, Shape &shape) {
  bool canGrow = isImage(shape) && shape[0] <= 8;
  int64_t choice = dice.number(1, 100);
  if (choice <= 45)
    addLayers(chain, shape, dice.number(1, 2));
  else if (choice <= 55)
    addGroup(chain, shape);
  else if (choice <= 62 && (canGrow || !isImage(shape)))
    addWideningGroup(chain, shape);
  else if (choice <= 76)
    addBranches(chain, shape);
  else if (choice <= 82 && canGrow)
    addExcitation(chain, shape);
  else if (choice <= 90 && canGrow)
    addBlock(chain, shape);
  else if (choice <= 96)
    addShared(chain, shape);
  else
    addConditional(chain, shape);
  if (chain.size() > 1 && dice.chance(15)) {
    std::string name = fmt::format("p{}", taps++);
    chain.back().text += " as " + name;
    tensors.push_back({name, shape, true}); // nobody has to use a tap
  }
}

//===----------------------------------------------------------------------===//
// Tensors with names
//===----------------------------------------------------------------------===//

void Generator::addInput(std::string name) {
  Shape shape{dice.number(1, 4), dice.number(2, 7), dice.number(2, 7)};
  if (dice.chance(12))
    shape = {dice.number(2, 8)};
  else if (dice.chance(10)) // rows that fill a vector
    shape[2] = dice.number(16, 23);
  std::string text = isImage(shape) ? fmt::format("[{}, {}, {}]", shape[0], shape[1], shape[2])
                                    : fmt::format("[{}]", shape[0]);
  net.inputs.push_back(fmt::format("{} : {}", name, text));
  inputs.push_back({std::move(name), shape});
}

Chain Generator::begin(Named &tensor) {
  tensor.isUsed = true;
  return {layer(tensor.name)};
}

void Generator::addLet(Chain chain, const Shape &shape) {
  if (chain.size() == 1 && chain[0].chains.empty())
    chain.push_back(layer(writer.writeActivation()));
  std::string name = fmt::format("t{}", net.lets.size());
  net.lets.push_back({name, std::move(chain)});
  tensors.push_back({name, shape});
}

/// The tensor, with layers that bring it to a size.
Chain Generator::chainTo(Named &tensor, const Shape &wanted) {
  Chain chain = begin(tensor);
  if (tensor.shape == wanted)
    return chain;
  if (!isImage(wanted))
    chain.push_back(layer(fmt::format("fc({})", wanted[0])));
  else if (isImage(tensor.shape) && tensor.shape[1] == wanted[1] && tensor.shape[2] == wanted[2])
    chain.push_back(layer(fmt::format("conv({}, 1)", wanted[0])));
  else {
    chain.push_back(layer(fmt::format("fc({})", wanted[0] * wanted[1] * wanted[2])));
    chain.push_back(layer(fmt::format("reshape([{}, {}, {}])", wanted[0], wanted[1], wanted[2])));
  }
  return chain;
}

Chain Generator::joinWith(Named &left, Named &right, Shape &shape) {
  shape = left.shape;
  std::vector<Chain> parts{begin(left)};
  std::string join = dice.pick({"add", "sub", "mul", "max", "concat"});
  bool broadcasts = isImage(shape) && (join == "add" || join == "mul") && dice.chance(40);
  parts.push_back(chainTo(right, broadcasts ? Shape{shape[0]} : shape));
  if (dice.chance(50) && !(broadcasts && dice.chance(50)))
    std::swap(parts[0], parts[1]);
  if (join == "concat")
    shape[0] *= 2;
  return {Step(std::move(parts), "", /*isTuple=*/true), layer(join)};
}

void Generator::joinUnusedInputs() {
  for (Named &input : inputs)
    if (!input.isUsed) {
      Named last = tensors.back();
      tensors.back().isUsed = true;
      Shape shape;
      Chain chain = joinWith(last, input, shape);
      addLet(std::move(chain), shape);
    }
}

//===----------------------------------------------------------------------===//
// Training
//===----------------------------------------------------------------------===//

static std::string textOf(const Shape &shape) {
  std::string text;
  for (int64_t size : shape)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", size);
  return text;
}

std::string Generator::weight() {
  if (dice.chance(50))
    return "";
  return isInteger ? dice.pick({"2*", "4*", "0.5*", "-1*"}) : dice.pick({"0.3*", "2.5*", "-0.7*"});
}

void Generator::addNumberLoss(const Named &tensor) {
  std::string kind =
      isInteger ? dice.pick({"mse", "mse", "mae"}) : dice.pick({"mse", "mae", "huber", "bce"});
  std::string delta = kind == "huber" ? ", delta=0.4" : "", target;
  for (const Named &input : inputs)
    if (input.shape == tensor.shape)
      target = input.name;
  if (target.empty() || kind == "bce" || dice.chance(30)) {
    target = fmt::format("w{}", net.targets.size());
    net.targets.push_back(fmt::format("{} : [{}]", target, textOf(tensor.shape)));
  }
  net.losses.push_back(fmt::format("{}{}({}, {}{})", weight(), kind, tensor.name, target, delta));
}

void Generator::addClassLoss(const Named &tensor) {
  std::string target = fmt::format("w{}", net.targets.size());
  std::string kind = dice.pick({"xent", "xent", "nll", "hinge"});
  std::string smooth = kind == "xent" && dice.chance(40) ? ", smooth=0.2" : "";
  net.targets.push_back(fmt::format("{} : class({})", target, textOf(tensor.shape)));
  net.losses.push_back(fmt::format("{}{}({}, {}{})", weight(), kind, tensor.name, target, smooth));
}

/// Outputs, and losses on them. A mean of whole numbers needs a power of two of them.
void Generator::finish() {
  auto isEven = [](const Shape &shape) {
    int64_t elements = 1;
    for (int64_t size : shape)
      elements *= size;
    return (elements & (elements - 1)) == 0;
  };
  bool needsFc = isInteger ? !isEven(tensors.back().shape) : dice.chance(50);
  if (needsFc) {
    int64_t features = isInteger ? dice.pick({1, 2, 4, 8}) : dice.number(2, 7);
    Chain chain = begin(tensors.back());
    chain.push_back(layer(fmt::format("fc({})", features)));
    addLet(std::move(chain), {features});
  }
  auto addLoss = [&](const Named &tensor) {
    if (!isInteger && tensor.shape[0] > 1 && dice.chance(55))
      addClassLoss(tensor);
    else
      addNumberLoss(tensor);
  };
  addLoss(tensors.back());
  const Named &other = dice.pick(tensors);
  if (dice.chance(30) && (!isInteger || isEven(other.shape)))
    addLoss(other);
  for (const Named &tensor : tensors)
    if (!tensor.isUsed || dice.chance(10))
      net.outputs.push_back(tensor.name);
  // Sixteen images are a block: few channels then have blocks of images.
  int64_t batch = dice.chance(12) ? 16 : dice.number(1, isInteger ? 2 : 3);
  net.settings = fmt::format("batch = {}   seed = {}", batch, dice.number(0, 99));
}

NetText Generator::generate() {
  defineBlocks();
  addInput("a");
  if (dice.chance(25))
    addInput("b");
  Shape shape = inputs[0].shape;
  Chain chain = begin(inputs[0]);
  int64_t segments = dice.number(2, 5);
  for (int64_t i = 0; i < segments; ++i) {
    addSegment(chain, shape);
    bool isEnd = i + 1 == segments;
    if (!isEnd && !dice.chance(30))
      continue;
    addLet(std::move(chain), shape);
    if (isEnd)
      break;
    Named &last = tensors.back();
    if (tensors.size() > 1 && dice.chance(50))
      chain = joinWith(last, tensors[size_t(dice.number(0, int64_t(tensors.size()) - 2))], shape);
    else
      chain = begin(last);
  }
  joinUnusedInputs();
  finish();
  return std::move(net);
}

NetText oracle::generateNet(uint64_t seed, Numbers numbers) {
  return Generator(seed, numbers).generate();
}
