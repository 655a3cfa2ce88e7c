import type { z } from 'zod';
import type { Context } from '../context.ts';
import { listTopics } from '../db/interests/topics.ts';
import { findListedSubscriber, type ListedSubscriber } from '../db/subscribers/list.ts';
import { findSubscriberByEmail } from '../db/subscribers/subscribers.ts';
import type { Actor } from '../model/actor.ts';
import type { FieldProblem } from '../subscribers/checked.ts';
import { importRows } from '../subscribers/import-rows.ts';
import { unreadExpected } from '../subscribers/like-wish.ts';
import { checkSignUp, type SignUp, type SignUpSettings, type Wishes } from '../subscribers/sign-up.ts';
import { subscribe } from '../subscribers/subscribe.ts';
import { pointerTo, TOLD } from './check.ts';
import { ApiProblem, type PartProblem } from './problem.ts';
import type { subscriberGiven } from './schemas/subscriber-changes.ts';

/** Who was signed up: confirmed by evidence, or asked; null where nothing may be sent to the address. */
export type Added =
  | { outcome: 'confirmed'; reader: ListedSubscriber }
  | { outcome: 'accepted'; reader: ListedSubscriber | null };

/** Signs somebody up: by evidence as an import would, else by asking them. Throws 422 and 409. */
export async function addReader(ctx: Context, given: z.output<typeof subscriberGiven>, by: Actor): Promise<Added> {
  const { consent, ...form } = given;
  const checked = checkSignUp(form, await signUpSettings(ctx));
  if (!checked.ok) throw unusable(checked.problems);
  refuseUnread(checked.value);
  if (consent) return { outcome: 'confirmed', reader: await admit(ctx, checked.value, consent, by) };
  await subscribe(ctx, checked.value, { ip: null, userAgent: null }, { source: by, by });
  return { outcome: 'accepted', reader: await readerAt(ctx, checked.value.email) };
}

/** What this installation takes. */
export async function signUpSettings({ db, config }: Context): Promise<SignUpSettings> {
  const topics = new Set((await listTopics(db)).map(({ slug }) => slug));
  return { topics, maxPapers: config.MAX_PAPERS, disposableDomains: config.DISPOSABLE_DOMAINS };
}

/** Says what of a form cannot be used, by JSON pointers. */
export function unusable(
  problems: readonly FieldProblem[],
  place: (field: string) => string = (field) => pointerTo(field.split('.')),
): ApiProblem {
  const errors: PartProblem[] = problems.slice(0, TOLD).map(({ field, expected }) => ({
    detail: expected,
    pointer: field === 'form' ? '#' : place(field),
  }));
  return new ApiProblem(422, 'The body cannot be used', { errors });
}

/** Refuses papers given as examples of which some could not be read: no program would see that they are left out. */
export function refuseUnread({ unread }: Pick<Wishes, 'unread'>, pointer = pointerTo(['like'])): void {
  if (!unread) return;
  const errors = unread.lines.slice(0, TOLD).map((one) => ({ detail: unreadExpected(one), pointer }));
  throw new ApiProblem(422, 'Some of the papers cannot be read', { errors });
}

async function admit(
  ctx: Context,
  signUp: SignUp,
  consent: { at: string; source: string },
  by: Actor,
): Promise<ListedSubscriber> {
  const at = new Date(consent.at);
  if (at > ctx.now()) throw unusable([{ field: 'consent.at', expected: 'expected a past moment' }]);
  const evidence = { at, source: consent.source };
  const row = { ...signUp, line: 1, status: 'confirmed', consent: evidence } as const;
  const { rejected } = await importRows(ctx, [row], { actor: by, source: by });
  if (rejected[0]) throw new ApiProblem(409, rejected[0].reason);
  const reader = await readerAt(ctx, signUp.email);
  if (!reader) throw new ApiProblem(409, 'Erased at this very moment');
  return reader;
}

async function readerAt({ db }: Context, email: string): Promise<ListedSubscriber | null> {
  const found = await findSubscriberByEmail(db, email);
  return found && findListedSubscriber(db, found.publicId);
}
