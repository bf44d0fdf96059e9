//===- SemaJoin.cpp - add, sub, mul, max and concat -------------------------===//

#include "compiler/Frontend/SemaExpand.h"

#include "llvm/ADT/StringRef.h"
#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// [C], [C, 1, 1] and [1, H, W] stand for a [C, H, W].
static bool broadcastsTo(const Shape &shape, const Shape &full) {
  if (shape == full)
    return true;
  if (full.size() != 3)
    return false;
  if (shape.size() == 1)
    return shape[0] == full[0];
  return shape == Shape{full[0], 1, 1} || shape == Shape{1, full[1], full[2]};
}

/// The size that all inputs have, or broadcast to.
std::optional<Shape> NetExpander::broadcastShape() const {
  // Only the largest can be it; of [C] and [C, 1, 1] the latter.
  auto isSmaller = [&](TensorId a, TensorId b) {
    auto size = [&](TensorId id) {
      return std::pair(*checkedElements(shapeOf(id)), shapeOf(id).size());
    };
    return size(a) < size(b);
  };
  const Shape &full = shapeOf(*std::max_element(at.inputs.begin(), at.inputs.end(), isSmaller));
  if (std::all_of(at.inputs.begin(), at.inputs.end(),
                  [&](TensorId id) { return broadcastsTo(shapeOf(id), full); }))
    return full;
  return std::nullopt;
}

/// The sizes of tensors; of a great many, the first.
std::string NetExpander::shapesText(llvm::ArrayRef<TensorId> ids,
                                    std::string_view separator) const {
  std::vector<std::string> shapes;
  for (TensorId id : ids.take_front(shownShapes))
    shapes.push_back(toText(shapeOf(id)));
  return fmt::format("{}{}", fmt::join(shapes, separator),
                     ids.size() > shownShapes
                         ? fmt::format("{}… ({} in all)", separator, ids.size())
                         : std::string());
}

/// An error with the size of every branch.
Diagnostic &NetExpander::reportJoin(std::string_view code, std::string message) {
  return layerError(code, fmt::format("{}: {}", message, shapesText(at.inputs, " | ")));
}

MaybeFlow NetExpander::buildJoin(JoinLayer::Kind kind) {
  std::string_view keyword = at.spec->keyword;
  bool isSub = kind == JoinLayer::Sub;
  if (at.inputs.size() < 2 || (isSub && at.inputs.size() != 2)) {
    noteInput(layerError("E301", fmt::format("{} joins {}, but {} here", keyword,
                                             isSub ? "exactly two tensors" : "two tensors or more",
                                             at.inputs.size() == 1
                                                 ? std::string("one flows in")
                                                 : fmt::format("{} flow in", at.inputs.size()))));
    return std::nullopt;
  }
  bool broadcasts = kind == JoinLayer::Add || kind == JoinLayer::Mul;
  const Shape &first = inputShape();
  auto agree = [&](auto property) {
    return std::all_of(at.inputs.begin(), at.inputs.end(),
                       [&](TensorId id) { return property(shapeOf(id)); });
  };
  if (broadcasts) {
    if (std::optional<Shape> full = broadcastShape())
      return addLayer(JoinLayer{kind}, *full);
  } else if (agree([&](const Shape &shape) { return shape == first; })) {
    return sameShape(JoinLayer{kind});
  }
  if (!broadcasts && !agree([&](const Shape &shape) { return shape.size() == first.size(); })) {
    reportJoin("E302", fmt::format("{} joins tensors of one rank, but these differ", keyword));
    return std::nullopt;
  }
  Diagnostic &diagnostic = reportJoin("E303", fmt::format("{} inputs differ", keyword));
  proposeProjections(diagnostic, /*keepsChannels=*/false);
  return std::nullopt;
}

MaybeFlow NetExpander::buildConcat() {
  if (at.inputs.size() < 2) {
    noteInput(layerError("E301", "concat joins two tensors or more, but one flows in here"));
    return std::nullopt;
  }
  Shape output = inputShape();
  bool isRank = true, isSize = true;
  for (TensorId id : llvm::ArrayRef(at.inputs).drop_front()) {
    const Shape &shape = shapeOf(id);
    isRank &= shape.size() == output.size();
    isSize &= isRank && std::equal(shape.begin() + 1, shape.end(), output.begin() + 1);
    output[0] = checkedAdd(output[0], shape[0]).value_or(INT64_MAX);
  }
  if (isSize)
    return addLayer(JoinLayer{JoinLayer::Concat}, std::move(output));
  if (!isRank) {
    reportJoin("E302", "concat joins tensors of one rank, but these differ");
    return std::nullopt;
  }
  Diagnostic &diagnostic = reportJoin("E303", "concat inputs differ on H and W");
  proposeProjections(diagnostic, /*keepsChannels=*/true);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Fixes
//===----------------------------------------------------------------------===//

/// The strides with which a 1x1 window takes H and W of one size to those of the other.
static std::optional<std::array<int64_t, 2>> stridesBetween(const Shape &from, const Shape &to) {
  std::optional<int64_t> high = strideBetween(from[1], to[1]);
  std::optional<int64_t> wide = strideBetween(from[2], to[2]);
  if (!high || !wide)
    return std::nullopt;
  return std::array{*high, *wide};
}

/// The layers that take one size to the other: a 1x1 convolution with the stride or the
/// upsampling that it needs, as residual nets project their shortcuts (He et al. 2016).
std::optional<std::string> NetExpander::projection(const Shape &from, const Shape &to,
                                                   bool keepsChannels) const {
  if (from.size() != 3 || to.size() != 3)
    return from.size() == 1 && to.size() == 1 ? std::optional(fmt::format("fc({})", to[0]))
                                              : std::nullopt;
  int64_t channels = keepsChannels ? from[0] : to[0];
  if (to[1] > from[1] || to[2] > from[2]) {
    int64_t factor = to[1] / from[1];
    if (factor * from[1] != to[1] || factor * from[2] != to[2])
      return std::nullopt;
    std::string text = fmt::format("upsample({})", factor);
    return channels == from[0] ? text : fmt::format("{} -> conv({}, 1)", text, channels);
  }
  std::optional<std::array<int64_t, 2>> stride = stridesBetween(from, to);
  if (!stride)
    return std::nullopt;
  auto [high, wide] = *stride;
  if (high == 1 && wide == 1)
    return fmt::format("conv({}, 1)", channels);
  return high == wide ? fmt::format("conv({}, 1, stride={})", channels, high)
                      : fmt::format("conv({}, 1, stride=({}, {}))", channels, high, wide);
}

/// The same in the parameters of the block at hand, so that it suits all of its uses:
/// conv(c, 1, stride=s)?(s != 1 or in.c != c).
std::optional<std::string> NetExpander::blockProjection(const Shape &from, const Shape &to) const {
  if (active.empty() || from.size() != 3 || to.size() != 3)
    return std::nullopt;
  std::optional<std::array<int64_t, 2>> stride = stridesBetween(from, to);
  if (!stride || (*stride)[0] != (*stride)[1])
    return std::nullopt;
  std::string channels, step;
  for (const ast::Param &param : active.back()->item->params) {
    const Binding *binding = at.scope->find(param.name.text);
    const int64_t *value = binding && binding->value() ? binding->value()->integer() : nullptr;
    if (value && channels.empty() && *value == to[0])
      channels = param.name.text;
    else if (value && step.empty() && *value == (*stride)[0])
      step = param.name.text;
  }
  if (channels.empty())
    return std::nullopt;
  if (step.empty())
    return (*stride)[0] == 1 ? std::optional(fmt::format("conv({0}, 1)?(in.c != {0})", channels))
                             : std::nullopt;
  return fmt::format("conv({0}, 1, stride={1})?({1} != 1 or in.c != {0})", channels, step);
}

/// Where channels agree and a few positions are too many, as in a U-Net without padding.
std::optional<std::string> NetExpander::cropping(const Shape &from, const Shape &to,
                                                 bool keepsChannels) const {
  if (from.size() != 3 || to.size() != 3 || (!keepsChannels && from[0] != to[0]) ||
      from[1] < to[1] || from[2] < to[2])
    return std::nullopt;
  int64_t high = from[1] - to[1], wide = from[2] - to[2];
  if (high == wide && high % 2 == 0)
    return fmt::format("crop({})", high / 2);
  return fmt::format("crop((({}, {}), ({}, {})))", high / 2, high - high / 2, wide / 2,
                     wide - wide / 2);
}

static bool isIdentity(const ast::Chain &chain) {
  auto *named = std::get_if<ast::NamedUnit>(&chain.terms.front().unit.node);
  return chain.terms.size() == 1 && named &&
         llvm::StringRef(named->name.text).equals_insensitive("id");
}

/// Each way to make the branches equal to the one that most of them agree with.
void NetExpander::proposeProjections(Diagnostic &diagnostic, bool keepsChannels) {
  if (!at.fork)
    return;
  auto *branches = std::get_if<ast::BranchUnit>(&at.fork->node);
  const std::vector<ast::Chain> &chains =
      branches ? branches->branches : std::get<ast::TupleUnit>(at.fork->node).parts;
  // Each branch is compared with each.
  constexpr size_t searchedBranches = 64;
  if (chains.size() != at.inputs.size() || chains.size() > searchedBranches)
    return;
  auto same = [&](const Shape &a, const Shape &b) {
    return keepsChannels ? std::equal(a.begin() + 1, a.end(), b.begin() + 1, b.end()) : a == b;
  };
  // The branch with the most layers is the one that is meant.
  size_t goal = 0, bestVotes = 0;
  for (size_t i = 0; i < chains.size(); ++i) {
    size_t votes = std::count_if(at.inputs.begin(), at.inputs.end(), [&](TensorId id) {
      return same(shapeOf(id), shapeOf(at.inputs[i]));
    });
    bool isLonger =
        votes == bestVotes && !isIdentity(chains[i]) &&
        (isIdentity(chains[goal]) || chains[i].terms.size() > chains[goal].terms.size());
    if (votes > bestVotes || isLonger) {
      goal = i;
      bestVotes = votes;
    }
  }
  auto propose = [&](size_t target, bool identitiesOnly, auto &&way) {
    std::vector<Edit> edits;
    std::string text;
    for (size_t i = 0; i < chains.size(); ++i) {
      const Shape &shape = shapeOf(at.inputs[i]), &wanted = shapeOf(at.inputs[target]);
      if (same(shape, wanted))
        continue;
      std::optional<std::string> step = way(shape, wanted);
      bool isId = isIdentity(chains[i]);
      if (!step || (identitiesOnly && !isId))
        return;
      SourceRange range = chains[i].range;
      edits.push_back(isId ? Edit{range, *step}
                           : Edit{{range.end, range.end}, fmt::format(" -> {}", *step)});
      text += fmt::format("{}put {} {}", text.empty() ? "" : ", ", *step,
                          isId ? std::string("on the branch that is 'id'")
                               : fmt::format("at the end of branch {}", i + 1));
    }
    diagnostic.fix(std::move(text), std::move(edits));
  };
  auto project = [&](const Shape &from, const Shape &to) {
    return projection(from, to, keepsChannels);
  };
  auto crop = [&](const Shape &from, const Shape &to) { return cropping(from, to, keepsChannels); };
  auto projectBlock = [&](const Shape &from, const Shape &to) { return blockProjection(from, to); };
  // `in` of the block is what an `id` passes on; of other branches the sizes have no name.
  if (!keepsChannels)
    propose(goal, /*identitiesOnly=*/true, projectBlock);
  size_t inBlock = diagnostic.fixes.size();
  propose(goal, false, project);
  for (size_t i = 0; i < chains.size() && diagnostic.fixes.size() == inBlock; ++i)
    propose(i, false, project);
  for (size_t i = 0; i < chains.size(); ++i) {
    size_t before = diagnostic.fixes.size();
    propose(i, false, crop);
    if (diagnostic.fixes.size() > before)
      break;
  }
}
