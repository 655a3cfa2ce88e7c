import ts from 'typescript';

/** Attributes whose value a person reads or hears. */
const SAID = /\b(?:title|aria-label|placeholder|alt)="([^"]*)"/g;
/** What a program reads and a person does not: code, and a way to write an address or a key. */
const UNSAID = /<(code|pre)\b[^>]*>[\s\S]*?<\/\1>|https:\/\/|daily:\d{4}-\d\d-\d\d|SHA-256/g;
/** Two words beside each other, one that begins a sentence, or one between two values. */
const PROSE = /\p{L}{2,}[,:]? \p{L}{2,}|^\p{Lu}\p{Ll}{2,}\b|^ \p{L}{2,} $/u;

/** Finds the words that a page template (Handlebars) says by itself instead of by a string of the catalogue. */
export function bareWordsOfTemplate(source: string): string[] {
  const text = source.replace(UNSAID, '').replace(/\{\{\{?[^}]*\}?\}\}/g, '');
  const attributes = [...text.matchAll(SAID)].map(([, value]) => value ?? '').join(' ');
  return `${text.replace(/<[^>]*>/g, '')} ${attributes}`.match(/\p{L}{2,}/gu) ?? [];
}

/** Finds the texts of a module that look like prose; messages of errors are not looked at, they are English for all. */
export function bareWordsOfCode(source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isNewExpression(node) && node.expression.getText().endsWith('Error')) return;
    if (isText(node) && PROSE.test(node.text)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('module.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return (
    ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)
  );
}
