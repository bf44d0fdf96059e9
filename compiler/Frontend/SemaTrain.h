//===- SemaTrain.h - The train section --------------------------------------===//
#ifndef CNNC_FRONTEND_SEMATRAIN_H
#define CNNC_FRONTEND_SEMATRAIN_H

#include "compiler/Frontend/Arguments.h"

namespace cnnc {

/// Sets `net.train`. The names of `scope` are the net's parameters and tensors.
void analyzeTrain(SemaContext &context, Evaluator &evaluator, const Scope &scope,
                  const ast::TrainItem &train, TypedNet &net);

/// One train section on its way: entries in SemaTrain.cpp, losses and metrics in
/// SemaLoss.cpp.
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
  static std::optional<Call> asCall(const ast::Expr &expr);
  std::optional<Call> expectCall(const ast::Expr &expr, std::string_view what,
                                 std::span<const std::string_view> supported,
                                 std::span<const std::string_view> refused);

  void addTarget(const ast::TrainEntry &entry);
  void addClassTarget(Target target, const Call &call, SourceRange range);
  void setEntry(const ast::TrainEntry &entry);
  void setOptimizer(const ast::Expr &expr);
  void setSchedule(const ast::Expr &expr);
  void setData(const ast::TrainEntry &entry);
  void checkDigits(SourceRange range);
  void checkMilestones();
  std::optional<int64_t> wholeNumber(const ast::TrainEntry &entry, int64_t minimum);

  void addLoss(const ast::Expr &expr, double weight);
  void addProduct(const ast::BinaryExpr &product, SourceRange range, double weight);
  void addLossTerm(const Call &call, SourceRange range, double weight);
  bool setClassTarget(LossTerm &term, const ast::Expr &label, const ast::Expr *smoothing);
  bool setNumberTarget(LossTerm &term, const ast::Expr &expr);
  void addMetric(const ast::Expr &expr);
  std::optional<TensorId> prediction(std::string_view callee, const ast::Expr &expr);
  /// A class target that fits [K]; nothing after an error.
  std::optional<uint32_t> classTarget(std::string_view callee, const ast::Expr &expr,
                                      TensorId logits);
  const std::string *tensorName(std::string_view callee, const ast::Expr &expr);
  std::optional<uint32_t> findTarget(std::string_view name) const;
  std::vector<std::string> targetNames() const;

  SemaContext &context;
  Evaluator &evaluator;
  const Scope &scope;
  TypedNet &net;
  TrainSection train;
  std::map<std::string, SourceRange> failedTargets;
  SourceRange milestones;
};

} // namespace cnnc

#endif // CNNC_FRONTEND_SEMATRAIN_H
