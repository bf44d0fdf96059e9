//===- HoistUpdates.cpp - Update a variable as soon as that can be --------===//
//
// The optimizer's ops stand at the end of the function, so that the gradients of all
// parameters would be alive together. Each needs its own gradient only. On tensors an
// op may stand anywhere behind what it reads; that it overwrites its variable is why
// it also stands behind everyone who reads the old value: there bufferization needs no
// copy. Small ones wait until some are together worth a sweep.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Support/KernelFunctions.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

namespace cnnc {
#define GEN_PASS_DEF_HOISTUPDATESPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// Whether an op computes nothing but new values of arguments, for the caller.
bool isUpdate(linalg::LinalgOp op, Block &block) {
  auto isArgument = [&](Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument && argument.getOwner() == &block;
  };
  auto isReturned = [&](Operation *user) { return user == block.getTerminator(); };
  return op.hasPureTensorSemantics() && op.getNumDpsInits() > 0 &&
         llvm::all_of(op.getDpsInits(), isArgument) && llvm::all_of(op->getUsers(), isReturned);
}

/// What an update has to stand behind.
class Place {
public:
  explicit Place(linalg::LinalgOp update) : update(update) {
    llvm::SetVector<Value> read(update->operand_begin(), update->operand_end());
    getUsedValuesDefinedAbove(update->getRegions(), read);
    for (Value value : read)
      if (Operation *definition = value.getDefiningOp())
        add(definition);
    for (Value variable : update.getDpsInits())
      addReaders(variable);
  }

  /// The last of them, or null.
  Operation *last() const { return latest; }

private:
  void add(Operation *op) {
    Operation *ancestor = update->getBlock()->findAncestorOpInBlock(*op);
    if (ancestor && (!latest || latest->isBeforeInBlock(ancestor)))
      latest = ancestor;
  }

  void addReaders(Value value) {
    for (Operation *user : value.getUsers()) {
      if (user == update || user == update->getBlock()->getTerminator())
        continue;
      add(user);
      if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::ExtractSliceOp,
              tensor::CastOp>(user)) // may read the variable where its result is used
        addReaders(user->getResult(0));
    }
  }

  linalg::LinalgOp update;
  Operation *latest = nullptr;
};

/// The tensor whose memory a value has: an op that writes into a tensor, or looks at one, has none
/// of its own.
Value ownerOf(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto insert = dyn_cast<tensor::InsertSliceOp>(op))
      value = insert.getDest();
    else if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::ExtractSliceOp,
                 tensor::CastOp>(op))
      value = op->getOperand(0);
    else if (auto written = dyn_cast<DestinationStyleOpInterface>(op))
      value = written.getTiedOpOperand(cast<OpResult>(value))->get();
    else
      return value;
  }
  return value;
}

/// The ops of a block at which about as many bytes of tensors are alive as ever, counted.
class FullOps {
public:
  explicit FullOps(Block &block) {
    llvm::DenseMap<Value, std::pair<int64_t, int64_t>> lives; // from the first to the last use
    int64_t ops = 0;
    for (Operation &op : block) {
      // Updates stand at the end yet; their gradients will not live so long.
      auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
      bool stays = !linalgOp || !isUpdate(linalgOp, block);
      for (Value value : stays ? op.getOperands() : op.getOperands().take_front(0))
        if (Value owner = ownerOf(value);
            isa<RankedTensorType>(value.getType()) && owner.getDefiningOp())
          lives.try_emplace(owner, ops, 0).first->second.second = ops;
      ++ops;
    }
    SmallVector<int64_t> alive(ops + 1);
    for (auto &[value, life] : lives) {
      auto type = cast<RankedTensorType>(value.getType());
      int64_t bytes = type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
      alive[life.first] += bytes;
      alive[life.second + 1] -= bytes;
    }
    std::partial_sum(alive.begin(), alive.end(), alive.begin());
    int64_t most = *llvm::max_element(alive), full = 0;
    for (auto [op, bytes] : llvm::zip(block, alive))
      numbers[&op] = full += bytes >= most - most / kNearly;
  }

  /// Whether one of them lies behind `a` and not behind `b`.
  bool isBetween(Operation *a, Operation *b) const { return numbers.at(a) != numbers.at(b); }

private:
  /// A share of memory by which this count may differ from what the arena becomes.
  static constexpr int64_t kNearly = 64;

  llvm::DenseMap<Operation *, int64_t> numbers;
};

/// Whether two updates do the same with each element of what they read and write.
bool haveOneRule(linalg::LinalgOp a, linalg::LinalgOp b) {
  if (a->getNumOperands() != b->getNumOperands() || a.getNumDpsInits() != b.getNumDpsInits())
    return false;
  for (auto [x, y] : llvm::zip_equal(a->getOperands(), b->getOperands()))
    if (getElementTypeOrSelf(x) != getElementTypeOrSelf(y))
      return false;
  return OperationEquivalence::isRegionEquivalentTo(&a->getRegion(0), &b->getRegion(0),
                                                    OperationEquivalence::IgnoreLocations);
}

/// Whether the update is the optimizer's, which gets the learning rate. Others, of running
/// statistics, come in the forward pass: what they read would wait where most memory is in use.
bool isStep(linalg::LinalgOp update, func::FuncOp function) {
  return llvm::any_of(update.getDpsInputs(), [&](Value input) {
    auto argument = dyn_cast<BlockArgument>(input);
    auto role = argument
                    ? function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), cnn::kRoleAttr)
                    : StringAttr();
    return role && role.getValue() == "learning_rate";
  });
}

int64_t elementsOf(linalg::LinalgOp update) {
  return cast<ShapedType>(update.getDpsInits()[0].getType()).getNumElements();
}

/// Whether each element of the update reads the same places of all operands, or one number.
bool isElementwise(linalg::LinalgOp update) {
  return update.getNumParallelLoops() == update.getNumLoops() &&
         llvm::all_of(update.getIndexingMapsArray(),
                      [](AffineMap map) { return map.isIdentity() || map.getNumResults() == 0; });
}

/// Why the update of a variable cannot wait for others; nothing if it can.
StringRef obstacleTo(linalg::LinalgOp update, func::FuncOp function) {
  if (elementsOf(update) >= cnnc::kWorthSweeping)
    return "threads share it alone";
  if (!isStep(update, function))
    return "no learning rate takes part";
  return isElementwise(update) ? "" : "its elements read different places";
}

remark::RemarkOpts remarkOptions() {
  return remark::RemarkOpts::name("sweep").category("cnn-memory");
}

/// Says of an update, by the name of its variable, whether it is done together with others.
void say(remark::detail::InFlightRemark remark, linalg::LinalgOp update, const Twine &text) {
  if (!remark)
    return;
  auto variable = cast<BlockArgument>(update.getDpsInits()[0]);
  auto function = cast<func::FuncOp>(update->getParentOp());
  auto name = function.getArgAttrOfType<StringAttr>(variable.getArgNumber(), cnn::kNameAttr);
  remark << remark::add("{0}: {1}", name ? name.str() : "a variable", text.str());
}

void sayAlone(linalg::LinalgOp update, StringRef obstacle) {
  say(remark::missed(update.getLoc(), remarkOptions()), update, "is updated alone: " + obstacle);
}

/// Updates by rule, in the order in which they can be done: each with the last op that it needs.
class Groups {
public:
  struct Member {
    Operation *update;
    Operation *last;
  };

  explicit Groups(ArrayRef<linalg::LinalgOp> updates) {
    for (linalg::LinalgOp update : updates)
      if (Operation *last = Place(update).last())
        add({update, last});
    for (SmallVector<Member> &rule : rules)
      llvm::sort(rule, [](const Member &a, const Member &b) {
        return a.last == b.last ? a.update->isBeforeInBlock(b.update)
                                : a.last->isBeforeInBlock(b.last);
      });
  }

  /// Moves small updates of one rule to the last of them, as soon as they are together worth a
  /// sweep: so what their gradients keep from others meanwhile is little. Where memory is full and
  /// each byte counts, none waits. Gives what is left.
  SmallVector<linalg::LinalgOp> gather(const FullOps &fullOps, unsigned &gathered) {
    SmallVector<linalg::LinalgOp> left;
    for (ArrayRef<Member> rule : rules) {
      size_t begin = 0;
      int64_t elements = 0;
      for (size_t i = 0; i < rule.size(); ++i) {
        if (fullOps.isBetween(rule[begin].last, rule[i].last)) {
          for (Member member : rule.slice(begin, i - begin))
            left.push_back(cast<linalg::LinalgOp>(member.update));
          begin = i;
          elements = 0;
        }
        elements += elementsOf(cast<linalg::LinalgOp>(rule[i].update));
        if (elements < cnnc::kWorthJoining || i == begin)
          continue;
        for (Member member : llvm::reverse(rule.slice(begin, i + 1 - begin))) {
          member.update->moveAfter(rule[i].last);
          say(remark::passed(member.update->getLoc(), remarkOptions()),
              cast<linalg::LinalgOp>(member.update),
              "is updated in a sweep of " + Twine(i + 1 - begin) + " variables, " +
                  Twine(elements) + " elements");
        }
        gathered += i + 1 - begin;
        begin = i + 1;
        elements = 0;
      }
      for (Member member : rule.drop_front(begin))
        left.push_back(cast<linalg::LinalgOp>(member.update));
    }
    return left;
  }

private:
  void add(Member member) {
    auto *rule = llvm::find_if(rules, [&](const SmallVector<Member> &others) {
      return haveOneRule(cast<linalg::LinalgOp>(others.front().update),
                         cast<linalg::LinalgOp>(member.update));
    });
    if (rule == rules.end())
      rules.push_back({member});
    else
      rule->push_back(member);
  }

  SmallVector<SmallVector<Member>> rules;
};

struct HoistUpdatesPass final : cnnc::impl::HoistUpdatesPassBase<HoistUpdatesPass> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal() || !function.getBody().hasOneBlock())
      return;
    Block &block = function.getBody().front();
    SmallVector<linalg::LinalgOp> alone, small;
    for (Operation &op : block) {
      auto update = dyn_cast<linalg::LinalgOp>(op);
      if (!update || !isUpdate(update, block))
        continue;
      StringRef obstacle = obstacleTo(update, function);
      (obstacle.empty() ? small : alone).push_back(update);
      if (!obstacle.empty())
        sayAlone(update, obstacle);
    }
    unsigned moved = 0;
    for (linalg::LinalgOp update : Groups(small).gather(FullOps(block), moved)) {
      sayAlone(update, "too few others are ready before memory is full or the step ends");
      alone.push_back(update);
    }
    gathered += moved;
    for (linalg::LinalgOp update : alone) {
      Operation *last = Place(update).last();
      if (!last || !last->isBeforeInBlock(update) || last->getNextNode() == update)
        continue;
      update->moveAfter(last);
      ++hoisted;
    }
  }
};

} // namespace
