import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { PACKAGE_ROOT } from '../../src/config.ts';

/** A regular expression of the sources and where it stands: `compose/text/excerpt.ts: /…/u`. */
export interface FoundPattern {
  name: string;
  file: string;
  pattern: RegExp;
}

/**
 * Finds every regular expression in src/: the literals by reading the sources with the compiler, and what `new RegExp`
 * makes by loading the modules that hold one while the constructor is watched. `inside` names constructors within a
 * function, which loading doesn't call.
 */
export async function findPatterns(): Promise<{ patterns: FoundPattern[]; inside: string[] }> {
  const patterns: FoundPattern[] = [];
  const inside: string[] = [];
  for (const file of sources()) {
    const { literals, constructors, hidden } = readSource(file);
    patterns.push(...literals);
    inside.push(...hidden);
    if (constructors > 0) patterns.push(...(await madeByLoading(file)));
  }
  return { patterns, inside };
}

const SRC = join(PACKAGE_ROOT, 'src');

function sources(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('db/generated/'))
    .sort();
}

function readSource(file: string): { literals: FoundPattern[]; constructors: number; hidden: string[] } {
  const source = ts.createSourceFile(file, readFileSync(join(SRC, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const literals: FoundPattern[] = [];
  const hidden: string[] = [];
  let constructors = 0;
  const visit = (node: ts.Node, depth: number): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const pattern = new RegExp(node.text.slice(1, end), node.text.slice(end + 1));
      literals.push({ name: `${file}: ${node.text}`, file, pattern });
    }
    const called = ts.isNewExpression(node) || ts.isCallExpression(node) ? node.expression.getText(source) : '';
    if (called === 'RegExp') {
      if (depth > 0) hidden.push(`${file}: ${node.getText(source)}`);
      else constructors++;
    }
    const deeper = ts.isFunctionLike(node) ? depth + 1 : depth;
    ts.forEachChild(node, (child) => visit(child, deeper));
  };
  visit(source, 0);
  return { literals, constructors, hidden };
}

async function madeByLoading(file: string): Promise<FoundPattern[]> {
  const made: FoundPattern[] = [];
  const { href } = pathToFileURL(join(SRC, file));
  await import(/* @vite-ignore */ href); // with all that it imports, so that the second time loads it alone
  const real = globalThis.RegExp;
  globalThis.RegExp = new Proxy(real, {
    construct(target, [source, flags]: [string, string]) {
      const pattern = new target(source, flags);
      made.push({ name: `${file}: ${String(pattern).slice(0, 200)}`, file, pattern });
      return pattern;
    },
  });
  try {
    await import(/* @vite-ignore */ `${href}?watched`);
  } finally {
    globalThis.RegExp = real;
  }
  return made;
}
