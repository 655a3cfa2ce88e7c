import type { AlarmTarget } from '../../alarm-settings.ts';
import type { SourceFetch } from '../../context.ts';
import { signatureHeaders } from '../../hooks/sign.ts';
import { deadline } from '../../lib/deadline.ts';
import { oneLine } from '../../lib/errors.ts';
import { packageVersion } from '../../package.ts';
import { pageOf, type AlarmCode } from './codes.ts';

/** What is told of an alarm: that it is there, that it lasts, that it is over, or that it happened. */
export type AlarmNews = 'opened' | 'again' | 'over' | 'happened';

/** An alarm as it leaves. */
export interface AlarmMessage {
  /** The same at every try. */
  id: string;
  code: AlarmCode;
  news: AlarmNews;
  subject: string;
  lines: readonly string[];
  at: Date;
}

/** What sending stands on. */
export interface AlarmSender {
  fetchSource: SourceFetch;
  /** Which installation speaks: PUBLIC_URL. */
  service: string;
}

/** For a receiver to answer. */
const TIMEOUT_MS = 10_000;
const PREFIX: Readonly<Record<AlarmNews, string>> = { opened: '', again: 'Still: ', over: 'Over: ', happened: '' };

/** Sends an alarm to one target. Returns what went wrong, without its address; null where it was taken. */
export async function sendAlarm(
  sender: AlarmSender,
  target: AlarmTarget,
  message: AlarmMessage,
): Promise<string | null> {
  const limit = deadline(TIMEOUT_MS);
  try {
    const { url, body, headers } = requestOf(sender, target, message);
    const answer = await sender.fetchSource(url, {
      ...{ method: 'POST', body, signal: limit.signal, redirect: 'manual', inside: true },
      headers: { 'user-agent': `Offprint/${packageVersion()}`, 'content-type': 'application/json', ...headers },
    });
    await answer.body?.cancel();
    return answer.ok ? null : `answered ${answer.status}`;
  } catch (error) {
    const reason = error instanceof Error && error.cause ? error.cause : error;
    return oneLine((reason as NodeJS.ErrnoException).code ?? reason);
  } finally {
    limit.done();
  }
}

/** Writes the subject as it stands everywhere. */
export function titleOf({ news, subject }: Pick<AlarmMessage, 'news' | 'subject'>): string {
  return `${PREFIX[news]}${subject}`;
}

interface AlarmRequest {
  url: string;
  body: string;
  headers: Record<string, string>;
}

function requestOf(sender: AlarmSender, target: AlarmTarget, message: AlarmMessage): AlarmRequest {
  const { address, headers } = withoutUser(target.url);
  if (target.kind === 'ntfy') return { ...ntfyRequest(sender, address, message), headers };
  const text = [`*${titleOf(message)}*`, ...linesOf(sender, message)].join('\n');
  if (target.kind === 'slack') return { url: address, body: JSON.stringify({ text }), headers };
  const { id, at, code, news, lines } = message;
  const data = { code, subject: message.subject, lines, page: pageOf(code), service: sender.service };
  const body = JSON.stringify({ type: `alarm.${news}`, timestamp: at.toISOString(), data });
  const signed = signatureHeaders(target.secret === null ? [] : [target.secret], { id, at, body });
  return { url: address, body, headers: { ...headers, ...signed } };
}

/** As JSON to the server itself, since headers take no letters beyond ASCII (docs.ntfy.sh/publish). */
function ntfyRequest(sender: AlarmSender, address: string, message: AlarmMessage): Omit<AlarmRequest, 'headers'> {
  const at = address.lastIndexOf('/');
  const calm = message.news === 'over' || message.code === 'test';
  const body = {
    topic: address.slice(at + 1).split('?')[0],
    ...{ title: titleOf(message), message: linesOf(sender, message).join('\n') },
    ...{ priority: calm ? 3 : 5, tags: [calm ? 'white_check_mark' : 'rotating_light'] },
  };
  return { url: address.slice(0, at + 1), body: JSON.stringify(body) };
}

function linesOf({ service }: AlarmSender, { code, lines }: AlarmMessage): string[] {
  return [...lines, `${service} · ${code} · ${pageOf(code)}`];
}

/** No address with a user may be fetched; who stands alone is a token. */
function withoutUser(text: string): { address: string; headers: Record<string, string> } {
  const url = new URL(text);
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.username = url.password = '';
  if (user === '' && password === '') return { address: url.href, headers: {} };
  const bearer = user === '' ? password : password === '' ? user : null;
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  return { address: url.href, headers: { authorization: bearer === null ? `Basic ${basic}` : `Bearer ${bearer}` } };
}
