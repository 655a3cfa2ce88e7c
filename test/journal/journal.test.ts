import { appendFileSync, mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { expect, it } from 'vitest';
import { forgetOldFiles } from '../../src/journal/files.ts';
import { emptyLine, factLine, readLine, readerIn, stampOf } from '../../src/journal/format.ts';
import { forgetReaders } from '../../src/journal/forget-readers.ts';
import { heed, newLastWords } from '../../src/journal/last-words.ts';
import { keyMarkOf, openJournal } from '../../src/journal/open-journal.ts';
import { newReading, readJournal, type Told } from '../../src/journal/read-journal.ts';
import type { Fact, HandedFact } from '../../src/model/fact.ts';
import { until } from '../support/until.ts';

const KEY = Buffer.alloc(32, 3);
const MAIL = '01890000-0000-7000-8000-000000000001';
const HASH = 'ab'.repeat(32);
const PAPER = {
  publicId: 'p2c9',
  title: 'Bread\u2028and «water»',
  arxivIds: ['2511.00001'],
  dois: [],
  titleKeys: ['breadandwater'],
};
const log = pino({ level: 'silent' });
const handed = (change: Partial<HandedFact> = {}): HandedFact => ({
  ...{ what: 'handed', mail: MAIL, kind: 'newsletter', attempt: 1, to: { reader: 'reader1', key: 'daily:2026-11-18' } },
  ...{ shown: { issuedOn: '2026-11-18', paperIds: [7] }, ...change },
});
const FACTS: Fact[] = [
  handed(),
  handed({ kind: 'alarm', to: null, shown: null }),
  { what: 'sent', mail: MAIL },
  { what: 'unsent', mail: MAIL },
  { what: 'left', reader: 'reader1' },
  { what: 'returned', reader: 'reader1' },
  { what: 'erased', reader: 'reader1' },
  { what: 'moved', reader: 'reader1', hash: HASH },
  { what: 'suppressed', hash: HASH, reason: 'complaint' },
  { what: 'lifted', hash: HASH },
];

function open(folder: string, clock = { now: Date.parse('2026-11-18T08:00:00Z') }) {
  return { clock, journal: openJournal({ folder, suppressionKey: KEY, log, clock: () => clock.now }) };
}

const newFolder = () => join(mkdtempSync(join(tmpdir(), 'offprint-journal-')), 'journal');

async function readAll(folder: string, keyMark: string | null = keyMarkOf(KEY)) {
  const reading = newReading();
  const told: Told[] = [];
  for await (const one of readJournal({ folders: [folder], since: new Date(0), keyMark }, reading)) told.push(one);
  return { reading, told };
}

const onlyFile = (folder: string) => join(folder, readdirSync(folder)[0] ?? '');

it('when a fact is written as a line, then it is read as it was, and any other sign in it makes it no line', () => {
  for (const fact of FACTS) {
    const line = factLine(stampOf(1_763_452_800_000), fact).trimEnd();
    expect(readLine(line)).toEqual({ at: 1_763_452_800_000, says: 'fact', fact });
    for (let at = 0; at < line.length; at++) {
      const changed = `${line.slice(0, at)}${line[at] === '0' ? '1' : '0'}${line.slice(at + 1)}`;
      if (changed !== line) expect(readLine(changed)).toBeNull();
    }
    expect(emptyLine(1_763_452_800_000, line.length + 1)).toHaveLength(line.length + 1);
  }
});

it('when a file is cut off at any byte, then all lines before are read, and the rest is torn, not damaged', async () => {
  const folder = newFolder();
  const { journal } = open(folder);
  journal.write(FACTS.slice(4));
  await journal.close();
  const whole = readFileSync(onlyFile(folder));
  for (let size = whole.length; size > 0; size -= 3) {
    truncateSync(onlyFile(folder), size);
    const { reading } = await readAll(folder);
    expect(reading.damaged).toBe(0);
    expect(reading.torn).toBe(whole[size - 1] === 0x0a ? 0 : 1);
  }
});

it('when a line within a file is changed, then it counts as damaged and the others are read', async () => {
  const folder = newFolder();
  const { journal } = open(folder);
  journal.write(FACTS.slice(4));
  await journal.close();
  writeFileSync(onlyFile(folder), readFileSync(onlyFile(folder), 'utf8').replace('complaint', 'complaynt'));
  const { reading, told } = await readAll(folder);
  expect(reading).toMatchObject({ damaged: 1, torn: 0 });
  expect(told).toHaveLength(5);
});

it('when mails are handed over, then each is sent, in doubt, or surely not gone, with the papers that it named', async () => {
  const folder = newFolder();
  const { journal, clock } = open(folder);
  const mails = ['1', '2', '3', '4'].map((n) => MAIL.slice(0, -1) + n);
  const [one = '', two = '', three = '', four = ''] = mails;
  expect(journal.unknown([7])).toEqual([7]);
  journal.describe(new Map([[7, PAPER]]));
  expect(journal.unknown([7])).toEqual([]);
  journal.write(mails.map((mail) => handed({ mail })));
  journal.write([
    { what: 'sent', mail: one },
    { what: 'unsent', mail: two },
  ]);
  clock.now += 86_400_000; // the next day has a file of its own, which knows its papers too
  journal.write([handed({ mail: four, attempt: 2 })]);
  journal.write([{ what: 'unsent', mail: four }]); // its first try is still in doubt
  journal.write([handed({ mail: two, attempt: 2 }), { what: 'sent', mail: two }]);
  await journal.close();
  const { told } = await readAll(folder);
  const found = told.flatMap((one) =>
    'mail' in one ? [[one.mail.handed.mail, one.mail.outcome, one.mail.papers]] : [],
  );
  expect(found.toSorted()).toEqual([
    [one, 'sent', [PAPER]],
    [two, 'sent', [PAPER]],
    [three, 'in-doubt', [PAPER]],
    [four, 'in-doubt', [PAPER]],
  ]);
  expect(readdirSync(folder)).toHaveLength(2);
});

it('when a journal was written under another key, then nothing of it is told', async () => {
  const folder = newFolder();
  const { journal } = open(folder);
  journal.write(FACTS);
  await journal.close();
  const { reading, told } = await readAll(folder, keyMarkOf(Buffer.alloc(32, 4)));
  expect([reading.foreign, told]).toEqual([1, []]);
});

it('when a reader is erased, then what they did and got is gone from every file, also of those still written to, and that they were erased stays', async () => {
  const folder = newFolder();
  const [first, second] = [open(folder).journal, open(folder).journal];
  const other = handed({ mail: MAIL.replace(/1$/, '2'), to: { reader: 'reader2', key: 'daily:2026-11-18' } });
  for (const journal of [first, second]) journal.write([handed(), other, { what: 'left', reader: 'reader1' }]);
  first.keep([{ what: 'erased', reader: 'reader1' }]);
  await until('the lines are gone', async () => {
    const { told } = await readAll(folder);
    return told.every((one) => ('mail' in one ? one.mail.handed.to?.reader !== 'reader1' : one.fact.what === 'erased'));
  });
  second.write([{ what: 'left', reader: 'reader3' }]);
  await Promise.all([first.close(), second.close()]);
  const text = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
  expect(text.match(/reader1/g)).toHaveLength(1);
  const { reading, told } = await readAll(folder);
  expect(reading).toMatchObject({ damaged: 0, torn: 0 });
  expect(told).toHaveLength(4);
  expect(await forgetReaders(folder, new Set(['reader1']))).toBe(0);
});

it('when the folder takes nothing, then what must be written first is refused, what has happened waits, and both go on when it can be written', async () => {
  const folder = newFolder();
  writeFileSync(folder, ''); // a file in its place, which stops root too
  const { journal } = open(folder);
  journal.keep([{ what: 'left', reader: 'reader1' }]);
  expect(journal.problem()).toMatch(/EEXIST|ENOTDIR/);
  expect(() => journal.write([handed()])).toThrow('The journal in JOURNAL_DIR cannot be written');
  await import('node:fs/promises').then(({ rm }) => rm(folder));
  journal.write([handed()]);
  expect(journal.problem()).toBeNull();
  await journal.close();
  const { told } = await readAll(folder);
  expect(told.map((one) => ('mail' in one ? one.mail.outcome : one.fact.what))).toEqual(['left', 'in-doubt']);
});

it('when files are older than fourteen days, then they are deleted, and nothing else', async () => {
  const folder = newFolder();
  const { journal, clock } = open(folder);
  for (let day = 0; day < 17; day++) {
    journal.write([{ what: 'left', reader: 'reader1' }]);
    clock.now += 86_400_000;
  }
  await journal.close();
  appendFileSync(join(folder, 'notes.txt'), 'mine');
  await forgetOldFiles(folder, clock.now);
  expect(readdirSync(folder)).toHaveLength(15);
});

it('when several processes speak of somebody, then the last word counts, that which sends less at the same instant, and an erasure whatever follows', () => {
  const words = newLastWords();
  const at = (ms: number) => new Date(ms);
  heed(words, { at: at(5), fact: { what: 'left', reader: 'a' } });
  heed(words, { at: at(4), fact: { what: 'returned', reader: 'a' } });
  heed(words, { at: at(5), fact: { what: 'returned', reader: 'a' } });
  heed(words, { at: at(5), fact: { what: 'left', reader: 'b' } });
  heed(words, { at: at(6), fact: { what: 'returned', reader: 'b' } });
  heed(words, { at: at(1), fact: { what: 'erased', reader: 'c' } });
  heed(words, { at: at(2), fact: { what: 'returned', reader: 'c' } });
  heed(words, { at: at(3), fact: { what: 'lifted', hash: HASH } });
  heed(words, { at: at(3), fact: { what: 'suppressed', hash: HASH, reason: 'hard' } });
  expect([...words.readers].map(([reader, { what }]) => [reader, what])).toEqual([
    ['a', 'left'],
    ['b', 'returned'],
    ['c', 'erased'],
  ]);
  expect(words.addresses.get(HASH)?.reason).toBe('hard');
});

it('when a line is about nobody, or tells of an erasure, then no reader is named for forgetting', () => {
  const lineOf = (fact: Fact) => readerIn(factLine(stampOf(1), fact).trimEnd());
  expect(FACTS.map(lineOf)).toEqual(['reader1', null, null, null, 'reader1', 'reader1', null, 'reader1', null, null]);
});
