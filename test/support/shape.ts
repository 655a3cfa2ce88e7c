import type pg from 'pg';

const SHAPE_SQL = `
SELECT indexdef AS what FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), CASE WHEN NOT convalidated THEN 'unproven' END)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL SELECT concat_ws(' ', pg_get_triggerdef(oid), CASE tgenabled WHEN 'O' THEN NULL ELSE 'switched off' END) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT concat_ws(' ', 'TABLE', oid::regclass, CASE relpersistence WHEN 'p' THEN NULL ELSE 'unlogged' END)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
ORDER BY 1`;

/** Lists what keeps the rows of a database in order: its tables, indexes, constraints and triggers, a line each. */
export async function shapeOf(client: pg.ClientBase): Promise<string[]> {
  return (await client.query<{ what: string }>(SHAPE_SQL)).rows.map(({ what }) => what);
}

/** Throws an Error that names what is missing or new where a shape is no longer what it was. */
export function refuseOtherShape(before: readonly string[], after: readonly string[]): void {
  const lost = before.filter((what) => !after.includes(what));
  const added = after.filter((what) => !before.includes(what));
  if (lost.length + added.length === 0) return;
  const lines = [...lost.map((what) => `- ${what}`), ...added.map((what) => `+ ${what}`)];
  throw new Error(`The database is not in the shape that migrations give it:\n${lines.join('\n')}`);
}
