import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/config.ts';

/** A block of commands in a page. */
export interface CommandBlock {
  page: string;
  /** Line on which it begins. */
  line: number;
  /** sh: to be run as it stands · console: what somebody types elsewhere, or what does not end by itself. */
  kind: 'sh' | 'console';
  text: string;
}

const FENCE = /^```(\S*)$/;

/** Finds the blocks of commands in README and docs. Throws where one is told otherwise than `sh` or `console`. */
export function commandBlocks(): CommandBlock[] {
  return pages().flatMap((page) => blocksOf(page, readFileSync(join(PACKAGE_ROOT, page), 'utf8')));
}

/** Lists the pages that people read: README and docs. */
export function pages(): string[] {
  const names = readdirSync(join(PACKAGE_ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  return ['README.md', ...names.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)].sort();
}

function blocksOf(page: string, text: string): CommandBlock[] {
  const blocks: CommandBlock[] = [];
  let open: { kind: string; line: number; lines: string[] } | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = FENCE.exec(line);
    if (!fence) open?.lines.push(line);
    else if (!open) open = { kind: fence[1] ?? '', line: index + 1, lines: [] };
    else {
      const { kind, lines } = open;
      const isTyped = /^(?:\$ )?(?:npx offprint|offprint [a-z]+|npm|curl) /m.test(lines.join('\n'));
      if (kind === 'sh' || kind === 'console') blocks.push({ page, line: open.line, kind, text: lines.join('\n') });
      else if (isTyped) throw new Error(`${page}:${open.line}: commands stand in a block of «sh» or «console»`);
      open = null;
    }
  }
  return blocks;
}

/** A call of ours as it stands in a page: the words that may name a command, and its options without values. */
export interface Call {
  words: string[];
  options: string[];
  at: string;
}

/** Code within a line, and lines of blocks. */
const SPAN = /`([^`\n]+)`/g;
const CALL = /(?:^|[(|;&] ?|\$ )(?:npx )?offprint ([a-z][^|;>)]*)/g;

/** Finds the calls of `offprint` in a page, in its blocks and within its lines; comments behind them are left out. */
export function callsIn(page: string): Call[] {
  const lines = readFileSync(join(PACKAGE_ROOT, page), 'utf8').split('\n');
  let isBlock = false;
  return lines.flatMap((line, index) => {
    if (FENCE.test(line)) isBlock = !isBlock;
    const codes = isBlock ? [line] : [...line.matchAll(SPAN)].map(([, code = '']) => code);
    return codes.flatMap((code) =>
      [...code.matchAll(CALL)].map(([, rest = '']) => callOf(rest, `${page}:${index + 1}`)),
    );
  });
}

function callOf(text: string, at: string): Call {
  const words = (text.split(/\s#/)[0] ?? '').trim().split(/\s+/);
  const end = words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
  const options = words.filter((word) => /^--[a-z]/.test(word)).map((word) => word.replace(/[=\\|[\]].*$/, ''));
  return { words: end < 0 ? words : words.slice(0, end), options, at };
}
