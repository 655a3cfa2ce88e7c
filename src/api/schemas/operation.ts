import { z } from 'zod';
import type { EditionSummary } from '../../db/newsletters/editions.ts';
import type { ListedAct } from '../../db/operator/acts-list.ts';
import type { RunRecord } from '../../db/operator/runs.ts';
import type { ListedInterest } from '../../db/interests/interest-list.ts';
import { MOST_COUNTED } from '../../db/interests/interest-list.ts';
import type { ListedSuppression } from '../../db/subscribers/suppressions.ts';
import { DELIVERY_STATES } from '../../model/delivery.ts';
import { actJson } from '../../operate/act-json.ts';
import { JOB_NAMES } from '../../model/job.ts';
import { maskedAddress, maskedText, maskedWithin } from '../../model/masked.ts';
import { address, instant, iso } from './common.ts';
import { answer, pageOf } from './named.ts';
import { INTEREST_KINDS } from './subscriber.ts';

/** A distinct interest. */
export const interest = answer(
  'Interest',
  z.object({
    id: z.int(),
    kind: z.enum(INTEREST_KINDS),
    key: z.string().describe('What readers asked for, as it is compared'),
    readers: z.int().describe(`Who wants it; of ${MOST_COUNTED} or more holders some are not counted`),
    mutedBy: z.int(),
    createdAt: instant,
  }),
);

/** A page of interests. */
export const interestPage = pageOf('InterestPage', interest);

/** An edition with its sums, as API and `editions list --json` tell of one. */
export const edition = answer(
  'Edition',
  z.object({
    edition: z.string().describe('Its key: daily:2025-12-31, weekly:2026-W01, welcome:1'),
    state: z.enum(['open', 'paused', 'cancelled']),
    createdAt: instant,
    counts: z
      .partialRecord(z.enum(DELIVERY_STATES), z.int())
      .describe('Mails by state; a state without any is left out'),
    waits: z.string().describe('Why some of it was set aside'),
  }),
);

/** A page of editions. */
export const editionPage = pageOf('EditionPage', edition);

/** What became of an act on an edition. */
export const editionAct = answer(
  'EditionAct',
  z.object({ edition: z.string(), outcome: z.enum(['done', 'already']), deliveries: z.int() }),
);

/** What a resend does, or would do. */
export const resendCounts = answer(
  'ResendCounts',
  z.object({
    again: z.int().describe('Mails that exist and go again'),
    shownSince: z.int().describe('Left out: their papers were in a later newsletter'),
    planned: z.int().describe('Newsletters for readers who missed the edition'),
    nothing: z.int().describe('Readers for whom there is no paper'),
    waiting: z.int().describe('Readers whose mail waits to go anyway'),
    setAside: z.int().optional(),
  }),
);

/** A suppressed address, as API and `suppress list --json` tell of one. */
export const suppression = answer(
  'Suppression',
  z.object({
    hash: z.string().describe('Keyed hash of the address, which is all that is kept of it'),
    email: address.nullable().describe('Where a reader holds it; masked without addresses:read'),
    reason: z.enum(['hard', 'complaint', 'manual', 'erased']),
    note: z.string().nullable(),
    at: instant,
  }),
);

/** A page of suppressions. */
export const suppressionPage = pageOf('SuppressionPage', suppression);

/** What became of an act on a suppression. */
export const suppressionAct = answer(
  'SuppressionAct',
  z.object({
    outcome: z.enum(['suppressed', 'already', 'lifted']),
    reason: suppression.shape.reason,
    cancelled: z.int(),
  }),
);

const snapshot = z.record(z.string(), z.unknown()).nullable();

/** An entry of the audit log. */
export const act = answer(
  'Act',
  z.object({
    id: z.string(),
    at: instant,
    actor: z.string().describe('`admin:…`, `token:…`, `reader`, `cli`, `job:…`'),
    action: z.string(),
    subject: z.string().nullable(),
    detail: z.unknown().describe('What the act noted; its parts depend on the action'),
    before: snapshot.describe('What it changed, as it stood before; null where that is not kept'),
    after: snapshot.describe('The same as it left it'),
    origin: z.string().nullable().describe('The network it was done from'),
    undoes: z.string().nullable().describe('The act that it takes back'),
    undoneBy: z.string().nullable().describe('The act that took it back'),
    partOf: z.string().nullable().describe('The act on many that it is a part of'),
    canBeTakenBack: z.boolean().describe('Whether it may have a way back'),
  }),
);

/** A page of the audit log. */
export const actPage = pageOf('ActPage', act);

/** What became of the wish to take an act back. */
export const takenBack = answer(
  'TakenBack',
  z.object({
    outcome: z.enum(['taken-back', 'job']),
    act: z.string().describe('The act that is taken back'),
    by: z.string().describe('The act that takes it back'),
  }),
);

/** One execution of a job. */
export const run = answer(
  'Run',
  z.object({
    id: z.int(),
    job: z.string(),
    startedAt: instant,
    finishedAt: instant.nullable(),
    outcome: z.enum(['running', 'done', 'failed']),
    counts: z.record(z.string(), z.number()).nullable(),
    error: z.string().nullable(),
  }),
);

/** A page of runs. */
export const runPage = pageOf('RunPage', run);

/** A job and its last run. */
export const job = answer('Job', z.object({ name: z.enum(JOB_NAMES), lastRun: run.nullable() }));

/** All jobs. */
export const jobPage = pageOf('JobPage', job);

/** A job that was woken. */
export const woken = answer('JobWoken', z.object({ job: z.enum(JOB_NAMES), outcome: z.literal('woken') }));

/** Tells of an interest. */
export function interestView({ id, kind, key, wanted, muted, createdAt }: ListedInterest): z.output<typeof interest> {
  return { id, kind, key, readers: wanted, mutedBy: muted, createdAt: createdAt.toISOString() };
}

/** Tells of an edition. */
export function editionView({ key, state, createdAt, counts, waits }: EditionSummary): z.output<typeof edition> {
  return { edition: key, state, createdAt: createdAt.toISOString(), counts, waits };
}

/** Tells of a suppression. */
export function suppressionView(row: ListedSuppression, seesAddresses: boolean): z.output<typeof suppression> {
  const { addressHash, email, reason, note, at } = row;
  const masked = <T extends string | null>(text: T, mask: (given: string) => string) =>
    text === null || seesAddresses ? text : mask(text);
  const hash = Buffer.from(addressHash).toString('hex');
  return {
    hash,
    email: masked(email, maskedAddress),
    reason,
    note: masked(note, (text) => maskedText(text)),
    at: at.toISOString(),
  };
}

/** Tells of an act; addresses are masked for who may not see them. */
export function actView(row: ListedAct, seesAddresses: boolean): z.output<typeof act> {
  const told = actJson(row);
  return seesAddresses ? told : (maskedWithin(told) as typeof told);
}

/** Tells of a run; addresses in the words of its failure are masked for who may not see them. */
export function runView({ startedAt, finishedAt, ...row }: RunRecord, seesAddresses: boolean): z.output<typeof run> {
  const { id, job, outcome, counts, error } = row;
  const told = error === null || seesAddresses ? error : maskedText(error);
  return { id, job, startedAt: startedAt.toISOString(), finishedAt: iso(finishedAt), outcome, counts, error: told };
}
