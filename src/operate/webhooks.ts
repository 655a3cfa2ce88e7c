import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import * as endpoints from '../db/hooks/endpoints.ts';
import { replayFailed, replayMessage, writeMessageTo } from '../db/hooks/messages.ts';
import { recordAct } from '../db/operator/audit.ts';
import { secretOf } from '../hooks/secrets.ts';
import { AppError } from '../lib/errors.ts';
import { isPublicHost } from '../lib/public-address.ts';
import { newPublicId } from '../lib/public-id.ts';
import type { ActName } from '../model/act-names.ts';
import type { Actor } from '../model/actor.ts';
import { HOOK_EVENTS, isHookEvent, TEST_EVENT } from '../model/hook.ts';
import { OFF_BY_HAND } from '../model/why-off.ts';

type Endpoint = endpoints.HookEndpoint;

/** What an act on an endpoint came to; the secret where there is a new one. */
export type HookOutcome = { outcome: 'done'; secret?: string } | { outcome: 'unchanged' } | { outcome: 'unknown' };

const DAY_MS = 86_400_000;

/**
 * Adds an endpoint that is told of some events, all where none is named. Its secret is for the receiver to check
 * signatures with. Throws AppError bad-input where URL or events cannot be used.
 */
export async function addWebhook(
  ctx: Context,
  { url, events }: { url: string; events: readonly string[] },
  by: Actor,
): Promise<{ endpoint: Endpoint; secret: string }> {
  const address = checkedUrl(ctx, url);
  const unknown = events.find((event) => !isHookEvent(event))?.slice(0, 60);
  const known = Object.keys(HOOK_EVENTS);
  if (unknown !== undefined)
    throw new AppError('bad-input', `«${unknown}» is no event: expected some of ${known.join(', ')}`, {
      said: { name: 'webhook.event', values: { given: unknown, known: known.join(', ') } },
    });
  const wanted = events.length === 0 ? known : [...new Set(events)].sort();
  const now = ctx.now();
  const endpoint = await transaction(ctx.db, async (tx) => {
    const row = { publicId: newPublicId(), url: address, events: wanted, createdAt: now };
    const made = await endpoints.createEndpoint(tx, row);
    const detail = { host: new URL(address).host, events: wanted };
    await recordAct(tx, { at: now, actor: by, action: 'webhook.add', subject: made.publicId, detail });
    return made;
  });
  return { endpoint, secret: secretOf(ctx.keys, endpoint.publicId, endpoint.generation) };
}

/** Makes a new secret; for a day the one before signs too. */
export function rotateWebhook(ctx: Context, publicId: string, by: Actor): Promise<HookOutcome> {
  return act(ctx, publicId, 'webhook.rotate', by, async (tx, now) => {
    const rotated = await endpoints.rotateEndpoint(tx, publicId, now);
    return rotated ? { outcome: 'done', secret: secretOf(ctx.keys, publicId, rotated.generation) } : UNKNOWN;
  });
}

/** Sends nothing more to an endpoint until it is switched on again; what happens meanwhile is not kept for it. */
export function switchWebhookOff(ctx: Context, publicId: string, by: Actor): Promise<HookOutcome> {
  return act(ctx, publicId, 'webhook.off', by, async (tx, now) =>
    done(await endpoints.switchOff(tx, publicId, OFF_BY_HAND, now)),
  );
}

/** Sends to an endpoint again; what waited when it was switched off is due at once. */
export function switchWebhookOn(ctx: Context, publicId: string, by: Actor): Promise<HookOutcome> {
  return act(ctx, publicId, 'webhook.on', by, async (tx) => done(await endpoints.switchOn(tx, publicId)));
}

/** Deletes an endpoint with its log. */
export function removeWebhook(ctx: Context, publicId: string, by: Actor): Promise<HookOutcome> {
  return act(ctx, publicId, 'webhook.remove', by, async (tx) => done(await endpoints.deleteEndpoint(tx, publicId)));
}

/** Sends an endpoint a message that says nothing, to see whether it is taken. */
export function testWebhook(ctx: Context, publicId: string, by: Actor): Promise<HookOutcome> {
  return act(ctx, publicId, 'webhook.test', by, async (tx, now, { id }) => {
    await writeMessageTo(tx, id, { event: TEST_EVENT, data: { hello: 'from Offprint' } }, now);
    return DONE;
  });
}

/** Sends again: one message by its id, else all that failed in the last days. Their ids stay. */
export async function replayWebhook(
  ctx: Context,
  publicId: string,
  which: { message: string } | { days: number },
  by: Actor,
): Promise<HookOutcome & { messages?: number }> {
  let messages = 0;
  const result = await act(ctx, publicId, 'webhook.replay', by, async (tx, now, { id }) => {
    messages =
      'message' in which
        ? Number(await replayMessage(tx, id, which.message, now))
        : await replayFailed(tx, id, new Date(now.getTime() - which.days * DAY_MS), now);
    return done(messages > 0);
  });
  return { ...result, messages };
}

const DONE = { outcome: 'done' } as const;
const UNKNOWN = { outcome: 'unknown' } as const;
const done = (changed: boolean): HookOutcome => (changed ? DONE : { outcome: 'unchanged' });

/** Does something to an endpoint that there is, writes it into the audit log, and wakes the job that sends. */
async function act(
  ctx: Context,
  publicId: string,
  action: ActName,
  by: Actor,
  work: (tx: Tx, now: Date, endpoint: Endpoint) => Promise<HookOutcome>,
): Promise<HookOutcome> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const endpoint = await endpoints.findEndpoint(tx, publicId);
    if (!endpoint) return UNKNOWN;
    const result = await work(tx, now, endpoint);
    if (result.outcome !== 'done') return result;
    await recordAct(tx, { at: now, actor: by, action, subject: publicId });
    await ctx.queue.wake('hooks', tx);
    return result;
  });
}

function checkedUrl({ config }: Context, text: string): string {
  const expected = 'expected an https or http address of a public host, without a name or password in it';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username + url.password !== '' || text.length > 2_000)
    throw new AppError('bad-input', `«${text.slice(0, 80)}»: ${expected}`, {
      said: { name: 'webhook.url', values: { given: text.slice(0, 80) } },
    });
  if (!config.ALLOW_PRIVATE_WEBHOOKS && !isPublicHost(url.hostname))
    throw new AppError('bad-input', `${url.host} is not public: ${expected}, or ALLOW_PRIVATE_WEBHOOKS=yes`, {
      said: { name: 'webhook.private', values: { host: url.host } },
    });
  url.hash = '';
  return url.href;
}
