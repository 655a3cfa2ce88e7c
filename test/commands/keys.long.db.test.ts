import { beforeEach, describe, expect, it } from 'vitest';
import { loadKeys } from '../../src/db/keys.ts';
import { runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';

const database = testDatabase();
const at = (text: string) => new Date(text);
/** Ids of the link key and of the suppression key, both made in 2025. */
let [link, suppression] = [0, 0];

beforeEach(async () => {
  await database.db.delivery.deleteMany();
  await database.db.key.deleteMany();
  const { link: made } = await loadKeys(database.db, undefined, at('2025-01-05T12:00:00Z'));
  link = made[0]?.id ?? 0;
  suppression = (await database.db.key.findFirstOrThrow({ where: { purpose: 'suppression' } })).id;
});

const offprint = (args: string[], settings: Record<string, string> = {}) =>
  runCli(['keys', ...args], { url: database.url, settings });
const sentWith = (keyId: number, sentAt: Date) =>
  asFixture(
    database.db,
    `INSERT INTO deliveries (kind, key, language, key_id, generation, state, next_attempt_at, sent_at, created_at)
     VALUES ('link', gen_random_uuid(), 'en', $1, 1, 'sent', $2, $2, $2)`,
    [keyId, sentAt],
  );
const linkIds = async () =>
  (await database.db.key.findMany({ where: { purpose: 'link' }, orderBy: { id: 'asc' } })).map(({ id }) => id);

describe('offprint keys', () => {
  it('when keys are listed, then it says what each does and how many mails hold its links, never the key', async () => {
    await sentWith(link, at('2025-06-01T12:00:00Z'));
    const { code, stderr, json } = await offprint(['list', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    const made = { createdAt: '2025-01-05T12:00:00.000Z', wrapped: false, signedUntil: null };
    expect(json()).toEqual(
      [
        {
          id: link,
          purpose: 'link',
          ...made,
          mails: 1,
          lastSentAt: '2025-06-01T12:00:00.000Z',
          waiting: 0,
          does: 'signs and verifies links',
        },
        {
          id: suppression,
          purpose: 'suppression',
          ...made,
          mails: 0,
          lastSentAt: null,
          waiting: 0,
          does: 'hashes suppressed addresses',
        },
      ].sort((a, b) => b.id - a.id),
    );
    const wrapped = await offprint(['list'], { SECRET: 'a long enough secret' });
    expect(wrapped.stdout).toMatch(/signs and verifies links +2025-01-05 +wrapped +1 +2025-06-01/);
  }, 240_000);

  it('when something would die and nobody is there to ask, then it says what, and changes nothing', async () => {
    const yesterday = new Date(Date.now() - 86_400_000);
    await sentWith(link, yesterday);
    const { code, stdout, stderr } = await offprint(['rotate', '--retire', String(link)]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(
      `Key ${link}, made on 2025-01-05, signed 1 mail(s), the last on ${yesterday.toISOString().slice(0, 10)}.`,
    );
    expect(stderr).toContain('Some are younger than 30 days, for which the link out must work (CAN-SPAM).');
    expect(stderr).toContain(`Make a new link key and retire ${link} for good? Nobody is here to ask: --yes says so.`);
    expect(await linkIds()).toEqual([link]);
  }, 240_000);

  it('when the suppression key or no key is named, then it is refused and nothing is made', async () => {
    const hashing = await offprint(['rotate', '--retire', String(suppression), '--yes']);
    expect([hashing.code, hashing.stderr]).toEqual([
      2,
      `offprint: --retire ${suppression}: hashes suppressed addresses and never changes; \`offprint keys list\` lists the link keys\n`,
    ]);
    const unknown = await offprint(['rotate', '--retire', '99999999999', '--yes']);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/--retire 99999999999: no such key/)]);
    expect((await offprint(['rotate', '--retire-before', 'yesterday'])).code).toBe(2);
    expect(await linkIds()).toEqual([link]);
  }, 240_000);

  it('when keys are retired by day, then only those go that have signed nothing since', async () => {
    const { db } = database;
    const make = async (day: string) =>
      (
        await db.key.create({
          data: { purpose: 'link', secret: new Uint8Array(32), createdAt: at(`${day}T00:00:00Z`) },
        })
      ).id;
    const [second, third] = [await make('2025-02-01'), await make('2025-03-01')];
    await sentWith(link, at('2025-02-01T01:00:00Z'));
    await sentWith(second, at('2025-03-10T00:00:00Z')); // planned before the third was made, retried since
    const rotated = async (day: string) =>
      (await offprint(['rotate', '--retire-before', day, '--yes', '--json'])).json();
    expect(await rotated('2025-02-01')).toMatchObject([{ outcome: 'rotated', retired: [] }]);
    expect(await rotated('2025-03-05')).toMatchObject([{ outcome: 'rotated', retired: [link] }]);
    expect(await rotated('2025-03-11')).toMatchObject([{ outcome: 'rotated', retired: [second] }]);
    expect((await linkIds())[0]).toBe(third);
  }, 240_000);
});
