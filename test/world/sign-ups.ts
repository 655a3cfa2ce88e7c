import { findSubscriberByEmail } from '../../src/db/subscribers/subscribers.ts';
import { links } from '../../src/links/links.ts';
import { signToken, type TokenPurpose } from '../../src/links/tokens.ts';
import type { Subscriber } from '../../src/model/subscriber.ts';
import { confirm } from '../../src/subscribers/confirm.ts';
import { checkSignUp, type SignUp } from '../../src/subscribers/sign-up.ts';
import { subscribe } from '../../src/subscribers/subscribe.ts';
import type { TestContext } from '../support/context.ts';

/** Who asks, where a test does not care. */
export const VISITOR = { ip: '192.0.2.7', userAgent: 'Mozilla/5.0 (test)' };

/** Checks a form as the web does; throws where it is malformed. */
export function form(email: string, fields: object = {}, topics: Iterable<string> = ['robotics']): SignUp {
  const checked = checkSignUp({ email, ...fields }, { topics: new Set(topics), maxPapers: 10 });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.value;
}

/** Signs an address up as the form does; returns the path of the confirmation link that its mail holds. */
export async function signUp(ctx: TestContext, email: string, fields: object = {}): Promise<string> {
  const topics = (await ctx.db.topic.findMany()).map(({ slug }) => slug);
  await subscribe(ctx, form(email, fields, topics), VISITOR);
  return newestConfirmPath(ctx, email);
}

/** Builds the token of the newest question put to an address. */
export async function confirmToken(
  ctx: TestContext,
  email: string,
  purpose: TokenPurpose = 'confirm',
): Promise<string> {
  const delivery = await ctx.db.delivery.findFirstOrThrow({
    where: { email, kind: 'confirmation' },
    orderBy: { id: 'desc' },
  });
  return signToken(firstKey(ctx), purpose, delivery.key, delivery.generation);
}

/** Builds the confirmation link of the newest question put to an address. */
export async function newestConfirmPath(ctx: TestContext, email: string): Promise<string> {
  return `/confirm/${await confirmToken(ctx, email)}`;
}

/** A confirmed reader and the paths of their links. */
export type TestReader = Subscriber & ReturnType<typeof linksOf>;

/** Signs an address up and confirms it; with the welcome newsletter, as the button has it, unless declined. */
export async function confirmedReader(
  ctx: TestContext,
  email: string,
  fields: object = {},
  options: { latest?: boolean } = {},
): Promise<TestReader> {
  const path = await signUp(ctx, email, fields);
  const result = await confirm(ctx, path.replace('/confirm/', ''), VISITOR, options);
  if (result.outcome !== 'confirmed') throw new Error(result.outcome);
  return { ...result.subscriber, ...linksOf(ctx, result.subscriber) };
}

/** Builds the paths of a reader's links. */
export function linksOf(ctx: TestContext, { publicId, generation }: Pick<Subscriber, 'publicId' | 'generation'>) {
  const key = firstKey(ctx);
  return {
    preferences: links.preferences('', key, publicId, generation),
    unsubscribe: links.unsubscribe('', key, publicId, generation),
    react: links.reader('', key, publicId, generation).react,
    feed: links.feed('', key, publicId, generation),
  };
}

/** Makes a link's token as the composer would. */
export function tokenFor(
  ctx: TestContext,
  purpose: TokenPurpose,
  reader: Pick<Subscriber, 'publicId' | 'generation'>,
): string {
  return signToken(firstKey(ctx), purpose, reader.publicId, reader.generation);
}

/** Reads a reader again by address. */
export async function reload(ctx: TestContext, email: string): Promise<Subscriber> {
  const found = await findSubscriberByEmail(ctx.db, email);
  if (!found) throw new Error(`${email} is gone`);
  return found;
}

/** Reads a reader's status. */
export async function statusOf(ctx: TestContext, email: string): Promise<string> {
  return (await findSubscriberByEmail(ctx.db, email))?.status ?? 'gone';
}

/** Lists the kinds and states of all mails to an address, oldest first. */
export async function mailsTo(ctx: TestContext, email: string): Promise<string[]> {
  const rows = await ctx.db.delivery.findMany({ where: { email }, orderBy: { id: 'asc' } });
  return rows.map(({ kind, state }) => `${kind} ${state}`);
}

function firstKey(ctx: TestContext) {
  const [key] = ctx.keys.link;
  if (!key) throw new Error('no key');
  return key;
}
