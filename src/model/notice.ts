import { z } from 'zod';
import type { NoticeKind } from './mail-kind.ts';
import { ROLES } from './role.ts';
import { SAMPLE, type Sample } from './sample.ts';

const of = <K extends NoticeKind, P extends z.ZodType>(kind: K, payload: P) =>
  z.strictObject({ kind: z.literal(kind), payload });

/** What the ledger keeps of a notice beyond its row, by kind. Strict: what is no part of a kind is a mistake. */
const NOTICE = z.discriminatedUnion('kind', [
  // `moves`: the address is asked whether a reader of ours may move to it.
  of('confirmation', z.strictObject({ moves: z.literal(true) }).nullable()),
  // `until`: how long the link still works, and in which zone the reader lives.
  of('reminder', z.strictObject({ until: z.iso.datetime(), timeZone: z.string() }).nullable()),
  // `offer`: the question that holds what a reader asked for by filling in the form again.
  of('link', z.strictObject({ offer: z.string() }).nullable()),
  of('moving', z.null()),
  of('alarm', z.strictObject({ subject: z.string(), lines: z.array(z.string()) })),
  // `link`: the public id that the link names; of the link itself nothing is kept but its hash.
  of('sign_in', z.strictObject({ link: z.string() })),
  of('new_sign_in', z.strictObject({ browser: z.string(), network: z.string() })),
  of('invitation', z.strictObject({ link: z.string(), role: z.enum(ROLES), by: z.string() })),
  of('test', z.strictObject({ sample: SAMPLE })),
]);

/** A mail that is no newsletter: its kind, and what it says beyond that. */
export type Notice = z.infer<typeof NOTICE>;

/** Reads a notice from what the ledger keeps of it, or is about to; throws where the payload is not one of its kind. */
export function readNotice(kind: NoticeKind, payload: unknown): Notice {
  return NOTICE.parse({ kind, payload });
}

/** Returns the newsletter that a notice shows; null where it shows none. */
export function sampleIn({ payload }: Notice): Sample | null {
  return payload && 'sample' in payload ? payload.sample : null;
}
