import type { Context } from '../context.ts';
import type { HookEndpoint } from '../db/hooks/endpoints.ts';
import type { DueMessage, HookTry } from '../db/hooks/messages.ts';
import { retryAfterMs } from '../ingest/asking/pace.ts';
import { deadline } from '../lib/deadline.ts';
import { AppError, oneLine } from '../lib/errors.ts';
import { packageVersion } from '../package.ts';
import { signingSecrets } from './secrets.ts';
import { signatureHeaders } from './sign.ts';

/** For a receiver to answer; Standard Webhooks recommends 15 to 30 seconds. */
const TIMEOUT_MS = 15_000;

/** How a try went. */
export interface Tried extends HookTry {
  /** The receiver wants nothing more, ever. */
  gone: boolean;
  /** When it asked us to come back, a day at most. */
  retryAfterMs: number | null;
}

/** Writes what is told: the same bytes at every try. */
export function payloadOf({ event, at, data }: Pick<DueMessage, 'event' | 'at' | 'data'>): string {
  return JSON.stringify({ type: event, timestamp: at.toISOString(), data });
}

/**
 * Sends a message to its endpoint, signed by Standard Webhooks. Only a public address is asked, unless the operator let
 * private ones be; nobody is followed, since a redirect may lead anywhere. Returns null where we end meanwhile. Never
 * throws for what is the other side's fault.
 */
export async function send(
  ctx: Context,
  endpoint: HookEndpoint,
  message: DueMessage,
  { timeoutMs = TIMEOUT_MS, signal }: { timeoutMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<Tried | null> {
  const at = ctx.now();
  const body = payloadOf(message);
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  const limit = deadline(timeoutMs, signal);
  try {
    const response = await ctx.fetchSource(endpoint.url, {
      method: 'POST',
      body,
      headers: {
        ...headersOf(ctx),
        ...signatureHeaders(signingSecrets(ctx.keys, endpoint, at), { id: message.publicId, at, body }),
      },
      signal: limit.signal,
      redirect: 'manual',
      inside: ctx.config.ALLOW_PRIVATE_WEBHOOKS,
    });
    await response.body?.cancel();
    return { at, ms: ms(), ...answerOf(response, at) };
  } catch (error) {
    if (signal?.aborted) return null;
    return { at, ms: ms(), status: null, problem: problemOf(error, timeoutMs), gone: false, retryAfterMs: null };
  } finally {
    limit.done();
  }
}

function headersOf({ config }: Context): Record<string, string> {
  return { 'content-type': 'application/json', 'user-agent': `Offprint/${packageVersion()} (+${config.PUBLIC_URL})` };
}

function answerOf({ ok, status, headers }: Response, at: Date): Omit<Tried, 'at' | 'ms'> {
  const moved = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  return {
    status,
    problem: ok ? null : `answered ${status}${moved}`,
    gone: status === 410,
    retryAfterMs: retryAfterMs(headers, at),
  };
}

function problemOf(error: unknown, timeoutMs: number): string {
  const causes: unknown[] = [];
  for (let one = error; one instanceof Error && causes.length < 5; one = one.cause) causes.push(one);
  if (causes.some((one) => one instanceof AppError))
    return 'not a public address; ALLOW_PRIVATE_WEBHOOKS=yes allows it';
  if (causes.some((one) => (one as Error).name === 'TimeoutError')) return `no answer within ${timeoutMs / 1_000} s`;
  const last = causes.at(-1) as NodeJS.ErrnoException | undefined;
  return oneLine(last?.code ?? error);
}
