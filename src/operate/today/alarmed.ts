import { listOpenAlarms } from '../../db/operator/open-alarms.ts';
import type { Tx } from '../../db/client.ts';
import type { AlarmCode } from '../alarms/codes.ts';
import type { Need } from './needs.ts';

/**
 * Alarms that are no need beside: they are seen by whoever watches, some on one machine alone, and backups by the
 * processes that have BACKUP_DIR.
 */
export const ALARMED = [
  ...(['journal-fails', 'disk-low', 'readers-late', 'clock-off'] as const),
  ...(['process-lost', 'no-digest', 'bounces-silent', 'backup'] as const),
] as const satisfies readonly AlarmCode[];

/** An open alarm that no need tells of. */
export interface Alarmed {
  kind: 'alarm';
  code: (typeof ALARMED)[number];
  /** The machine, process or door, where there may be several; else ''. */
  about: string;
  since: Date;
  /** What happened, in English as all alarms. */
  problem: string;
}

/**
 * Lists the open alarms that none of the needs tells of. They are no needs themselves: out of those come the alarms,
 * and one that came out of itself would never end.
 */
export async function listAlarmed(db: Tx, needs: readonly Need[]): Promise<Alarmed[]> {
  const isTold = (code: string) => code === 'backup' && needs.some(({ kind }) => kind === 'backup');
  const alarms = await listOpenAlarms(db);
  return alarms.flatMap(({ key, code: name, subject: problem, openedAt: since }): Alarmed[] => {
    const code = ALARMED.find((one) => one === name);
    if (!code || isTold(code)) return [];
    return [{ kind: 'alarm', code, about: key.slice(code.length + 1), since, problem }];
  });
}
