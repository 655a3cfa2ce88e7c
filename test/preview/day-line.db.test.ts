import { expect, test } from 'vitest';
import { loadNewsletterInput } from '../../src/db/newsletters/inputs.ts';
import { runMatch } from '../../src/match/run-match.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { sampleNewsletter } from '../../src/preview/sample-newsletter.ts';
import { sampleInput } from '../../src/preview/sample-input.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const NEWEST = '2026-01-16';
const DAYS = ['2026-01-12', '2026-01-13', '2026-01-14', '2026-01-15', NEWEST];
const OTHERS = [
  'Bridges',
  'Choirs',
  'Glaciers',
  'Ledgers',
  'Lenses',
  'Mills',
  'Orchards',
  'Quarries',
  'Sails',
  'Towers',
];

/** Ten papers of a day, so many of them on tidal rivers. */
const titlesOf = (day: string, rivers: number) =>
  OTHERS.map((other, at) => (at < rivers ? `Tidal rivers beside ${other} ${day}` : `${other} of old ${day}`));

test('when a preview is made, then it has the sentence that the newsletter itself has', async () => {
  const ctx = await testContext(database);
  ctx.setNow(`${NEWEST}T12:00:00Z`);
  for (const day of DAYS) {
    const arrived = new Date(`${day}T02:00:00Z`);
    await makeDigest(ctx.db, day, titlesOf(day, day === NEWEST ? 6 : 1), arrived, { matched: false });
  }
  const reader = await makeReader(ctx.db, ctx.now(), { wishes: ['Tidal rivers'], welcome: true });
  await runMatch(ctx);
  await runPlan(ctx);
  const row = await ctx.db.newsletter.findFirstOrThrow({ where: { subscriberId: reader.id } });
  const sent = await loadNewsletterInput(ctx.db, row.publicId);
  expect(sent?.dayLine).toMatchObject({ kind: 'surge', params: { topic: 'Tidal rivers', count: 6, total: 10 } });
  const sample = await sampleNewsletter(ctx, [{ kind: 'words', text: 'Tidal rivers', muted: false }]);
  expect(sample.dayLine).toEqual({ kind: sent?.dayLine?.kind, params: sent?.dayLine?.params });
  const head = { language: 'en', keyId: 0, issuedOn: NEWEST, digestOn: NEWEST, at: ctx.now() };
  expect(sampleInput(sample, head).dayLine).toEqual(sample.dayLine);
});
