import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/registry.ts';
import { callsIn, pages, type Call } from './command-blocks.ts';

/** What every command knows. */
const ALWAYS = ['--help', '--version'];

/** Says what of a call no command knows; null where all of it is right. */
async function problemOf({ words, options, at }: Call): Promise<string | null> {
  const [name = '', ...rest] = words;
  if (name === 'help') return null;
  const entry = COMMANDS.find((one) => one.name === name);
  if (!entry) return `${at}: offprint ${words.join(' ')}: no such command`;
  let command: Command = await entry.load();
  for (const word of rest) {
    const next = command.commands.find((one) => one.name() === word);
    if (!next && command.commands.length > 0 && command.registeredArguments.length === 0)
      return `${at}: offprint ${words.join(' ')}: ${command.name()} knows no ${word}`;
    if (!next) break;
    command = next;
  }
  const known = [...command.options.map(({ long }) => long), ...ALWAYS];
  const unknown = options.filter((option) => !known.includes(option));
  return unknown.length > 0 ? `${at}: offprint ${words.join(' ')}: no option ${unknown.join(', ')}` : null;
}

describe.each(pages())('%s', (page) => {
  test('when it names a call of offprint, then there is such a command with such options', async () => {
    const problems = [];
    for (const call of callsIn(page)) problems.push(await problemOf(call));
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  });
});

test('when a page named a command or an option that is none, then it would be told', async () => {
  expect(await problemOf({ words: ['sned'], options: [], at: 'x' })).toContain('no such command');
  expect(await problemOf({ words: ['keys', 'rotat'], options: [], at: 'x' })).toContain('keys knows no rotat');
  expect(await problemOf({ words: ['status'], options: ['--wach'], at: 'x' })).toContain('no option --wach');
  expect(pages().flatMap(callsIn).length).toBeGreaterThan(50);
});
