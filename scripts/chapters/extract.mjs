// Finds the piece of a TypeScript source that a chapter shows, by name.
import ts from 'typescript';

/** Something in a chapter, or in what it shows, that is not as it should be. */
export class ChapterError extends Error {
  name = 'ChapterError';
}

/**
 * The text of `name` in `source`: a top-level declaration with its doc comment, `Class.member`, or what stands between
 * `// #region name` and `// #endregion`. Throws ChapterError when there is none, or more than one.
 */
export function extract(source, name, path = 'source') {
  const found = [...regions(source, name, path), ...declarations(source, name, path)];
  if (found.length === 0) throw new ChapterError(`${path} has no declaration or region ${name}`);
  if (found.length > 1) throw new ChapterError(`${path} has ${found.length} declarations or regions ${name}`);
  return dedent(withoutMarkers(found[0]));
}

function declarations(source, name, path) {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const [outer, member] = name.split('.');
  const named = file.statements.filter((statement) => namesOf(statement).includes(outer));
  if (member === undefined) return texts(named, source);
  const members = named.flatMap((statement) => [...(statement.members ?? [])]);
  return texts(
    members.filter((node) => memberName(node) === member),
    source,
  );
}

function namesOf(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  return statement.name ? [statement.name.getText()] : [];
}

function memberName(node) {
  return ts.isConstructorDeclaration(node) ? 'constructor' : node.name?.getText();
}

/** The overloads of a function count as one declaration. */
function texts(nodes, source) {
  const all = nodes.map((node) => source.slice(startOf(node, source), node.getEnd()));
  const isFunction = (node) => ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node);
  const overloads = nodes.length > 1 && nodes.slice(0, -1).every((node) => isFunction(node) && !node.body);
  return overloads ? [all.join('\n')] : all;
}

/** Where the declaration's doc comment begins, or the declaration, at the start of the line. The file's own comment is not one. */
function startOf(node, source) {
  const comments = ts.getLeadingCommentRanges(source, node.getFullStart()) ?? [];
  const doc = comments.filter(({ pos }) => source.startsWith('/**', pos)).at(-1);
  const start = doc && !source.slice(doc.pos, doc.end).includes('@file') ? doc.pos : node.getStart();
  return source.lastIndexOf('\n', start - 1) + 1;
}

function regions(source, name, path) {
  const lines = source.split('\n');
  const found = [];
  lines.forEach((line, index) => {
    if (line.trim() !== `// #region ${name}`) return;
    let end = index;
    for (let depth = 1; depth > 0; ) {
      const text = lines[++end]?.trim();
      if (text === undefined) throw new ChapterError(`${path}: region ${name} has no // #endregion`);
      if (text.startsWith('// #region')) depth++;
      if (text.startsWith('// #endregion')) depth--;
    }
    found.push(lines.slice(index + 1, end).join('\n'));
  });
  return found;
}

function withoutMarkers(text) {
  return text
    .split('\n')
    .filter((line) => !/^\s*\/\/ #(end)?region\b/.test(line))
    .join('\n');
}

function dedent(text) {
  const lines = text.split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return lines
    .map((line) => line.slice(indent))
    .join('\n')
    .trim();
}
