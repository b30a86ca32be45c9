/** @file Whatever in a source file has its last bits, its order or its text from the platform, as the TypeScript parser sees it. */
import ts from 'typescript';

/** What ECMAScript settles to the bit; and the square root, which every engine leaves to the processor and so to IEEE 754. */
const SETTLED = new Set([
  ...['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'],
  ...['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2'],
]);
/** Texts that depend on where and when. */
const OF_THE_PLACE = /^(toLocale\w+|localeCompare|Intl|Date)$/;

/** `line: text` of each use. */
export function platformUses(fileName: string, source: string): string[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const note = (node: ts.Node): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push(`${line}: ${node.getText().replaceAll(/\s+/g, ' ')}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isPower(node.operatorToken.kind) && !isConstant(node)) note(node);
    else if (ts.isIdentifier(node) && node.text === 'Math' && !namesSettled(node)) note(node.parent);
    else if (ts.isIdentifier(node) && OF_THE_PLACE.test(node.text)) note(node.parent);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const isPower = (kind: ts.SyntaxKind): boolean =>
  kind === ts.SyntaxKind.AsteriskAsteriskToken || kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken;

/** `2 ** 20`: the size of something. */
const isConstant = ({ left, right }: ts.BinaryExpression): boolean =>
  ts.isNumericLiteral(left) && left.text === '2' && (ts.isNumericLiteral(right) || isNegative(right));

const isNegative = (node: ts.Node): boolean => ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand);

/** `Math.abs`, or `const { abs } = Math`. */
function namesSettled(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression !== node || SETTLED.has(parent.name.text);
  if (!ts.isVariableDeclaration(parent) || !ts.isObjectBindingPattern(parent.name)) return false;
  return parent.name.elements.every(({ propertyName, name }) => SETTLED.has((propertyName ?? name).getText()));
}
