import { expect, test } from 'vitest';
import { editionNote } from '../../src/api/schemas/edition-note.ts';
import { dateOnly } from '../../src/lib/time.ts';
import { runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';

const database = testDatabase();
/** The program goes by the clock of this machine. */
const TODAY = dateOnly(new Date());
const EDITION = `daily:${TODAY}`;

const note = (...words: string[]) => runCli(['editions', 'note', EDITION, ...words], { url: database.url });
const inForce = async (...words: string[]) => {
  const run = await note(...words, '--json');
  expect([run.code, run.stderr]).toEqual([0, '']);
  return editionNote.parse(run.json()[0]);
};

test('when a note is written, changed and taken out by command, then all else stays, and each is an act', async () => {
  const [kelp, tides] = await makeDigest(database.db, TODAY, ['Kelp', 'Tides'], new Date());
  await database.db.paperIdentity.create({ data: { kind: 'arxiv', value: '2611.00001', paperId: kelp?.paperId ?? 0 } });
  const { publicId } = await database.db.paper.findUniqueOrThrow({ where: { id: tides?.paperId ?? 0 } });
  const written = await inForce('--lang', 'en', '--text', 'Read [this](https://example.org).', '--pick', '2611.00001');
  expect(written).toMatchObject({ words: { en: 'Read [this](https://example.org).' }, picks: [{ title: 'Kelp' }] });
  expect(await inForce('--lang', 'de', '--text', 'Hallo.')).toEqual({
    ...written,
    words: { ...written.words, de: 'Hallo.' },
  });
  expect((await inForce('--pick', publicId)).picks).toEqual([{ id: publicId, title: 'Tides' }]);
  expect((await inForce('--remove', '--lang', 'en')).words).toEqual({ de: 'Hallo.' });
  const acts = await database.db.auditEntry.findMany({ where: { action: 'edition.note', subject: EDITION } });
  expect(acts.map(({ actor }) => actor)).toEqual(['cli', 'cli', 'cli', 'cli']);

  const shown = await note();
  expect(shown.stdout).toBe(`de: Hallo.\nchosen: Tides (${publicId})\n`);
  expect(await inForce('--remove')).toEqual({ edition: EDITION, words: {}, picks: [] });
});

test('when it is given what cannot be taken, then it changes nothing and says why', async () => {
  const refused: [words: string[], code: number, said: string][] = [
    [[EDITION, '--lang', 'en', '--text', '[x](javascript:alert(1))', '--pick', '2611.99999'], 2, 'is no address'],
    [[EDITION, '--text', 'Hello.'], 2, 'expected --lang'],
    [[EDITION, '--remove', '--pick', 'x'], 2, 'neither --text nor --pick'],
    [['daily:2020-01-01', '--lang', 'en', '--text', 'Late.'], 1, 'is over'],
  ];
  const runs = await Promise.all(
    refused.map(([words]) => runCli(['editions', 'note', ...words], { url: database.url })),
  );
  for (const [at, [, code, said]] of refused.entries())
    expect([runs[at]?.code, runs[at]?.stderr]).toEqual([code, expect.stringContaining(said)]);
});
