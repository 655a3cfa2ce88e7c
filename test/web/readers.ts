import type { TestContext } from '../support/context.ts';
import { links } from '../../src/links/links.ts';
import { confirm } from '../../src/subscribers/confirm.ts';
import { checkSignUp } from '../../src/subscribers/sign-up.ts';
import { subscribe } from '../../src/subscribers/subscribe.ts';

const VISITOR = { ip: '192.0.2.7', userAgent: 'test' };

/** Signs an address up as the form does; returns the path of the confirmation link that its mail holds. */
export async function signUp(ctx: TestContext, email: string, wishes: object = {}): Promise<string> {
  const topics = new Set((await ctx.db.topic.findMany()).map(({ slug }) => slug));
  const checked = checkSignUp({ email, ...wishes }, { topics, maxPapers: 10 });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  await subscribe(ctx, checked.value, VISITOR);
  return newestConfirmPath(ctx, email);
}

/** Builds the confirmation link of the newest question put to an address. */
export async function newestConfirmPath(ctx: TestContext, email: string): Promise<string> {
  const delivery = await ctx.db.delivery.findFirstOrThrow({
    where: { email, kind: 'confirmation' },
    orderBy: { id: 'desc' },
  });
  return links.confirm('', firstKey(ctx), delivery.key, delivery.generation);
}

/** A confirmed reader and the paths of their links. */
export interface TestReader {
  id: number;
  email: string;
  publicId: string;
  preferences: string;
  unsubscribe: string;
  react: string;
  feed: string;
}

/** Signs an address up and confirms it. */
export async function confirmedReader(ctx: TestContext, email: string, wishes: object = {}): Promise<TestReader> {
  const path = await signUp(ctx, email, wishes);
  const outcome = await confirm(ctx, path.replace('/confirm/', ''), VISITOR);
  if (outcome.outcome !== 'confirmed') throw new Error(outcome.outcome);
  const { id, publicId, generation } = outcome.subscriber;
  const key = firstKey(ctx);
  return {
    id,
    email,
    publicId,
    preferences: links.preferences('', key, publicId, generation),
    unsubscribe: links.unsubscribe('', key, publicId, generation),
    react: links.reader('', key, publicId, generation).react,
    feed: links.feed('', key, publicId, generation),
  };
}

/** Reads a reader's status. */
export async function statusOf(ctx: TestContext, email: string): Promise<string> {
  return (await ctx.db.subscriber.findUnique({ where: { email } }))?.status ?? 'gone';
}

function firstKey(ctx: TestContext) {
  const [key] = ctx.keys.link;
  if (!key) throw new Error('no key');
  return key;
}
