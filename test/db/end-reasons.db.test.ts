import { expect, it } from 'vitest';
import { wordsAbout } from '../../src/db/ledger/moves.ts';
import { onOlderRelease } from '../support/older-release.ts';

const REASONS = '20261128190000_say_why_a_mail_ended';
const died = 'the worker died after handing it over; whether it arrived is unknown';

/** What an older release left; what becomes of it: state, words then, reason, last_reply, what lists say now. */
const ROWS: [string, string | null, string | null, string | null, string | null][] = [
  ['failed', 'late', 'late', null, 'late'],
  ['failed', 'late: 454 Throttling failure', 'late', '454 Throttling failure', 'late: 454 Throttling failure'],
  ['failed', '452 4.2.2 full', 'used_up', '452 4.2.2 full', '452 4.2.2 full'],
  ['bounced', '550 5.1.1 nobody', 'refused', '550 5.1.1 nobody', '550 5.1.1 nobody'],
  ['uncertain', 'closed', 'lost', 'closed', 'closed'],
  ['uncertain', died, 'worker_died', died, died],
  ['uncertain', 'edition cancelled', 'edition_cancelled', null, 'edition cancelled'],
  ['cancelled', 'suppressed: hard', 'suppressed', 'hard', 'suppressed: hard'],
  ['cancelled', 'suppressed: manual', 'suppressed', 'manual', 'suppressed: manual'],
  ['cancelled', 'replaced by the next edition', 'replaced', null, 'replaced by the next edition'],
  ['cancelled', 'unsubscribed', 'unsubscribed', null, 'unsubscribed'],
  ['cancelled', 'address changed', 'address_changed', null, 'address changed'],
  ['cancelled', 'already answered', 'already_answered', null, 'already answered'],
  ['cancelled', null, 'erased', null, 'erased'],
  ['retrying', 'late: 454 Throttling failure', null, '454 Throttling failure', '454 Throttling failure'],
  ['retrying', 'suppressed: hard', null, null, null],
  ['retrying', 'waits: warm-up', null, 'waits: warm-up', 'waits: warm-up'],
  ['sent', '250 ok', null, '250 ok', '250 ok'],
];

it('when a ledger of an older release is migrated, then each end has its reason, lists say what they said, and what was parked is', () =>
  onOlderRelease(REASONS, async (client, upgrade) => {
    for (const [state, words] of ROWS)
      await client.query(
        `INSERT INTO deliveries (kind, key, language, key_id, generation, state, last_reply, next_attempt_at, created_at)
         VALUES ('link', 'k', 'en', 1, 1, $1, $2, '2026-01-05', '2026-01-01')`,
        [state, words],
      );
    await client.query(
      "INSERT INTO deliveries (kind, key, language, key_id, generation, next_attempt_at, created_at) VALUES ('link', 'k', 'en', 1, 1, '9999-12-31T00:00:00Z', '2026-01-01')",
    );
    expect(await upgrade()).toContain(REASONS);
    const { rows } = await client.query<{ parked: boolean; late: boolean }>(
      `SELECT ARRAY[state::text, end_reason::text, last_reply, ${wordsAbout('d')}] AS row, parked, next_attempt_at > now() + interval '100 years' AS late
       FROM deliveries d ORDER BY id`,
    );
    const parked = { row: ['planned', null, null, null], parked: true, late: false };
    const expected = ROWS.map(([state, , reason, reply, said]) => ({
      row: [state, reason, reply, said],
      parked: false,
      late: false,
    }));
    expect(rows).toEqual([...expected, parked]);
  }));
