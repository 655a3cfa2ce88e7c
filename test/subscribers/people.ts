import { findSubscriberByEmail } from '../../src/db/subscribers/subscribers.ts';
import { signToken, type TokenPurpose } from '../../src/links/tokens.ts';
import { checkSignUp, type SignUp } from '../../src/subscribers/sign-up.ts';
import { confirm } from '../../src/subscribers/confirm.ts';
import { subscribe } from '../../src/subscribers/subscribe.ts';
import type { TestContext } from '../support/context.ts';
import type { Subscriber } from '../../src/model/subscriber.ts';

export const VISITOR = { ip: '192.0.2.7', userAgent: 'Mozilla/5.0 (test)' };

/** Checks a form as the web does; throws where it is malformed. */
export function form(email: string, fields: Record<string, unknown> = {}): SignUp {
  const checked = checkSignUp({ email, ...fields }, { topics: new Set(['robotics']), maxPapers: 10 });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.value;
}

/** The token of the newest confirmation mail planned for an address. */
export async function confirmToken(
  ctx: TestContext,
  email: string,
  purpose: TokenPurpose = 'confirm',
): Promise<string> {
  const delivery = await ctx.db.delivery.findFirstOrThrow({
    where: { email, kind: 'confirmation' },
    orderBy: { id: 'desc' },
    include: { request: true },
  });
  return signToken(ctx.keys.link[0]!, purpose, delivery.request?.publicId ?? '', delivery.generation);
}

/** Signs somebody up and confirms. */
export async function join(ctx: TestContext, email: string, fields: Record<string, unknown> = {}): Promise<Subscriber> {
  await subscribe(ctx, form(email, fields), VISITOR);
  const result = await confirm(ctx, await confirmToken(ctx, email), VISITOR, { latest: false });
  if (result.outcome !== 'confirmed') throw new Error(result.outcome);
  return result.subscriber;
}

/** Makes a link's token as the composer would. */
export function tokenFor(
  ctx: TestContext,
  purpose: TokenPurpose,
  reader: Pick<Subscriber, 'publicId' | 'generation'>,
): string {
  return signToken(ctx.keys.link[0]!, purpose, reader.publicId, reader.generation);
}

export async function reload(ctx: TestContext, email: string): Promise<Subscriber> {
  const found = await findSubscriberByEmail(ctx.db, email);
  if (!found) throw new Error(`${email} is gone`);
  return found;
}

/** The kinds and states of all mails to an address, oldest first. */
export async function mailsTo(ctx: TestContext, email: string): Promise<string[]> {
  const rows = await ctx.db.delivery.findMany({ where: { email }, orderBy: { id: 'asc' } });
  return rows.map(({ kind, state }) => `${kind} ${state}`);
}
