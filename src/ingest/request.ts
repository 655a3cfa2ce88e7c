import { lookup as resolve } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { AppError } from '../lib/errors.ts';
import { isPublicAddress } from '../lib/public-address.ts';
import { shownAddress } from '../lib/redact.ts';

/** Resolves a host name to its addresses. */
export type Lookup = (host: string) => Promise<{ address: string; family: number }[]>;

/** What a request is made with. */
export interface RequestOptions {
  headers: Record<string, string>;
  signal: AbortSignal;
}

/** A list that moved sends on once or twice. */
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const systemLookup: Lookup = (host) => resolve(host, { all: true });

/**
 * Asks for an address that the operator named, with the name and password in it as Basic authentication (RFC 7617), and
 * follows redirects. The operator may name whatever they like; where an answer sends us is a stranger's word: only on
 * at the same origin, or to public addresses, and the connection is made to the very address that was looked at. Throws
 * AppError conflict where it sends elsewhere.
 */
export async function requestSource(
  send: typeof fetch,
  address: string,
  { headers, signal }: RequestOptions,
  lookup: Lookup = systemLookup,
): Promise<Response> {
  const { url: named, authorization } = withoutUser(address);
  let url = named;
  let strange = false; // once sent elsewhere, nothing is the operator's word any more
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const response = strange
      ? await sendPublic(url, { headers, signal }, lookup)
      : await send(url.href, { headers: { ...headers, ...authorization }, redirect: 'manual', signal });
    const target = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (target === null) return response;
    await response.body?.cancel();
    url = nextOf(target, url);
    strange ||= url.origin !== named.origin;
  }
  throw new AppError('conflict', `sent on more than ${MAX_REDIRECTS} times`);
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

function nextOf(target: string, from: URL): URL {
  const url = URL.canParse(target, from.href) ? new URL(target, from) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new AppError('conflict', 'sent on to what is no http or https address');
  url.username = '';
  url.password = '';
  return url;
}

/**
 * Asks a public address only, and the one that was looked at: a name may resolve otherwise the next time it is asked.
 */
async function sendPublic(url: URL, { headers, signal }: RequestOptions, lookup: Lookup): Promise<Response> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const addresses = family === 0 ? await lookup(host) : [{ address: host, family }];
  if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address))) {
    throw new AppError(
      'conflict',
      `sent on to ${shownAddress(url.origin)}, on this machine or in a network that is not public`,
    );
  }
  const pinned: LookupFunction = (_host, options, done) => {
    const [first] = addresses;
    if (options.all) done(null, addresses);
    else done(null, first?.address ?? '', first?.family ?? 4);
  };
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    const sent = request(url, { headers: { ...headers, 'accept-encoding': 'identity' }, signal, lookup: pinned });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      const status = answer.statusCode ?? 502;
      const body = status === 204 || status === 304 ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
      resolve(new Response(body, { status, headers: pairsOf(answer.rawHeaders) }));
    });
    sent.end();
  });
}

function pairsOf(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []));
}
