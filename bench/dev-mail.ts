/**
 * `npm run dev:mail`: a live page of every mail with ordinary and extreme data, in light, dark, inverted, on a phone,
 * as text, source and size. The templates are read again at each load.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import PostalMime from 'postal-mime';
import { openComposer } from '../src/compose/composer.ts';
import { escapeHtml } from '../src/compose/text/marked-text.ts';
import { isNotice, mailKinds } from '../src/model/mail-kind.ts';
import type { NewsletterInput } from '../src/model/newsletter.ts';
import { extremeInput } from '../test/world/hostile.ts';
import { KEYS, mailConfig } from '../test/world/installation.ts';
import { sampleInput, sampleNotice, sampleWeekly } from '../test/world/newsletters.ts';
import { realPapers } from './real-papers.ts';

const PORT = Number(process.env.PORT ?? 3100);
const TREND = { interestId: 2, from: '2025-12-01', days: Array.from({ length: 30 }, (_, day) => (day * 7) % 5) };

const newsletters: Record<string, NewsletterInput> = {
  daily: sampleInput(7, { trends: [TREND] }),
  weekly: sampleWeekly(10),
  German: sampleWeekly(6, { language: 'de', notes: [{ digestOn: '2025-12-30', verdict: 'stale' }] }),
  welcome: sampleInput(5, { editionKey: 'welcome:1' }),
  'one paper': sampleInput(1),
  'released list': sampleInput(4, { notes: [{ digestOn: '2025-12-30', verdict: 'partial' }] }),
  'thirty papers': sampleInput(30),
  extreme: extremeInput(false),
  hostile: extremeInput(true),
};
for (const [at, papers] of realPapers().entries()) {
  newsletters[`real ${at + 1}`] = sampleInput(1, {
    papers: papers.slice(0, 10),
    trending: papers.slice(10, 13).map(({ entry }) => entry),
  });
}
const notices = mailKinds().filter(isNotice);
const VIEWS = ['light', 'dark', 'inverted', 'phone', 'text', 'source'] as const;

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    response
      .writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
      .end(String(error instanceof Error ? error.stack : error));
  });
});
server.listen(PORT, '127.0.0.1', () => process.stdout.write(`Mails at http://127.0.0.1:${PORT}/ (Ctrl-C ends it)\n`));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const name = url.searchParams.get('mail') ?? 'daily';
  const raw = await compose(name);
  if (url.pathname === '/') {
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(await frame(name, raw, url.searchParams.get('view') ?? 'light'));
    return;
  }
  const mail = await PostalMime.parse(raw);
  const html = url.pathname === '/dark' ? forcedDark(mail.html ?? '') : (mail.html ?? '');
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
}

async function compose(name: string): Promise<Buffer> {
  const composer = await openComposer(mailConfig(), KEYS);
  const input = newsletters[name];
  if (input) return composer.newsletter(input).raw;
  return composer.notice(sampleNotice(notices.find((kind) => kind === name) ?? 'confirmation')).raw;
}

/** The page cannot choose the reader's scheme: the dark rules are let through for everyone. */
function forcedDark(html: string): string {
  return html.replaceAll('(prefers-color-scheme: dark)', 'all');
}

async function frame(name: string, raw: Buffer, view: string): Promise<string> {
  const mail = await PostalMime.parse(raw);
  const link = (mailName: string, viewName: string, label: string, chosen: boolean) =>
    `<a href="/?mail=${encodeURIComponent(mailName)}&amp;view=${viewName}"${chosen ? ' class="on"' : ''}>${escapeHtml(label)}</a>`;
  const shown =
    view === 'text'
      ? `<pre>${escapeHtml(mail.text ?? '')}</pre>`
      : view === 'source'
        ? `<pre>${escapeHtml(raw.toString('latin1'))}</pre>`
        : `<iframe title="mail" class="${view}" src="/${view === 'dark' ? 'dark' : 'html'}?mail=${encodeURIComponent(name)}"></iframe>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escapeHtml(name)}</title><style>
    body{margin:0;font:15px/1.6 system-ui,sans-serif;display:grid;grid-template-columns:190px 1fr;height:100vh}
    nav{padding:16px;border-right:1px solid #ddd;overflow:auto}nav a{display:block;color:#1559a6;text-decoration:none}a.on{font-weight:bold}
    main{display:flex;flex-direction:column;min-width:0}header{padding:10px 16px;border-bottom:1px solid #ddd}header a{margin-right:12px}
    iframe{flex:1;border:0;width:100%}iframe.phone{width:320px;flex:1;border-right:1px solid #ddd}iframe.inverted{filter:invert(1) hue-rotate(180deg)}
    pre{flex:1;overflow:auto;margin:0;padding:16px;white-space:pre-wrap;overflow-wrap:anywhere}</style>
    <nav>${[...Object.keys(newsletters), ...notices].map((each) => link(each, view, each, each === name)).join('')}</nav>
    <main><header>${VIEWS.map((each) => link(name, each, each, each === view)).join('')}<br><b>${escapeHtml(mail.subject ?? '')}</b>
    · HTML ${Buffer.byteLength(mail.html ?? '').toLocaleString('en')} octets · text ${Buffer.byteLength(mail.text ?? '').toLocaleString('en')}
    · whole mail ${raw.length.toLocaleString('en')}</header>${shown}</main></html>`;
}
