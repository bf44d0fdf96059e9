//===- ASTPrinter.cpp - The syntax tree as text -----------------------------===//

#include "compiler/Frontend/ASTPrinter.h"

#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>

using namespace cnnc;
using namespace cnnc::ast;

namespace {

class Printer {
public:
  explicit Printer(llvm::raw_ostream &os) : os(os) {}
  void print(const Item &item);

private:
  // A line is begun, filled and ended; what is printed between begin(…) and the
  // end of its block lies deeper.
  llvm::raw_ostream &begin() { return os.indent(indent); }

  void print(const Expr &expr);
  void printOperator(const BinaryExpr &binary);
  void printItems(const std::vector<Expr> &items);
  void print(const std::vector<Argument> &arguments);
  void print(const Arguments &arguments);
  void print(const ShapeExpr &shape);
  void print(const Side &side);
  void print(const Pattern &pattern);
  void print(const Param &param);
  void print(const std::vector<Annotation> &annotations);
  void print(const Term &term);
  void printTail(const Term &term);
  void print(const Unit &unit, const Term *term);
  void print(const Chain &chain);
  void print(const Stmt &stmt);
  void printConst(const ConstStmt &stmt);
  void printDefault(const DefaultStmt &stmt);
  void printBody(const std::vector<Param> &params, const std::vector<Stmt> &body);

  llvm::raw_ostream &os;
  unsigned indent = 0;
};

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

void Printer::printItems(const std::vector<Expr> &items) {
  for (const Expr &item : items) {
    os << (&item == &items.front() ? "" : ", ");
    print(item);
  }
}

void Printer::printOperator(const BinaryExpr &binary) {
  static constexpr std::string_view symbols[] = {"or", "and", "not", "==", "!=", "<",  "<=", ">",
                                                 ">=", "+",   "-",   "*",  "/",  "//", "%",  "-"};
  os << '(';
  print(*binary.left);
  os << ' ' << symbols[static_cast<size_t>(binary.op)] << ' ';
  print(*binary.right);
  os << ')';
}

void Printer::print(const Expr &expr) {
  if (auto *integer = std::get_if<IntegerLiteral>(&expr.node)) {
    os << integer->value;
  } else if (auto *real = std::get_if<FloatLiteral>(&expr.node)) {
    std::string text = fmt::format("{}", real->value);
    os << text << (text.find_first_of(".e") == std::string::npos ? ".0" : "");
  } else if (auto *boolean = std::get_if<BoolLiteral>(&expr.node)) {
    os << (boolean->value ? "true" : "false");
  } else if (auto *string = std::get_if<StringLiteral>(&expr.node)) {
    os << '"';
    os.write_escaped(string->value);
    os << '"';
  } else if (auto *name = std::get_if<NameExpr>(&expr.node)) {
    os << name->name;
  } else if (auto *member = std::get_if<MemberExpr>(&expr.node)) {
    print(*member->object);
    os << '.' << member->member.text;
  } else if (auto *unary = std::get_if<UnaryExpr>(&expr.node)) {
    os << (unary->op == Operator::Not ? "(not " : "(-");
    print(*unary->operand);
    os << ')';
  } else if (auto *binary = std::get_if<BinaryExpr>(&expr.node)) {
    printOperator(*binary);
  } else if (auto *conditional = std::get_if<ConditionalExpr>(&expr.node)) {
    os << "(if ";
    print(*conditional->condition);
    os << " then ";
    print(*conditional->thenValue);
    os << " else ";
    print(*conditional->elseValue);
    os << ')';
  } else if (auto *list = std::get_if<ListExpr>(&expr.node)) {
    os << (list->isTuple ? '(' : '[');
    printItems(list->items);
    os << (list->isTuple ? ')' : ']');
  } else if (auto *call = std::get_if<CallExpr>(&expr.node)) {
    os << call->callee.text;
    print(call->arguments);
  }
}

void Printer::print(const std::vector<Argument> &arguments) {
  os << '(';
  for (const Argument &argument : arguments) {
    os << (&argument == &arguments.front() ? "" : ", ");
    if (argument.name)
      os << argument.name->text << '=';
    print(argument.value);
  }
  os << ')';
}

void Printer::print(const Arguments &arguments) {
  if (arguments.written)
    print(arguments.list);
}

void Printer::print(const ShapeExpr &shape) {
  os << '[';
  for (const Dim &dim : shape.dims) {
    os << (&dim == &shape.dims.front() ? "" : ", ");
    if (dim.size)
      print(*dim.size);
    else
      os << '_';
  }
  os << ']';
}

void Printer::print(const Side &side) {
  for (const ShapeExpr &shape : side.shapes) {
    os << (&shape == &side.shapes.front() ? "" : ", ");
    print(shape);
  }
}

void Printer::print(const Pattern &pattern) {
  os << (pattern.isTuple ? "(" : "");
  for (const Name &name : pattern.names)
    os << (&name == &pattern.names.front() ? "" : ", ") << name.text;
  os << (pattern.isTuple ? ")" : "");
}

//===----------------------------------------------------------------------===//
// Chains
//===----------------------------------------------------------------------===//

void Printer::print(const std::vector<Annotation> &annotations) {
  for (const Annotation &annotation : annotations) {
    os << " @" << annotation.name.text;
    print(annotation.arguments);
  }
}

/// What follows the unit of a term, on the unit's line.
void Printer::printTail(const Term &term) {
  if (term.repeat) {
    if (auto *times = std::get_if<TimesRepeat>(&term.repeat->node)) {
      os << " *";
      print(times->count);
    } else {
      const auto &loop = std::get<ForRepeat>(term.repeat->node);
      os << " for ";
      print(loop.pattern);
      os << " in ";
      print(loop.first);
      if (loop.last) {
        os << "..";
        print(*loop.last);
      }
    }
  }
  if (term.option) {
    os << " ?";
    if (term.option->condition) {
      os << '(';
      print(*term.option->condition);
      os << ')';
    }
  }
  print(term.annotations);
  if (term.tap)
    os << " as " << term.tap->text;
  if (term.shape) {
    os << " : ";
    print(*term.shape);
  }
}

void Printer::print(const Unit &unit, const Term *term) {
  auto endLine = [&] {
    if (term)
      printTail(*term);
    os << '\n';
  };
  if (auto *named = std::get_if<NamedUnit>(&unit.node)) {
    begin() << named->name.text;
    print(named->arguments);
    return endLine();
  }
  if (auto *conditional = std::get_if<ConditionalUnit>(&unit.node)) {
    begin() << "if ";
    print(conditional->condition);
    endLine();
    indent += 2;
    print(*conditional->thenUnit, nullptr);
    print(*conditional->elseUnit, nullptr);
    indent -= 2;
    return;
  }
  if (auto *group = std::get_if<GroupUnit>(&unit.node)) {
    begin() << "group";
    endLine();
    return print(group->chain);
  }
  auto *branches = std::get_if<BranchUnit>(&unit.node);
  begin() << (branches ? "branches" : "tuple");
  endLine();
  indent += 2;
  for (const Chain &chain : branches ? branches->branches : std::get<TupleUnit>(unit.node).parts) {
    begin() << "chain\n";
    print(chain);
  }
  indent -= 2;
}

void Printer::print(const Term &term) { print(term.unit, &term); }

void Printer::print(const Chain &chain) {
  indent += 2;
  for (const Term &term : chain.terms)
    print(term);
  indent -= 2;
}

//===----------------------------------------------------------------------===//
// Statements and items
//===----------------------------------------------------------------------===//

void Printer::printConst(const ConstStmt &stmt) {
  begin() << "const " << stmt.name.text << " = ";
  print(stmt.value);
  os << '\n';
}

void Printer::printDefault(const DefaultStmt &stmt) {
  begin() << "default " << stmt.layer.text;
  print(stmt.arguments);
  os << '\n';
}

void Printer::print(const Stmt &stmt) {
  if (auto *constant = std::get_if<ConstStmt>(&stmt.node)) {
    printConst(*constant);
  } else if (auto *defaults = std::get_if<DefaultStmt>(&stmt.node)) {
    printDefault(*defaults);
  } else if (auto *input = std::get_if<InputStmt>(&stmt.node)) {
    begin() << "input " << input->name.text << " : ";
    if (input->classes)
      print(*input->classes);
    else
      print(input->shape);
    os << '\n';
  } else if (auto *weight = std::get_if<WeightStmt>(&stmt.node)) {
    begin() << "weight " << weight->name.text << " : ";
    print(weight->shape);
    print(weight->annotations);
    os << '\n';
  } else if (auto *batch = std::get_if<BatchStmt>(&stmt.node)) {
    begin() << "batch ";
    print(batch->size);
    os << '\n';
  } else if (auto *output = std::get_if<OutputStmt>(&stmt.node)) {
    begin() << "output";
    for (const Name &name : output->names)
      os << (&name == &output->names.front() ? " " : ", ") << name.text;
    os << '\n';
  } else if (auto *layer = std::get_if<LayerStmt>(&stmt.node)) {
    begin() << "layer " << layer->name.text << '\n';
    indent += 2;
    print(layer->unit, nullptr);
    indent -= 2;
  } else if (auto *assertion = std::get_if<AssertStmt>(&stmt.node)) {
    begin() << "assert ";
    print(assertion->condition);
    if (assertion->message) {
      os << ", \"";
      os.write_escaped(*assertion->message) << '"';
    }
    os << '\n';
  } else if (auto *let = std::get_if<LetStmt>(&stmt.node)) {
    begin() << "let ";
    print(let->pattern);
    os << '\n';
    print(let->chain);
  } else if (auto *chain = std::get_if<ChainStmt>(&stmt.node)) {
    begin() << "chain\n";
    print(chain->chain);
  }
}

void Printer::print(const Param &param) {
  begin() << "param " << param.name.text;
  if (param.type)
    os << " : " << param.type->text;
  if (param.defaultValue) {
    os << " = ";
    print(*param.defaultValue);
  }
  os << '\n';
}

void Printer::printBody(const std::vector<Param> &params, const std::vector<Stmt> &body) {
  indent += 2;
  for (const Param &param : params)
    print(param);
  for (const Stmt &stmt : body)
    print(stmt);
  indent -= 2;
}

void Printer::print(const Item &item) {
  if (auto *import = std::get_if<ImportItem>(&item.node)) {
    begin() << "import \"";
    os.write_escaped(import->path) << "\"\n";
  } else if (auto *constant = std::get_if<ConstStmt>(&item.node)) {
    printConst(*constant);
  } else if (auto *defaults = std::get_if<DefaultStmt>(&item.node)) {
    printDefault(*defaults);
  } else if (auto *block = std::get_if<BlockItem>(&item.node)) {
    begin() << "block " << block->name.text;
    if (block->signature) {
      os << " : ";
      print(block->signature->from);
      os << " -> ";
      print(block->signature->to);
    }
    os << '\n';
    printBody(block->params, block->body);
  } else if (auto *net = std::get_if<NetItem>(&item.node)) {
    begin() << "net " << net->name.text << '\n';
    printBody(net->params, net->body);
  } else if (auto *train = std::get_if<TrainItem>(&item.node)) {
    begin() << "train " << train->net.text << '\n';
    indent += 2;
    for (const TrainEntry &entry : train->entries) {
      begin() << (entry.isTarget ? "target " : "") << entry.name.text
              << (entry.isTarget ? " : " : " = ");
      print(entry.value);
      os << '\n';
    }
    indent -= 2;
  }
}

} // namespace

void cnnc::printTree(llvm::raw_ostream &os, const File &file) {
  Printer printer(os);
  for (const Item &item : file.items)
    printer.print(item);
}
