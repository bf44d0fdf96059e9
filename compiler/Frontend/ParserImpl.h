//===- ParserImpl.h - The recursive descent ---------------------------------===//
//
// After an error the parser is panicking: every token reads as the end of the
// file, so all rules unwind by themselves, and nothing more is reported until
// synchronize() has found the next statement.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_PARSERIMPL_H
#define CNNC_FRONTEND_PARSERIMPL_H

#include "compiler/Frontend/Lexer.h"
#include "compiler/Frontend/Parser.h"

namespace cnnc {

class Parser {
public:
  Parser(const SourceFile &file, DiagnosticEngine &diags, size_t tokensBefore = 0)
      : file(file), diags(diags), tokens(lex(file, diags, tokensBefore)) {}

  size_t tokenCount() const { return tokens.size(); }
  ast::File parseFile();
  std::optional<ast::Expr> parseOnlyExpression();

private:
  // Tokens.
  const Token &current() const { return panicking ? tokens.back() : tokens[position]; }
  const Token &lookAhead(size_t count = 1) const {
    return panicking ? tokens.back() : tokens[std::min(position + count, tokens.size() - 1)];
  }
  bool at(TokenKind kind) const { return current().kind == kind; }
  bool atName(std::string_view text) const;
  void advance();
  bool accept(TokenKind kind);
  bool expect(TokenKind kind, std::string_view after);
  bool expectClosing(TokenKind kind, const Token &opening);
  SourceRange rangeFrom(uint32_t begin) const { return {begin, std::max(begin, lastEnd)}; }

  // Errors and recovery.
  void error(std::string_view code, SourceRange range, std::string message);
  void expected(std::string_view what);
  /// E005 for a name that is nearly one of the keywords that may stand here, and is then
  /// read as the one.
  void readMisspelt(std::string_view what, std::span<const TokenKind> keywords);
  std::string describeCurrent() const;
  bool atStatement() const;
  bool atItem() const;
  void synchronizeStatement();
  void synchronizeItem();
  void synchronizeEntry();
  bool recover(bool &broken);

  // Items.
  ast::Item parseItem();
  void parseBlock(ast::BlockItem &block, bool &broken);
  void parseTrain(ast::TrainItem &train, bool &broken);
  std::vector<ast::Param> parseParams();
  ast::Signature parseSignature();
  ast::Side parseSide();
  std::vector<ast::Stmt> parseBody(bool &broken);
  bool skipNestedItem(bool &broken);

  // Statements and chains.
  ast::Stmt parseStmt();
  ast::DefaultStmt parseDefault();
  ast::ConstStmt parseConst();
  ast::LetStmt parseLet();
  ast::InputStmt parseInput();
  ast::WeightStmt parseWeight();
  /// These words are keywords only where a name, or a number, follows.
  bool atWeight() const;
  bool atBatch() const;
  ast::Name parsePath(std::string_view what);
  std::vector<ast::Annotation> parseAnnotations();
  ast::Chain parseChain();
  ast::Term parseTerm();
  ast::Unit parseUnit();
  ast::Unit parseParenthesizedUnit();
  std::unique_ptr<ast::Repeat> parseRepeat();
  ast::Pattern parsePattern();
  ast::ShapeExpr parseShape();

  // Expressions.
  ast::Name parseName(std::string_view what);
  ast::Expr parseExpr();
  ast::Expr parseBinary(int level);
  ast::Expr parseUnary();
  ast::Expr parsePostfix();
  ast::Expr parsePrimary();
  ast::Expr parseNumber();
  std::string parseString();
  ast::Expr parseList(TokenKind closing);
  ast::Expr parseParenthesized();
  ast::Arguments parseArguments();
  bool looksLikeArguments() const;
  ast::Expr makeExpr(uint32_t begin, decltype(ast::Expr::node) node, uint32_t childDepth);

  /// Counts one level of nesting while it lives.
  struct Nesting {
    explicit Nesting(Parser &parser);
    ~Nesting() { --parser.depth; }
    Parser &parser;
  };

  const SourceFile &file;
  DiagnosticEngine &diags;
  std::vector<Token> tokens;
  size_t position = 0;
  uint32_t lastEnd = 0; ///< where the last accepted token ended
  unsigned depth = 0;
  bool panicking = false;
  bool gaveUp = false; ///< nested too deep: the rest is not read
};

} // namespace cnnc

#endif // CNNC_FRONTEND_PARSERIMPL_H
