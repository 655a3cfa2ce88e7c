import { readdirSync, readFileSync } from 'node:fs';

/** What the machine has done so far, in milliseconds of processor time (Linux; null elsewhere). */
export interface MachineTime {
  idle: number;
  all: number;
  /** Of each process of PostgreSQL, with those of its children that ended. */
  postgres: ReadonlyMap<string, number>;
}

/** A tick of the kernel's counters (USER_HZ), in milliseconds. */
const TICK_MS = 10;

/** Reads the processors' counters and those of PostgreSQL's processes. */
export function machineTime(): MachineTime | null {
  try {
    const fields = readFileSync('/proc/stat', 'latin1').split('\n')[0]?.trim().split(/\s+/).slice(1).map(Number) ?? [];
    const postgres = new Map(
      readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => [pid, ticksOfPostgres(pid) * TICK_MS] as const)
        .filter(([, ms]) => ms > 0),
    );
    // The first eight are disjoint; the rest counts guests, which are in the first.
    const all = fields.slice(0, 8).reduce((sum, value) => sum + value, 0);
    return {
      idle: ((fields[3] ?? 0) + (fields[4] ?? 0)) * TICK_MS,
      all: all * TICK_MS,
      postgres,
    };
  } catch {
    return null;
  }
}

/**
 * Returns what PostgreSQL's processes took between two looks; one that ended in between is in its parent's sum, a whole
 * server is in none.
 */
export function postgresMsBetween(before: MachineTime, after: MachineTime): number {
  let sum = 0;
  for (const [pid, ms] of after.postgres) sum += ms - (before.postgres.get(pid) ?? 0);
  return sum;
}

/** utime, stime, and both of the children that were waited for (proc(5)). */
function ticksOfPostgres(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    if (!stat.includes('(postgres)')) return 0;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
  } catch {
    return 0; // it has ended
  }
}
