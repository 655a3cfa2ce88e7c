import { dateInWords } from '../../compose/text/dates.ts';
import { displayAddress } from '../../model/address.ts';
import type { Effect, FeedbackKind, RefusalTopic, Standing } from '../../model/feedback.ts';
import { MOST_HALF_POINTS } from '../../standing/policy.ts';
import type { Saying } from '../saying.ts';

/** What is told of an event in words. */
interface Told {
  kind: FeedbackKind;
  about: RefusalTopic | null;
  effect: Effect | null;
}

/** Says what came back: «The mailbox did not take this mail: it is full, busy or closed.» */
export function whatText({ words }: Saying, { kind, about }: Told): string {
  return words(`admin.feedback.what.${kind}`, { about: about ?? 'none' });
}

/** Says what followed: «Nothing more is sent to this address.» */
export function thenText({ words }: Saying, { effect }: Told): string {
  return words(`admin.feedback.then.${effect ?? 'waits'}`);
}

/** Says of whom an event speaks, as far as anybody knows. */
export function addressText(email: string | null): string {
  return email === null ? '–' : displayAddress(email);
}

/** Says how an address stands, a sentence each; none where nothing is held against it. `now` where that is now. */
export function standingLines(say: Saying, standing: Standing | null, now: Date | null = null): string[] {
  if (standing === null) return [];
  const { doubtedAt, restUntil, halfPoints, refusedAt } = standing;
  const day = (at: Date) => dateInWords(at.toISOString().slice(0, 10), say.language, 'medium');
  return [
    ...(doubtedAt && restUntil
      ? [
          say.words('admin.standing.doubt', {
            since: day(doubtedAt),
            until: day(restUntil),
            rests: now && restUntil <= now ? 'no' : 'yes',
          }),
        ]
      : []),
    ...(halfPoints > 0 && refusedAt
      ? [say.words('admin.standing.mailbox', { n: halfPoints, last: day(refusedAt), most: MOST_HALF_POINTS })]
      : []),
  ];
}

/** Says how an address, its suppression and its reader stood, as an event keeps it. */
export function stateLines(say: Saying, state: Readonly<Record<string, unknown>>): string[] {
  const standing = state['standing'] as { [Name in keyof Standing]: unknown } | null | undefined;
  const suppression = state['suppression'] as { reason: string; note: string | null } | null | undefined;
  const reader = state['reader'] as { status?: unknown } | undefined;
  const lines = [
    ...standingLines(say, standing ? standingIn(standing) : null),
    ...(suppression ? [suppressedText(say, suppression)] : []),
    ...(typeof reader?.status === 'string' ? [say.words('admin.standing.reader', { status: reader.status })] : []),
  ];
  return lines.length > 0 ? lines : [say.words('admin.standing.good')];
}

function suppressedText({ words }: Saying, { reason, note }: { reason: string; note: string | null }): string {
  return words('admin.standing.suppressed', {
    reason: words(`admin.suppressions.reason.${reason}`),
    note: note ?? 'none',
  });
}

function standingIn(kept: { [Name in keyof Standing]: unknown }): Standing {
  const at = (value: unknown) => (typeof value === 'string' ? new Date(value) : null);
  const { doubtedAt, restUntil, refusedAt } = kept;
  return {
    doubtedAt: at(doubtedAt),
    restUntil: at(restUntil),
    halfPoints: Number(kept.halfPoints),
    refusedAt: at(refusedAt),
  };
}
