//===- NetworkCache.cpp - Whole networks in the cache ---------------------===//

#include "compiler/Codegen/NetworkCache.h"

#include "llvm/Support/Endian.h"

using namespace llvm;

namespace cnnc {

std::string networkKey(StringRef text, StringRef options, const TargetInfo &target) {
  return CacheKey("network")
      .add(target.triple)
      .add(target.cpu)
      .add(target.features)
      .add(options)
      .add(text)
      .finish();
}

// An entry: the length of the model's text, the text, the object.

std::optional<CompiledNetwork> findNetwork(const ObjectCache &cache, StringRef key,
                                           const TargetInfo &target, mlir::MLIRContext &context) {
  std::optional<std::string> entry = cache.find(key);
  uint64_t length;
  if (!entry || entry->size() < sizeof length)
    return std::nullopt;
  length = support::endian::read64le(entry->data());
  StringRef rest = StringRef(*entry).drop_front(sizeof length);
  if (length > rest.size())
    return std::nullopt;
  Expected<ModelDescription> model = parseModel(rest.take_front(length), context);
  if (!model)
    return consumeError(model.takeError()), std::nullopt;
  return CompiledNetwork{std::move(*model), target, rest.drop_front(length).str()};
}

void keepNetwork(ObjectCache &cache, StringRef key, mlir::ModuleOp module,
                 const CompiledNetwork &network) {
  std::string text = printModel(module);
  std::string entry(sizeof(uint64_t), 0);
  support::endian::write64le(entry.data(), text.size());
  cache.keep(key, entry + text + network.object);
  cache.trim();
}

} // namespace cnnc
