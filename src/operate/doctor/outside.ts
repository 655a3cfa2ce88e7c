import type { Config } from '../../config.ts';
import type { SourceFetch } from '../../context.ts';
import { deadline } from '../../lib/deadline.ts';
import { oneLine } from '../../lib/errors.ts';
import { ok, problem, type Check } from './check.ts';

const PATIENCE_MS = 10_000;
/** How the page of a link that is nobody's begins, in answer to a mailbox. */
const OURS = /^This link is not one of ours/;

/** Asks PUBLIC_URL as readers and mailboxes do: its pages answer, and a one-click POST reaches us (RFC 8058). */
export async function checkOutside({ PUBLIC_URL }: Config, fetchSource: SourceFetch): Promise<Check[]> {
  const pages = await ask(fetchSource, `${PUBLIC_URL}/healthz`, {});
  const remedy = 'start offprint serve, and let the proxy pass every path on (docs/operate/proxy.md)';
  if (pages.status !== 200 || pages.text.trim() !== 'ok')
    return [
      problem(
        'pages',
        `/healthz ${pages.status === 200 ? 'is answered by something else' : pages.says}`,
        remedy,
        PUBLIC_URL,
      ),
    ];
  const body = 'List-Unsubscribe=One-Click';
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const click = await ask(fetchSource, `${PUBLIC_URL}/unsubscribe/doctor`, { method: 'POST', body, headers });
  const reaches = click.status === 404 && OURS.test(click.text);
  return [
    ok('pages', 'they answer', PUBLIC_URL),
    reaches
      ? ok('one-click', 'a mailbox’s POST reaches us', PUBLIC_URL)
      : problem(
          'one-click',
          `a POST to /unsubscribe/… ${click.says} before it reaches us`,
          'let the proxy pass POST on, without redirects, logins or challenges',
          PUBLIC_URL,
        ),
  ];
}

interface Answer {
  status: number | null;
  text: string;
  says: string;
}

async function ask(
  fetchSource: SourceFetch,
  url: string,
  { method = 'GET', body, headers = {} }: { method?: 'GET' | 'POST'; body?: string; headers?: Record<string, string> },
): Promise<Answer> {
  const limit = deadline(PATIENCE_MS);
  try {
    const sent = {
      method,
      headers,
      signal: limit.signal,
      redirect: 'manual',
      inside: true,
      ...(body !== undefined && { body }),
    } as const;
    const answer = await fetchSource(url, sent);
    const text = (await answer.text()).slice(0, 200);
    return { status: answer.status, text, says: `is answered ${answer.status}` };
  } catch (error) {
    const reason = error instanceof Error && error.cause ? error.cause : error;
    return { status: null, text: '', says: `is not answered: ${oneLine(reason)}` };
  } finally {
    limit.done();
  }
}
