import type { Tx } from '../client.ts';
import { filled, instant, int8, text, texts } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** A reader whom planning could not serve, and why. */
export interface SetAside {
  id: number;
  problem: string;
}

/** The readers that one problem keeps from being planned. */
export interface SetAsideGroup {
  problem: string;
  count: number;
  /** When the newest of them was set aside. */
  newestAt: Date;
  /** Public ids of some of them, newest first. */
  examples: string[];
}

/** How many readers of a problem are named. */
const EXAMPLES = 10;

const setAside = command(
  'set readers aside',
  (given: { now: Date; ids: number[]; problems: string[] }) => sql`
    UPDATE subscribers s SET planning_problem = x.problem, planning_problem_at = ${given.now}
    FROM unnest(${given.ids}::int[], ${given.problems}::text[]) AS x (id, problem)
    WHERE s.id = x.id AND s.planning_problem IS DISTINCT FROM x.problem`,
);

/** Notes why readers could not be planned. Whoever was set aside for the same reason before keeps the time of then. */
export async function setReadersAside(db: Tx, rows: readonly SetAside[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  await setAside(db, { now, ids: rows.map(({ id }) => id), problems: rows.map(({ problem }) => problem) });
}

const groups = query(
  'readers set aside',
  { problem: filled(text), count: int8, newestAt: instant, examples: texts },
  () => sql`
    SELECT planning_problem AS problem, count(*) AS count, max(planning_problem_at) AS "newestAt",
      (array_agg(public_id ORDER BY planning_problem_at DESC, id DESC))[1:${EXAMPLES}::int] AS examples
    FROM subscribers WHERE planning_problem IS NOT NULL AND status = 'confirmed'
    GROUP BY planning_problem ORDER BY count(*) DESC, planning_problem`,
);

/** Lists what keeps confirmed readers from being planned, most readers first. */
export async function listSetAside(db: Tx): Promise<SetAsideGroup[]> {
  const rows = await groups(db, {});
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}
