import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'offprint-there-'));
const [nowhere, file] = [join(folder, 'nowhere.json'), join(folder, 'file')];

beforeAll(async () => {
  writeFileSync(file, '');
  await makeDigest(database.db, '2026-01-05', ['Kelp'], new Date('2026-01-05T02:00:00Z'));
});

test.each([
  [['topics', 'check', nowhere], `${nowhere}: no such file; expected concepts as in seeds/concepts.json`],
  [['topics', 'check', folder], `${folder}: EISDIR`],
  [['eval', '--bench', nowhere], `${nowhere}: no such file; expected one JSON object a line`],
  [['preview', '--out', file], `--out ${file}: `],
  [['preview', '--out', join(file, 'within')], 'expected a folder that can be written'],
])(
  'when %j names what is not there or cannot be made, then it says what was expected, and ends with 2',
  async (args, said) => {
    const { code, stderr } = await runCli(args, { url: database.url });
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
    expect(stderr).not.toMatch(/^ +at /m);
  },
);
