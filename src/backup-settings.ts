import { z } from 'zod';

/** How many backups are kept: the newest of so many days, weeks and months. */
export interface Keep {
  days: number;
  weeks: number;
  months: number;
}

const KEEP = /^(\d+)d,(\d+)w,(\d+)m$/;

function readKeep(text: string, context: z.RefinementCtx): Keep {
  const [, days = '', weeks = '', months = ''] = KEEP.exec(text.replaceAll(' ', '')) ?? [];
  if (days !== '') return { days: Number(days), weeks: Number(weeks), months: Number(months) };
  context.addIssue({ code: 'custom', message: 'expected days, weeks and months: 7d,4w,6m' });
  return z.NEVER;
}

function readTime(text: string, context: z.RefinementCtx): { hour: number; minute: number } {
  const [, hour = '', minute = ''] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  if (hour !== '') return { hour: Number(hour), minute: Number(minute) };
  context.addIssue({ code: 'custom', message: 'expected a time of day (UTC): 03:30' });
  return z.NEVER;
}

/** The settings of backups that are taken by themselves. */
export const backupSettings = {
  BACKUP_DIR: z
    .string()
    .trim()
    .transform((text) => text || undefined)
    .optional(),
  BACKUP_AT: z.string().default('03:30').transform(readTime),
  BACKUP_KEEP: z.string().default('7d,4w,6m').transform(readKeep),
};
