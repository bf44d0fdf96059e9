//===- SemaTrain.h - The train section --------------------------------------===//
#ifndef CNNC_FRONTEND_SEMATRAIN_H
#define CNNC_FRONTEND_SEMATRAIN_H

#include "compiler/Frontend/Arguments.h"
#include <functional>
#include <set>

namespace cnnc {

/// Sets `net.train`. The names of `scope` are the net's parameters and tensors.
void analyzeTrain(SemaContext &context, Evaluator &evaluator, const Scope &scope,
                  const ast::TrainItem &train, TypedNet &net);

/// All losses, for suggestions.
const std::vector<std::string> &lossNames();

/// One train section on its way: targets and entries in SemaTrain.cpp, losses and
/// metrics in SemaLoss.cpp, data sources in SemaData.cpp.
class TrainAnalyzer {
public:
  TrainAnalyzer(SemaContext &context, Evaluator &evaluator, const Scope &scope, TypedNet &net)
      : context(context), evaluator(evaluator), scope(scope), net(net) {}
  void run(const ast::TrainItem &item);

private:
  /// name(arguments), or a bare name.
  struct Call {
    ast::Name name;
    std::span<const ast::Argument> arguments;
  };
  /// One side of a loss: a tensor of the net, or a target.
  struct Side {
    bool isTarget;
    uint32_t number; ///< a TensorId, or an index of TrainSection::targets
  };

  static std::optional<Call> asCall(const ast::Expr &expr);
  /// A call of one of `names`: E312 for all else.
  std::optional<Call> expectCall(const ast::Expr &expr, std::string_view what,
                                 std::span<const std::string> names);
  /// Evaluates the arguments of a call: nothing after an error.
  std::optional<BoundArguments> bind(const Call &call, SourceRange range,
                                     std::span<const ArgumentSpec> specs);

  void addTarget(const ast::TrainEntry &entry);
  void addClassTarget(Target target, const Call &call, SourceRange range);
  void addNumberTarget(Target target, const ast::Expr &expr);
  void setEntry(const ast::TrainEntry &entry);
  void setOptimizer(const ast::Expr &expr);
  void setSchedule(const ast::Expr &expr);
  void setMilestones(ArgumentReader &reader);
  void checkMilestones();
  std::optional<int64_t> wholeNumber(const ast::TrainEntry &entry, int64_t minimum);

  void setData(const ast::TrainEntry &entry);
  void checkData();
  /// What the data source is known to have; 0: the files say.
  int64_t classesOfData() const;
  void checkImages(const Shape &images);
  void checkClasses(int64_t classes);

  void addLoss(const ast::Expr &expr, double weight);
  void addProduct(const ast::BinaryExpr &product, SourceRange range, double weight);
  void addLossTerm(const Call &call, SourceRange range, double weight);
  using Sides = std::array<const ast::Expr *, 3>; ///< the option may be null
  std::optional<Sides> placeSides(const Call &call, std::span<const ArgumentSpec> specs,
                                  SourceRange range);
  struct ClassSides {
    TensorId scores;
    uint32_t target;
  };
  std::optional<ClassSides> classSides(std::string_view callee, const ast::Expr &scores,
                                       const ast::Expr &label);
  bool setClassSides(LossTerm &term, std::string_view callee, const ast::Expr &scores,
                     const ast::Expr &label);
  bool setNumberSides(LossTerm &term, std::string_view callee, const ast::Expr &first,
                      const ast::Expr &second);
  bool setOption(LossTerm &term, const ArgumentSpec &spec, const ast::Expr &expr);
  void addMetric(const ast::Expr &expr);
  std::optional<int64_t> metricRank(const ast::Expr &expr);
  void nameMetric(MetricSpec metric, SourceRange range);

  /// A tensor of the net or a target; nothing after an error.
  std::optional<Side> side(std::string_view callee, std::string_view what, const ast::Expr &expr);
  bool isOfImages(std::string_view callee, TensorId id, SourceRange range);
  std::optional<TensorId> prediction(std::string_view callee, const ast::Expr &expr);
  /// A class target that fits the scores; nothing after an error.
  std::optional<uint32_t> classTarget(std::string_view callee, const ast::Expr &expr,
                                      TensorId scores);
  bool checkScores(std::string_view callee, SourceRange range, uint32_t target, TensorId scores);
  const Shape &shapeOf(Side side) const;
  const std::string *tensorName(std::string_view callee, const ast::Expr &expr);
  std::optional<uint32_t> findTarget(std::string_view name) const;
  /// Names of tensors and targets, as far as they are asked for.
  std::vector<std::string> candidates(bool tensors,
                                      const std::function<bool(const Target &)> &isWanted) const;

  SemaContext &context;
  Evaluator &evaluator;
  const Scope &scope;
  TypedNet &net;
  TrainSection train;
  std::map<std::string, SourceRange> failedTargets;
  std::map<uint32_t, SourceRange> classCounts; ///< where a target's K is written
  std::set<uint32_t> compared;                 ///< targets that a loss or a metric uses
  SourceRange milestones;
  std::string dataKind; ///< as it is written
};

} // namespace cnnc

#endif // CNNC_FRONTEND_SEMATRAIN_H
