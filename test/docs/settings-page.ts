import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { isSecret } from '../../src/given-settings.ts';

/** Settings that one comment of `.env.example` explains. */
interface Explained {
  names: string[];
  defaults: string[];
  words: string;
}

const HEAD = `# Settings

<!-- Written by \`npm run docs:settings\` from .env.example: change it there. -->

Each is a variable of the environment or a line of \`.env\`; the environment wins. Those with a 🔑 open something, and may lie in a file instead that \`NAME_FILE\` names (one of the two, not both). \`npx offprint config\` shows what holds and where it comes from. What is left empty has no value.

| setting | default | what it does |
|---|---|---|
`;

/** Writes the page of all settings from what \`.env.example\` says of each. */
export function settingsPage(): string {
  const rows = explained(readFileSync(join(PACKAGE_ROOT, '.env.example'), 'utf8')).map(rowOf);
  return `${HEAD}${rows.join('\n')}\n`;
}

function explained(text: string): Explained[] {
  const all: Explained[] = [];
  let words: string[] = [];
  let isOpen = false;
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      if (!isOpen) all.push({ names: [], defaults: [], words: words.join(' ') });
      all.at(-1)?.names.push(name);
      all.at(-1)?.defaults.push(value);
      words = [];
      isOpen = true;
    } else {
      isOpen = false;
      if (line.startsWith('#')) words.push(line.replace(/^# ?/, ''));
      else words = []; // what stands alone is about the file
    }
  }
  return all;
}

function rowOf({ names, defaults, words }: Explained): string {
  const named = names.map((name) => `\`${name}\`${isSecret(name) ? ' 🔑' : ''}`);
  const given = defaults.map((value) => (value === '' ? '' : `\`${value}\``));
  const cells = [named.join('<br>'), given.join('<br>').replace(/^(?:<br>)+$/, ''), words.replaceAll('<', '&lt;')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
