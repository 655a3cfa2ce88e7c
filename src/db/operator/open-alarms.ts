import type { Tx } from '../client.ts';

/** Something that is wrong and was seen by a process that watches. */
export interface OpenAlarm {
  key: string;
  code: string;
  subject: string;
  lines: string[];
  openedAt: Date;
  /** When somebody was last told; null: nobody could be yet. */
  toldAt: Date | null;
}

/** Most that are listed. */
const MOST = 100;

/** Lists what is wrong, oldest first. */
export function listOpenAlarms(db: Tx): Promise<OpenAlarm[]> {
  const select = { key: true, code: true, subject: true, lines: true, openedAt: true, toldAt: true } as const;
  return db.alarm.findMany({ where: { overAt: null }, orderBy: { openedAt: 'asc' }, take: MOST, select });
}
