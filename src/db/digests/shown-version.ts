import type { Tx } from '../client.ts';
import { text } from '../columns.ts';
import { query, sql } from '../statement.ts';

const version = query(
  'version of what is shown',
  { version: text },
  () => sql`
    SELECT concat_ws(' ',
      (SELECT concat_ws(' ', count(*), sum(hashtextextended(concat_ws(' ', id, capture_id, state, verdict, reasons), 0))) FROM digests),
      (SELECT max(id) FROM entries),
      (SELECT concat_ws(' ', count(*), count(*) FILTER (WHERE answered)) FROM source_days),
      (SELECT concat_ws(' ', count(*), max(withheld_at)) FROM papers WHERE withheld_at IS NOT NULL),
      (SELECT concat_ws(' ', count(*), max(changed_at)) FROM settings),
      (SELECT concat_ws(' ', count(*), sum(hashtextextended(concat_ws(' ', slug, retired, name, field, description), 0))) FROM topics)) AS version`,
);

/**
 * Names the state of everything that the public pages show: another text once a digest arrives, is refreshed by a
 * later capture, is held, released or discarded, once a paper is withheld or freed, once a source answers on a day,
 * once a setting is changed, or once the topics change. The texts of entries never change, so that their digests speak
 * for them.
 */
export async function shownVersion(db: Tx): Promise<string> {
  const [row] = await version(db, {});
  return row?.version ?? '';
}
