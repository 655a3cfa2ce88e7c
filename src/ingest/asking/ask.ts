import { AppError, messageOf, type Said } from '../../lib/errors.ts';
import { readCapped } from '../../lib/read-capped.ts';
import { shownAddress, withoutSecrets } from '../../lib/redact.ts';
import { packageVersion } from '../../package.ts';
import { MAX_CAPTURE_BYTES } from '../capture.ts';
import { selfDescribing } from '../sources/decode-text.ts';
import { retryAfterMs } from './pace.ts';
import { request, type AskContext, type NotYet, type RequestOptions } from './request.ts';
import { robotsAllow } from './robots.ts';

/** How an address is asked. */
export interface Asking extends Omit<RequestOptions, 'headers'> {
  /** What is there of its last answer, so that the same need not come again (RFC 9110 13.1). */
  had?: { etag: string | null; lastModified: string | null } | undefined;
  /** What robots.txt said lately, of an address that is a web page. */
  robots?: 'allow' | 'forbid' | 'unknown' | undefined;
}

/** What an answer says of its version. */
export interface Version {
  etag: string | null;
  lastModified: string | null;
}

/** What became of asking. */
export type Answer = {
  /** Whether robots.txt was looked at, and what it said. */
  robots?: 'allow' | 'forbid';
} & (Got | NotYet | Problem);

type Got = { bytes: Uint8Array; version: Version } | { unchanged: true };

/** Why there is no answer of use. */
export interface Problem {
  /** In English. */
  problem: string;
  /** The same for pages; of an address other than the one that was asked, with that. */
  said: Said;
  /** Whether it may be another thing soon. */
  again: boolean;
  retryAfterMs: number | null;
}

/** The name that robots.txt knows us by. */
const AGENT = 'Offprint';
/** RFC 9309 2.5 asks for 500 KiB at least. */
const MAX_ROBOTS_BYTES = 512 * 1024;
/** A longer one is nobody's version. */
const MAX_VERSION = 1_000;
const PAGE_NAME = /\.x?html?$/i;
const PAGE_TYPE = /^(?:text\/html|application\/xhtml\+xml)\b/i;

/**
 * Asks an address once, politely: names itself, waits its turn, tells what is there already, and takes a web page only
 * where robots.txt lets it. Reads at most 20 MB. Never throws for what is the other side's fault; throws AbortError
 * when told to stop.
 */
export async function ask(ctx: AskContext, address: string, asking: Asking): Promise<Answer> {
  const url = new URL(address);
  if (asking.robots === 'forbid') return forbidden(url);
  const isPage = asking.robots !== undefined || PAGE_NAME.test(url.pathname);
  const before = isPage && asking.robots !== 'allow' ? await lookAtRobots(ctx, url, asking) : null;
  if (before && before !== 'allow') return refusedBy(before, url);
  const checked = before ? { robots: before } : {};
  const answer = await tryOnce(ctx, address, asking);
  if (!('page' in answer)) return { ...answer, ...checked };
  if (!answer.page || isPage) return { bytes: answer.bytes, version: answer.version, ...checked };
  const after = await lookAtRobots(ctx, url, asking);
  return after === 'allow' ? { bytes: answer.bytes, version: answer.version, robots: after } : refusedBy(after, url);
}

type Read = { bytes: Uint8Array; version: Version; page: boolean } | { unchanged: true } | Problem;

async function tryOnce(ctx: AskContext, address: string, asking: Asking): Promise<Read | NotYet> {
  const { had } = asking;
  const headers = {
    ...nameOf(ctx),
    accept: 'application/json, text/plain;q=0.9, */*;q=0.5',
    ...(had?.etag && { 'if-none-match': had.etag }),
    ...(had?.lastModified && { 'if-modified-since': had.lastModified }),
  };
  try {
    return await request(ctx, address, { ...asking, headers }, (response) => readAnswer(ctx, response));
  } catch (error) {
    return problemOf(error, asking.signal);
  }
}

async function readAnswer(ctx: AskContext, response: Response): Promise<Read> {
  if (response.status === 304) return { unchanged: true };
  if (!response.ok) {
    await response.body?.cancel();
    const { status, headers } = response;
    const again = status === 408 || status === 429 || status >= 500;
    return { ...answeredWith(status), again, retryAfterMs: retryAfterMs(headers, ctx.now()) };
  }
  const bytes = await readCapped(response, MAX_CAPTURE_BYTES);
  if (!bytes) {
    const said = { name: 'source.tooLong', values: { most: MAX_CAPTURE_BYTES } };
    return { problem: `more than ${MAX_CAPTURE_BYTES} bytes`, said, again: false, retryAfterMs: null };
  }
  const type = response.headers.get('content-type');
  const said = (name: string) => {
    const text = response.headers.get(name);
    return text !== null && text.length <= MAX_VERSION ? text : null;
  };
  const version = { etag: said('etag'), lastModified: said('last-modified') };
  return { bytes: selfDescribing(bytes, type), version, page: PAGE_TYPE.test(type ?? '') };
}

/**
 * Asks what robots.txt says of an address; one that is not there forbids nothing, one that fails everything (RFC 9309
 * 2.3.1).
 */
async function lookAtRobots(ctx: AskContext, url: URL, asking: Asking): Promise<'allow' | 'forbid' | NotYet | Problem> {
  const address = new URL('/robots.txt', url).href;
  const about = ({ name, values }: Said): Said => ({ name, values: { ...values, address } });
  try {
    return await request(ctx, address, { ...asking, headers: nameOf(ctx) }, async (response) => {
      if (response.ok) {
        const text = (await readCapped(response, MAX_ROBOTS_BYTES))?.toString() ?? 'User-agent: *\nDisallow: /';
        return robotsAllow(text, AGENT, url.pathname + url.search) ? 'allow' : 'forbid';
      }
      await response.body?.cancel();
      if (response.status < 500 && response.status !== 429) return 'allow';
      const { problem, said } = answeredWith(response.status);
      const retry = retryAfterMs(response.headers, ctx.now());
      return { problem: `robots.txt ${problem}`, said: about(said), again: true, retryAfterMs: retry };
    });
  } catch (error) {
    const failed = problemOf(error, asking.signal);
    return { ...failed, problem: `robots.txt: ${failed.problem}`, said: about(failed.said) };
  }
}

function answeredWith(status: number): Pick<Problem, 'problem' | 'said'> {
  return { problem: `answered ${status}`, said: { name: 'source.status', values: { status } } };
}

function refusedBy(said: 'forbid' | NotYet | Problem, url: URL): Answer {
  return said === 'forbid' ? { ...forbidden(url), robots: 'forbid' } : said;
}

function forbidden(url: URL): Problem {
  const problem = `robots.txt of ${url.host} forbids programs this page; expected leave to ask, or the page saved as a file`;
  return { problem, said: { name: 'source.forbidden', values: { host: url.host } }, again: false, retryAfterMs: null };
}

/**
 * Says of an address, as it may be shown, why there is no answer, and where it was told, in how long it may be asked
 * again.
 */
export function unanswered(
  address: string,
  { problem, said: { name, values } }: Pick<Problem, 'problem' | 'said'>,
  again = '',
): AppError {
  const shown = shownAddress(address);
  const wait = again === '' ? '' : `, to be asked again in ${again}`;
  const expected = problem.includes('; expected ') ? '' : '; expected an answer 200 with a digest';
  const said = { name, values: { address: shown, ...values, again: again === '' ? 'none' : again } };
  return new AppError('unavailable', `${shown}: ${problem}${wait}${expected}`, { said });
}

function nameOf({ config }: AskContext): { 'user-agent': string } {
  return { 'user-agent': `${AGENT}/${packageVersion()} (+${config.PUBLIC_URL})` };
}

/** Throws what ends the waiting; of all else it says what it was, and whether it was more than a refusal of ours. */
function problemOf(error: unknown, signal?: AbortSignal): Problem {
  if (signal?.aborted) throw error;
  const causes = causesOf(error);
  const refusal = causes.find((one) => one instanceof AppError);
  if (refusal) {
    const problem = withoutSecrets(refusal.message);
    return { problem, said: refusal.said ?? broken(problem), again: false, retryAfterMs: null };
  }
  if (causes.some(({ name }) => name === 'TimeoutError')) {
    const problem = 'no whole answer in time (timeout)';
    return { problem, said: { name: 'source.timeout' }, again: true, retryAfterMs: null };
  }
  const last = causes.at(-1);
  const root =
    last && last !== error ? ` (${last.message || ((last as NodeJS.ErrnoException).code ?? last.name)})` : '';
  const problem = withoutSecrets(`${messageOf(error)}${root}`);
  return { problem, said: broken(problem), again: true, retryAfterMs: null };
}

/** What the network said, in its own words. */
function broken(problem: string): Said {
  return { name: 'source.broken', values: { problem } };
}

function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let one = error; one instanceof Error && causes.length < 5; one = one.cause) causes.push(one);
  return causes;
}
