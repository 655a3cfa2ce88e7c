import { expect, test } from 'vitest';
import { sampleNewsletter } from '../../src/preview/sample-newsletter.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';

const database = testDatabase();

test('when there is no digest, then the preview says how to get one', async () => {
  const ctx = await testContext(database);
  await expect(sampleNewsletter(ctx, [])).rejects.toThrow('No accepted digest');
});

test('when interests are given, then the preview holds what fits, muted words left out, and stores nothing', async () => {
  const ctx = await testContext(database);
  const arrivedAt = new Date('2025-12-30T06:00:00Z');
  await makeDigest(ctx.db, '2025-12-30', ['Tidal currents at night', 'Tidal robots', 'Bridges'], arrivedAt);
  ctx.setNow('2026-06-01T12:00:00Z');
  const wishes = [
    { kind: 'words' as const, text: 'tidal', muted: false },
    { kind: 'words' as const, text: 'robots', muted: true },
  ];
  const input = await sampleNewsletter(ctx, wishes);
  expect(input.papers.map(({ entry }) => entry.title)).toEqual(['Tidal currents at night']);
  expect(input.papers[0]?.match?.reasons.length).toBeGreaterThan(0);
  expect(input).toMatchObject({
    email: 'preview@digest.example.org',
    subscriberPublicId: 'preview',
    issuedOn: '2026-06-01',
    digestOn: '2025-12-30',
  });
  expect(await sampleNewsletter(ctx, wishes)).toEqual(input);
  expect(await ctx.db.newsletter.count()).toBe(0);
  const mail = (await ctx.composer()).newsletter(input);
  expect(mail.envelope.to).toBe('preview@digest.example.org');
});

test('when no interest is given, then it is the list of the day by trend', async () => {
  const ctx = await testContext(database);
  const input = await sampleNewsletter(ctx, []);
  expect(input.papers).toHaveLength(3);
  expect(input.papers.every(({ match }) => match === null)).toBe(true);
});

test("when a day is given, then nothing later is drawn on, and the date is the day's", async () => {
  const ctx = await testContext(database);
  await makeDigest(ctx.db, '2026-01-02', ['Tidal mills'], new Date('2026-01-02T06:00:00Z'));
  const input = await sampleNewsletter(ctx, [], '2026-01-01');
  expect(input.issuedOn).toBe('2026-01-01');
  expect(input.digestOn).toBe('2025-12-30');
});

test('when nothing fits or a topic is unknown, then the reason is said', async () => {
  const ctx = await testContext(database);
  await expect(sampleNewsletter(ctx, [{ kind: 'words', text: 'zzzzqqq', muted: false }])).rejects.toThrow(
    'wider words',
  );
  await expect(sampleNewsletter(ctx, [{ kind: 'topic', text: 'nope', muted: false }])).rejects.toThrow('«nope»');
});
