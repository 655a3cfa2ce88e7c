import { z } from 'zod';
import type { Errand } from '../../db/operator/errands.ts';
import type { Undoing } from '../../db/operator/undoings.ts';
import { maskedText } from '../../model/masked.ts';
import { instant, iso } from './common.ts';
import { answer, pageOf } from './named.ts';

/** Long work that somebody asked for. */
export const errand = answer(
  'Errand',
  z.object({
    id: z.int(),
    kind: z
      .string()
      .describe('What it does, as the audit log calls it: readers.import, edition.resend, undo.readers.pause'),
    state: z.enum(['draft', 'waiting', 'running', 'done', 'failed', 'stopped']),
    done: z.int().describe('How many are dealt with'),
    total: z.int().nullable().describe('Of how many, where that is known'),
    counts: z.record(z.string(), z.number()).describe('What became of them'),
    act: z.string().nullable().describe('Its entry in the audit log, where it has one from the start'),
    actor: z.string(),
    takenBack: z
      .object({
        act: z.string().describe('The entry of the audit log that took it back'),
        at: instant,
        actor: z.string(),
      })
      .nullable()
      .describe('That it was taken back, by whom and when; its state tells how it ended before'),
    error: z.string().nullable(),
    createdAt: instant,
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
  }),
);

/** A page of errands. */
export const errandPage = pageOf('ErrandPage', errand);

/** Tells of an errand; addresses are masked for who may not see them. */
export function errandView(row: Errand, seesAddresses: boolean, undoing?: Undoing): z.output<typeof errand> {
  const { id, kind, state, done, total, counts, actId, actor, error } = row;
  const told = (text: string) => (seesAddresses ? text : maskedText(text));
  return {
    ...{ id, kind, state, done, total, counts, actor: told(actor), error: error === null ? null : told(error) },
    act: actId === null ? null : String(actId),
    takenBack: undoing ? { act: String(undoing.act), at: undoing.at.toISOString(), actor: told(undoing.actor) } : null,
    createdAt: row.createdAt.toISOString(),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
  };
}
