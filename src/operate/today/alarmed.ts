import { listOpenAlarms } from '../../db/operator/open-alarms.ts';
import type { Context } from '../../context.ts';
import type { AlarmCode } from '../alarms/codes.ts';

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
  kind: 'alarmed';
  code: (typeof ALARMED)[number];
  /** The machine, process or door, where there may be several; else ''. */
  about: string;
  since: Date;
  /** What happened, in English as all alarms. */
  problem: string;
}

/**
 * Lists the open alarms that none of the needs tells of. They are no needs themselves: out of those come the alarms,
 * and one that came out of itself would never end. Of backups a process that has BACKUP_DIR knows by itself, before the
 * alarm is over.
 */
export async function listAlarmed({ db, config }: Pick<Context, 'db' | 'config'>): Promise<Alarmed[]> {
  const isTold = (code: string) => code === 'backup' && config.BACKUP_DIR !== undefined;
  const alarms = await listOpenAlarms(db);
  return alarms.flatMap(({ key, code: name, subject: problem, openedAt: since }): Alarmed[] => {
    const code = ALARMED.find((one) => one === name);
    if (!code || isTold(code)) return [];
    return [{ kind: 'alarmed', code, about: key.slice(code.length + 1), since, problem }];
  });
}
