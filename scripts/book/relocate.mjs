// Makes a site that VitePress built for one address work at any: all its pages lie in one folder, which each page knows
// when it is opened. In scripts, the address becomes a question; elsewhere, a way from where the file is.
import ts from 'typescript';

/** Where VitePress is told that the site will be. Nobody has such a folder. */
export const BASE = '/--book--/';
const HERE = 'globalThis.BOOK';

/** In a page: the folder is found out first of all, and addresses start from it. */
export function relocatedPage(html) {
  const first = `<script>${HERE}=new URL('.',location.href).pathname</script>`;
  return html
    .replaceAll(BASE, './')
    .replace('<head>', () => `<head>\n    ${first}`)
    .replace(/window\.__VP_SITE_DATA__=JSON\.parse\(".*?[^\\]"\);/, (made) => `${made}__VP_SITE_DATA__.base=${HERE};`);
}

/** In a style sheet of the folder `assets`, or beside the pages. */
export const relocatedStyle = (css, inFolder) => css.replaceAll(BASE, inFolder ? '../' : './');

/** In a script: every text that holds the address is put together when the script runs. */
export function relocatedScript(code) {
  if (!code.includes(BASE)) return code;
  const file = ts.createSourceFile('x.js', code, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const changes = [];
  const visit = (node) => {
    const { text } = node;
    if ((ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) && text.includes(BASE)) {
      const parts = text.split(BASE).map((part) => JSON.stringify(part));
      changes.push({ start: node.getStart(file), end: node.end, text: `(${parts.join(`+${HERE}+`)})` });
    } else if (ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)) {
      const [start, end] = [node.getStart(file), node.end];
      const raw = code.slice(start, end);
      if (raw.includes(BASE)) changes.push({ start, end, text: raw.replaceAll(BASE, `\${${HERE}}`) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  let out = '';
  let done = 0;
  for (const { start, end, text } of changes) {
    out += code.slice(done, start) + text;
    done = end;
  }
  return out + code.slice(done);
}
