import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Router, type Request, type Response } from 'express';
import type { Email } from 'postal-mime';
import { showProblem } from '../../http/problems.ts';
import { addressText, listOutbox, readOutboxMail } from '../outbox-files.ts';
import { askForToken, outboxIsOpenTo } from '../../http/loopback.ts';
import { parameter } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { privatePages } from '../../http/security.ts';
import { isSampleSource } from '../../samples.ts';
import type { Web } from '../respond.ts';
import { momentText } from '../../http/moments.ts';
import { sendMailHtml } from '../../http/security.ts';

/** How many mails the list shows. */
const LISTED = 200;

/** How long a mail just asked for is waited for, and how often it is looked for. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 250;

/** Serves the mails «sent» while no SMTP server is set; to this machine only. */
export function outboxRoutes(web: Web): Router {
  const router = Router();
  const folder = join(web.ctx.config.DATA_DIR, 'outbox');
  router.use('/outbox', privatePages('no-referrer'), (req, res, next) => {
    const opening = outboxIsOpenTo(web.ctx.config, req);
    if (opening === 'open') return next();
    if (opening === 'token-wanted') askForToken(res);
    else showProblem(web, req, res, 404);
  });
  router.get('/outbox', (req, res) => showList(web, folder, req, res));
  router.get('/outbox/newest', async (req, res) => {
    const file = await newestSince(folder, Number(parameter(req, 'since')) || 0);
    res.redirect(303, file === null ? '/outbox' : `/outbox/${encodeURIComponent(file)}`);
  });
  router.get('/outbox/:file', async (req, res) => {
    const found = await readOutboxMail(folder, req.params.file);
    if (!found) return showProblem(web, req, res, 404);
    showMail(web, req, res, found.mail, req.params.file);
  });
  router.get('/outbox/:file/html', async (req, res) => {
    const found = await readOutboxMail(folder, req.params.file);
    if (!found?.mail.html) return showProblem(web, req, res, 404);
    sendMailHtml(res, withTopLinks(found.mail.html), { framed: true });
  });
  router.get('/outbox/:file/raw', async (req, res) => {
    const found = await readOutboxMail(folder, req.params.file);
    if (!found) return showProblem(web, req, res, 404);
    res.type('message/rfc822').attachment(req.params.file).send(found.raw);
  });
  return router;
}

/** Waits a little for a mail that was asked for a moment ago; null where none came. */
async function newestSince(folder: string, since: number): Promise<string | null> {
  for (let waited = 0; waited <= PATIENCE_MS; waited += LOOK_MS) {
    const [newest] = (await listOutbox(folder, 1)).items;
    if (newest && newest.at.getTime() >= since) return newest.file;
    await sleep(LOOK_MS);
  }
  return null;
}

async function showList(web: Web, folder: string, req: Request, res: Response): Promise<void> {
  const { words: t, language } = visitOf(req);
  const { items, total } = await listOutbox(folder, LISTED);
  const mails = items.map(({ file, subject, to, at }) => ({
    href: `/outbox/${encodeURIComponent(file)}`,
    subject: subject || t('outbox.noSubject'),
    to,
    iso: at.toISOString(),
    date: momentText(language, at),
  }));
  const { config } = web.ctx;
  const sample = config.SOURCES.some(({ name }) => isSampleSource(config, name)) ? t('outbox.sample') : '';
  const more = total > mails.length ? t('outbox.more', { n: total - mails.length }) : '';
  web.show(req, res, { template: 'outbox', title: t('outbox.heading'), view: { mails, more, sample } });
}

function showMail(web: Web, req: Request, res: Response, mail: Email, file: string): void {
  const { words: t, language } = visitOf(req);
  const base = `/outbox/${encodeURIComponent(file)}`;
  const view = {
    subject: mail.subject ?? t('outbox.noSubject'),
    from: addressText(mail.from),
    to: addressText(mail.to),
    date: mail.date ? momentText(language, new Date(mail.date)) : '',
    htmlUrl: mail.html ? `${base}/html` : '',
    text: textPieces(mail.text ?? ''),
    headers: mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    rawUrl: `${base}/raw`,
  };
  web.show(req, res, { template: 'outbox-mail', title: view.subject, view });
}

/** Links of a framed mail open in the whole window. */
function withTopLinks(html: string): string {
  const base = '<base target="_top">';
  return /<head[^<>]*>/i.test(html) ? html.replace(/<head[^<>]*>/i, (tag) => tag + base) : base + html;
}

/** Parts the text where its links are; in our mails each stands alone on its line. */
function textPieces(text: string): { words: string; href: string }[] {
  return text
    .split(/(https?:\/\/[^\s<>]+)/)
    .filter((words) => words !== '')
    .map((words) => ({ words, href: /^https?:\/\//.test(words) ? words : '' }));
}
