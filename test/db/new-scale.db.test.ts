import { expect, it } from 'vitest';
import { onOlderRelease } from '../support/older-release.ts';

const MIGRATION = '20261128210002_wait_for_scores_on_the_new_scale';

it('when an older release has compared interests, then they wait to be compared anew, and what newsletters name stays', () =>
  onOlderRelease(MIGRATION, async (client, upgrade) => {
    await client.query(`
      INSERT INTO papers (public_id, title, abstract, authors, created_at, arrived_at)
      VALUES ('paper', 'A study', 'Of rivers.', '{}', '2026-01-01', '2026-01-01');
      INSERT INTO interests (kind, key, matcher_version, created_at)
      VALUES ('words', 'rivers', 3, '2026-01-01'), ('words', 'new', NULL, '2026-01-01');
      INSERT INTO matches (interest_id, paper_id, matcher_version, score, reasons)
      SELECT i.id, p.id, 3, 0.3, '[]' FROM interests i, papers p WHERE i.key = 'rivers'`);
    expect(await upgrade()).toContain(MIGRATION);
    const { rows } = await client.query(`
      SELECT i.key, i.matcher_version, (SELECT count(*)::int FROM matches m WHERE m.interest_id = i.id) AS matches
      FROM interests i ORDER BY i.id`);
    expect(rows).toEqual([
      { key: 'rivers', matcher_version: null, matches: 1 },
      { key: 'new', matcher_version: null, matches: 0 },
    ]);
  }));
