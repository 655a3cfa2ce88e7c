import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import {
  findOpenSignUp,
  renewSignUp,
  useRequest,
  type ConfirmationRequest,
} from '../db/subscribers/confirmation-requests.ts';
import { loadWishes } from '../db/subscribers/subscribers.ts';
import { wishKey, type Wish } from '../model/interest.ts';
import type { Schedule, Subscriber } from '../model/subscriber.ts';
import { CONFIRM_HOURS, keepQuestion } from './ask-address.ts';
import { applyWishes } from './preferences.ts';
import type { SignUp, Wishes } from './sign-up.ts';

/** What became of one press on «take this over». */
export type TakeOverOutcome =
  | { outcome: 'taken-over'; subscriber: Subscriber }
  | { outcome: 'newer' }
  | { outcome: 'already'; subscriber: Subscriber };

/**
 * Keeps what a reader asked for by filling in the form again, for as long as a confirmation link works; of several
 * forms the last. Returns the id that its link names; null where the form asks for nothing that they do not have.
 */
export async function keepOffer(ctx: Context, tx: Tx, reader: Subscriber, form: SignUp): Promise<string | null> {
  if (form.wishes.length === 0) return null; // a form that asks for nothing
  const held = await loadWishes(tx, reader.id);
  if (sameWishes(form.wishes, held) && sameSchedule(form.preferences, reader)) return null;
  const open = await findOpenSignUp(tx, reader.id, ctx.now());
  if (!open) return (await keepQuestion(ctx, tx, { subscriber: reader, email: reader.email, signUp: form })).publicId;
  const expiresAt = new Date(ctx.now().getTime() + CONFIRM_HOURS * 3_600_000);
  await renewSignUp(tx, open.id, { signUp: { wishes: form.wishes, preferences: form.preferences }, expiresAt });
  return open.publicId;
}

/** Returns the id of what a reader asked for again and has not taken over yet; null where nothing waits. */
export async function waitingOffer(ctx: Context, reader: Subscriber): Promise<string | null> {
  if (reader.status !== 'confirmed') return null;
  return (await findOpenSignUp(ctx.db, reader.id, ctx.now()))?.publicId ?? null;
}

/** Names what a question holds: another form, another name. */
export function shownAs({ signUp }: Pick<ConfirmationRequest, 'signUp'>): string {
  return createHash('sha256').update(JSON.stringify(signUp)).digest('hex').slice(0, 16);
}

/**
 * Puts what was asked for again in place of a confirmed reader's settings, unless it is not what they were shown.
 * Consent, links and pause stay as they are.
 */
export async function takeOver(
  ctx: Context,
  tx: Tx,
  reader: Subscriber,
  request: ConfirmationRequest,
  shown = '',
): Promise<TakeOverOutcome> {
  const asked = request.signUp as Wishes | null;
  if (!asked) return { outcome: 'already', subscriber: reader };
  if (shown !== '' && shown !== shownAs(request)) return { outcome: 'newer' };
  await useRequest(tx, request.id, ctx.now());
  await applyWishes(ctx, tx, reader, asked, 'reader');
  return { outcome: 'taken-over', subscriber: reader };
}

function sameWishes(asked: readonly Wish[], held: readonly Wish[]): boolean {
  const keysOf = (wishes: readonly Wish[]) =>
    wishes.map((wish) => `${wish.muted} ${wish.kind} ${wishKey(wish)}`).sort();
  return keysOf(asked).join('\n') === keysOf(held).join('\n');
}

function sameSchedule(asked: Schedule, held: Schedule): boolean {
  const { cadence, weekday, hour, timeZone } = asked;
  if (cadence !== held.cadence || hour !== held.hour || timeZone !== held.timeZone) return false;
  return cadence !== 'weekly' || weekday === held.weekday;
}
