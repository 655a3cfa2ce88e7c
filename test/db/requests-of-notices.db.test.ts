import { expect, it } from 'vitest';
import { onOlderRelease } from '../support/older-release.ts';

const MIGRATION = '20261128200000_name_the_request_of_a_notice';
const ALARM = { subject: 'A digest is held', lines: ['Two papers.'] };

/** What an older release kept of a mail in its JSON, and what becomes of it: the request it names, and the rest. */
const ROWS: [kind: string, payload: object | null, request: string | null, rest: object | null][] = [
  ['confirmation', { requestPublicId: 'req1' }, 'req1', null],
  ['confirmation', { requestPublicId: 'req2', moves: true }, 'req2', { moves: true }],
  ['reminder', { requestPublicId: 'req1' }, 'req1', null],
  ['moving', { requestPublicId: 'req2' }, 'req2', null],
  ['moving', { requestPublicId: 'gone' }, null, null],
  ['link', null, null, null],
  ['alarm', ALARM, null, ALARM],
];

it('when a ledger of an older release is migrated, then each notice names its request, and goes without it once that is deleted', () =>
  onOlderRelease(MIGRATION, async (client, upgrade) => {
    await client.query(`
      INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, created_at)
      VALUES ('reader', 'ada@example.org', 'x', 'pending', 'daily', 1, 8, 'UTC', 10, 'en', '2026-01-01');
      INSERT INTO confirmation_requests (public_id, subscriber_id, created_at, expires_at)
      SELECT id, (SELECT id FROM subscribers), '2026-01-01', '2026-01-03' FROM unnest('{req1,req2}'::text[]) AS id`);
    for (const [index, [kind, payload]] of ROWS.entries())
      await client.query(
        `INSERT INTO deliveries (kind, key, language, key_id, generation, payload, next_attempt_at, created_at)
         VALUES ($1, $2, 'en', 1, 1, $3, '2026-01-05', '2026-01-01')`,
        [kind, `k${index}`, payload],
      );
    expect(await upgrade()).toContain(MIGRATION);
    const read = async () => {
      const { rows } = await client.query<{ row: unknown }>(`
        SELECT json_build_array(d.kind, r.public_id, d.payload) AS row
        FROM deliveries d LEFT JOIN confirmation_requests r ON r.id = d.request_id ORDER BY d.id`);
      return rows.map(({ row }) => row);
    };
    expect(await read()).toEqual(ROWS.map(([kind, , request, rest]) => [kind, request, rest]));
    await client.query("DELETE FROM confirmation_requests WHERE public_id = 'req1'");
    expect(await read()).toEqual(
      ROWS.map(([kind, , request, rest]) => [kind, request === 'req1' ? null : request, rest]),
    );
  }));
