import type { Context } from '../../context.ts';
import { listDigests, type DigestSummary } from '../../db/digests/digests.ts';
import { countLetters } from '../../db/feedback/letters.ts';
import { countUncertain } from '../../db/ledger/uncertain.ts';
import { pausedEditions } from '../../db/newsletters/running.ts';
import { failingJobs } from '../../db/operator/runs.ts';
import { lookAtCircuits } from '../../db/sending/circuit.ts';
import { findHold, type SendingHold } from '../../db/sending/holds.ts';
import { listSetAside } from '../../db/subscribers/set-aside.ts';
import type { Said } from '../../lib/errors.ts';
import type { SourceReport } from '../report-sources.ts';
import { lookAtBackups, type BackupTrouble } from './look-at-backups.ts';

/** Something that waits for a human, and what is known of it. */
export type Need =
  | { kind: 'stopped'; relay: string; problem: string; since: Date }
  | { kind: 'uncertain'; edition: string | null; count: number }
  | { kind: 'held'; id: number; source: string; on: string; reasons: string[]; why: Said[] | null }
  | {
      kind: 'failing' | 'silent';
      source: string;
      since: Date | null;
      problem: string;
      said: Said | null;
      weekdays: number;
    }
  | { kind: 'job'; job: string; failures: number; since: Date; error: string }
  | { kind: 'aside'; problem: string; count: number; examples: string[] }
  | { kind: 'paused'; edition: string; waiting: number }
  | { kind: 'onHold'; why: SendingHold['kind']; reason: string; since: Date }
  | ({ kind: 'backup' } & BackupTrouble)
  | { kind: 'letters'; count: number; since: Date | null };

/** Held digests that are older than these are history. */
const HELD = 10;

/** Lists what waits for a human, what keeps most people from their mail first. */
export async function listNeeds(
  ctx: Pick<Context, 'db' | 'config' | 'now'>,
  sources: readonly SourceReport[],
): Promise<Need[]> {
  const { db } = ctx;
  const [circuits, uncertain, held, jobs, aside, paused, letters, hold, backup] = await Promise.all([
    lookAtCircuits(db, ctx.config.SMTP_URL),
    countUncertain(db, ctx.now()),
    listDigests(db, { limit: HELD, states: ['held'] }),
    failingJobs(db, ctx.now()),
    listSetAside(db),
    pausedEditions(db),
    countLetters(db),
    findHold(db),
    lookAtBackups(ctx),
  ]);
  return [
    ...(hold ? [{ kind: 'onHold', why: hold.kind, reason: hold.reason, since: hold.heldAt } as const] : []),
    ...circuits.map(({ name, problem, openedAt }): Need => ({
      kind: 'stopped',
      relay: name,
      problem,
      since: openedAt,
    })),
    ...uncertain.map((row): Need => ({ kind: 'uncertain', ...row })),
    ...held.rows.map(heldNeed),
    ...sources.flatMap(troubleOf),
    ...jobs.map(({ job, failures, since, error }): Need => ({ kind: 'job', job, failures, since, error })),
    ...aside.map(({ problem, count, examples }): Need => ({ kind: 'aside', problem, count, examples })),
    ...paused.map((row): Need => ({ kind: 'paused', ...row })),
    ...(backup ? [{ kind: 'backup', ...backup } as const] : []),
    ...(letters.count > 0 ? [{ kind: 'letters', ...letters } as const] : []),
  ];
}

function heldNeed({ id, source, digestOn: on, reasons, why }: DigestSummary): Need {
  return { kind: 'held', id, source, on, reasons, why };
}

function troubleOf({ source, state, record, quietWeekdays }: SourceReport): Need[] {
  if (state !== 'failing' && state !== 'silent') return [];
  const since = (state === 'failing' ? record?.failingSince : record?.lastNewAt) ?? null;
  return [
    { kind: state, source, since, problem: record?.failure ?? '', said: record?.said ?? null, weekdays: quietWeekdays },
  ];
}
