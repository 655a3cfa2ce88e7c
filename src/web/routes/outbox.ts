import { join } from 'node:path';
import { Router, type Request, type Response } from 'express';
import type { Email } from 'postal-mime';
import { showProblem } from '../../http/problems.ts';
import { addressText, listOutbox, readOutboxMail } from '../outbox-files.ts';
import { askForToken, outboxIsOpenTo } from '../../http/loopback.ts';
import { visitOf } from '../../http/visit.ts';
import { privatePages } from '../../http/security.ts';
import type { Web } from '../respond.ts';
import { sendMailHtml } from '../../http/security.ts';

/** How many mails the list shows. */
const LISTED = 200;

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

async function showList(web: Web, folder: string, req: Request, res: Response): Promise<void> {
  const t = visitOf(req).words;
  const { items, total } = await listOutbox(folder, LISTED);
  const mails = items.map(({ file, subject, to, at }) => ({
    href: `/outbox/${encodeURIComponent(file)}`,
    subject: subject || t('outbox.noSubject'),
    to,
    iso: at.toISOString(),
    date: t('outbox.when', { at }),
  }));
  const more = total > mails.length ? t('outbox.more', { n: total - mails.length }) : '';
  web.show(req, res, { template: 'outbox', title: t('outbox.heading'), view: { mails, more } });
}

function showMail(web: Web, req: Request, res: Response, mail: Email, file: string): void {
  const t = visitOf(req).words;
  const base = `/outbox/${encodeURIComponent(file)}`;
  const view = {
    subject: mail.subject ?? t('outbox.noSubject'),
    from: addressText(mail.from),
    to: addressText(mail.to),
    date: mail.date ? t('outbox.when', { at: new Date(mail.date) }) : '',
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
