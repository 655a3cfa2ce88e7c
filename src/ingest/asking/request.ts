import type { Context } from '../../context.ts';
import { deadline } from '../../lib/deadline.ts';
import { AppError } from '../../lib/errors.ts';
import { isPublicHost } from '../../lib/public-address.ts';
import { hostOf, retryAfterMs } from './pace.ts';
import { takeTurn, type Waiting } from './take-turn.ts';

/** What asking needs of the world. */
export type AskContext = Pick<Context, 'fetchSource' | 'turns' | 'config' | 'now'>;

/** What one request is made with. */
export interface RequestOptions extends Waiting {
  headers: Record<string, string>;
  /** For each hop, its answer read to the end. */
  timeoutMs: number;
  /** An instant of performance.now() by which all of it is over. */
  endsAt?: number | undefined;
}

/** The turn would only come after one is prepared to wait. */
export interface NotYet {
  waitMs: number;
}

/** A list that moved sends on once or twice. */
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** How much longer a turn is held than the request in it may take. */
const LEASE_MARGIN_MS = 10_000;

/**
 * Asks for an address that the operator named, with the name and password in it as Basic authentication (RFC 7617),
 * follows redirects, and has the answer read. Each hop takes its turn at its host. None may lead to what is not public,
 * but for what the operator named with ALLOW_PRIVATE_SOURCES, and where that sends on inside. Throws AppError conflict
 * where one would.
 */
export async function request<T>(
  ctx: AskContext,
  address: string,
  options: RequestOptions,
  read: (response: Response) => Promise<T>,
): Promise<T | NotYet> {
  const { url: named, authorization } = withoutUser(address);
  let url = named;
  let strange = false; // once sent elsewhere, nothing is the operator's word any more
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const headers = strange ? options.headers : { ...options.headers, ...authorization };
    const inside =
      ctx.config.ALLOW_PRIVATE_SOURCES && (url.hostname === named.hostname || !isPublicHost(named.hostname));
    const answer = await hop(ctx, url, { ...options, headers }, inside, read);
    if (!('location' in answer)) return answer.done;
    url = nextOf(answer.location, url);
    strange ||= url.origin !== named.origin;
  }
  const said = { name: 'source.redirects', values: { most: MAX_REDIRECTS } };
  throw new AppError('conflict', `sent on more than ${MAX_REDIRECTS} times`, { said });
}

async function hop<T>(
  ctx: AskContext,
  url: URL,
  { headers, timeoutMs, endsAt = Infinity, ...waiting }: RequestOptions,
  inside: boolean,
  read: (response: Response) => Promise<T>,
): Promise<{ done: T | NotYet } | { location: string }> {
  const host = hostOf(url);
  const turn = await takeTurn(ctx.turns, host, timeoutMs + LEASE_MARGIN_MS, waiting);
  if (typeof turn === 'number') return { done: { waitMs: turn } };
  const limit = deadline(Math.min(timeoutMs, endsAt - performance.now()), waiting.signal);
  let restMs = host.restMs;
  try {
    const response = await ctx.fetchSource(url.href, { headers, signal: limit.signal, redirect: 'manual', inside });
    if (host.oneService && !response.ok) restMs = Math.max(restMs, retryAfterMs(response.headers, ctx.now()) ?? 0);
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (location === null) return { done: await read(response) };
    await response.body?.cancel();
    return { location };
  } finally {
    limit.done();
    await turn.end(restMs);
  }
}

function withoutUser(address: string): { url: URL; authorization: { authorization?: string } } {
  const url = new URL(address);
  const user = `${decode(url.username)}:${decode(url.password)}`;
  url.username = '';
  url.password = '';
  if (user === ':') return { url, authorization: {} };
  return { url, authorization: { authorization: `Basic ${Buffer.from(user).toString('base64')}` } };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a per cent sign that is meant
  }
}

/** Reads where an answer sends on to; its bytes are UTF-8, as browsers take them. */
function nextOf(location: string, from: URL): URL {
  const target = Buffer.from(location, 'latin1').toString();
  const url = URL.canParse(target, from.href) ? new URL(target, from) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new AppError('conflict', 'sent on to what is no http or https address', { said: { name: 'source.nowhere' } });
  url.username = '';
  url.password = '';
  return url;
}
