import { z } from 'zod';
import { COUNTED } from '../../db/subscribers/next-slot.ts';
import { ALARM_CODES, pageOf, type AlarmCode } from '../../operate/alarms/codes.ts';
import type { Status } from '../../operate/status.ts';
import { instant, iso } from './common.ts';

/** How the service stands, as `status --json` tells it. */
export const statusAnswer = z.object({
  at: instant,
  processes: z.array(
    z.object({
      ...{ kind: z.string(), version: z.string(), host: z.string(), pid: z.int(), startedAt: instant },
      seenSecondsAgo: z.number().describe('By the database’s clock'),
      lost: z.boolean().describe('It was killed, or hangs'),
    }),
  ),
  relays: z.array(z.object({ name: z.string(), problem: z.string().nullable(), perMinute: z.int().nullable() })),
  mailsPerMinute: z.number().describe('Over the last five minutes'),
  running: z.array(
    z.object({
      edition: z.string(),
      sent: z.int().describe('Of a welcome, which never ends: in all years'),
      ...{ waiting: z.int(), minutesLeft: z.int().nullable() },
    }),
  ),
  next: z
    .object({
      at: instant,
      readers: z.int().describe(`How many have it; ${COUNTED + 1} stands for that many or more`),
    })
    .nullable(),
  readers: z.object({ pending: z.int(), confirmed: z.int(), unsubscribed: z.int() }),
  lastDigest: z.object({ source: z.string(), on: z.iso.date(), arrivedAt: instant }).nullable(),
  lastBackupAt: instant.nullable(),
  openAlarms: z.array(
    z.object({ code: z.string(), subject: z.string(), openedAt: instant, toldAt: instant.nullable() }),
  ),
  needs: z.array(
    z.object({
      code: z.enum(ALARM_CODES),
      happened: z.string(),
      does: z.string().describe('What Offprint does about it by itself'),
      type: z.string().describe('A command that helps'),
      page: z.string(),
    }),
  ),
});

/** Tells how the service stands. */
export function statusView(status: Status): z.output<typeof statusAnswer> {
  const { at, processes, relays, perMinute, running, next, readers, digest, backupAt, alarms, needs } = status;
  return {
    at: at.toISOString(),
    processes: processes.map(({ kind, version, host, pid, startedAt, seconds, lost }) => ({
      ...{ kind, version, host, pid, startedAt: startedAt.toISOString(), lost },
      seenSecondsAgo: Math.round(seconds),
    })),
    relays: relays.map(({ name, problem, perMinute: limit }) => ({ name, problem, perMinute: limit })),
    mailsPerMinute: perMinute,
    running: running.map(({ key, sent, waiting, minutesLeft }) => ({ edition: key, sent, waiting, minutesLeft })),
    next: next && { at: next.at.toISOString(), readers: next.readers },
    readers,
    lastDigest: digest && { source: digest.source, on: digest.digestOn, arrivedAt: digest.arrivedAt.toISOString() },
    lastBackupAt: iso(backupAt),
    openAlarms: alarms.map(({ code, subject, openedAt, toldAt }) => ({
      ...{ code, subject, openedAt: openedAt.toISOString(), toldAt: iso(toldAt) },
    })),
    needs: needs.map(({ code, happened, does, type }) => ({
      code,
      happened,
      does,
      type,
      page: pageOf(code satisfies AlarmCode),
    })),
  };
}
