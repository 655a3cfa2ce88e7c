import type pg from 'pg';

/** A node of a plan as PostgreSQL tells it. */
interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: Plan[];
}

/** How a statement was really run. */
export interface Explained {
  /** Rows that scans looked at, by table. */
  rowsRead: ReadonlyMap<string, number>;
  /** Blocks it looked at. */
  blocks: number;
}

type Value = string | number | Date | null | (string | number | boolean | null)[];

/** Runs a statement, planned for its values or once for all values, says how, and takes it back. */
export async function explain(
  pool: pg.Pool,
  sql: string,
  values: readonly Value[],
  planned: 'custom' | 'generic' = 'custom',
): Promise<Explained> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL plan_cache_mode = force_${planned}_plan`);
    await client.query(`PREPARE explained AS ${sql}`);
    const call = values.length > 0 ? `explained(${values.map(literal).join(', ')})` : 'explained';
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE ${call}`,
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    if (!plan) throw new Error('no plan');
    const rowsRead = new Map<string, number>();
    countRows(plan, rowsRead);
    return {
      rowsRead,
      blocks: (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0),
    };
  } finally {
    await client.query('ROLLBACK');
    await client.query('DEALLOCATE ALL');
    client.release();
  }
}

function countRows(plan: Plan, counts: Map<string, number>): void {
  const table = plan['Relation Name'];
  if (table !== undefined && plan['Node Type'].endsWith('Scan')) {
    const rows = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];
    counts.set(table, (counts.get(table) ?? 0) + rows);
  }
  for (const child of plan.Plans ?? []) countRows(child, counts);
}

function literal(value: Value): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return `'{${value.map((one) => String(one ?? 'NULL')).join(',')}}'`;
  return `'${value instanceof Date ? value.toISOString() : String(value)}'`;
}
