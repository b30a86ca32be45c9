/** @file Every module that a source file asks for, as the TypeScript parser sees it. */
import ts from 'typescript';

/** The text of each `import`, `export ... from`, `import()`, `require()`, `import x = require()` and `import('x').T`. */
export function importsOf(fileName: string, source: string): string[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const textOf = (node: ts.Node | undefined): string =>
    node && ts.isStringLiteralLike(node) ? node.text : `<not a literal: ${node?.getText() ?? 'nothing'}>`;
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) found.push(textOf(node.moduleSpecifier));
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) found.push(textOf(node.moduleSpecifier));
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      found.push(textOf(node.moduleReference.expression));
    } else if (ts.isImportTypeNode(node)) {
      found.push(textOf(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined));
    } else if (ts.isCallExpression(node)) {
      const callee = node.expression;
      const isImport = callee.kind === ts.SyntaxKind.ImportKeyword;
      const isRequire = ts.isIdentifier(callee) && (callee.text === 'require' || callee.text === 'createRequire');
      const isBuiltin = ts.isPropertyAccessExpression(callee) && callee.name.text === 'getBuiltinModule';
      if (isImport || isRequire || isBuiltin) found.push(textOf(node.arguments[0]));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Names that only Node has, used as a global: `process`, `Buffer` and the like. */
export function nodeGlobalsOf(fileName: string, source: string): string[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const names = new Set([
    'process',
    'Buffer',
    'require',

    '__dirname',
    '__filename',
    'setImmediate',
    'global',
  ]);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && names.has(node.text) && !isOwnName(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Whether an identifier names a property, a parameter or a variable of the file's own rather than a global. */
function isOwnName(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent)) {
    return parent.name === node;
  }
  const declared = node
    .getSourceFile()
    .getText()
    .match(new RegExp(`(const|let|function|class)\\s+${node.text}\\b|[(,]\\s*${node.text}\\s*[:,)]`));
  return declared !== null;
}
