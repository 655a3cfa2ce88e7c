import { Router, type Request, type Response } from 'express';
import { loadNewsletterInput } from '../../db/newsletters/inputs.ts';
import type { EditionSummary } from '../../db/newsletters/editions.ts';
import { fieldOf } from '../../http/bodies.ts';
import { pathPart } from '../../http/parameters.ts';
import { sendMailHtml } from '../../http/security.ts';
import { displayAddress } from '../../model/address.ts';
import { dryRunEdition, type DryRun } from '../../operate/foresee-edition.ts';
import type { Admin } from '../admin.ts';
import { actOnEdition } from '../edition-acts.ts';
import { mailTest, saveNote } from '../edition-note-acts.ts';
import type { Tried } from '../edition-note-view.ts';
import { editionNamed, editionPage } from '../edition-page.ts';
import { editionName } from '../edition-words.ts';
import { sayingFor, type Saying } from '../saying.ts';

/** The page of one edition: did it go out, its troubles with their acts, what editors add, and how it reads. */
export function editionRoutes(admin: Admin): Router {
  const router = Router();
  router.get('/editions/:key', async (req, res, next) => {
    const edition = await editionNamed(admin.ctx, pathPart(req, 'key'));
    return edition ? showEdition(admin, req, res, edition) : next();
  });
  router.get('/editions/:key/dry-run', (req, res, next) => dryRun(admin, req, res).then((found) => found || next()));
  router.get('/editions/:key/read/:id', (req, res, next) =>
    readSample(admin, req, res).then((found) => found || next()),
  );
  router.post('/editions/:key', async (req, res, next) => {
    const edition = await editionNamed(admin.ctx, pathPart(req, 'key'));
    return edition ? act(admin, req, res, edition) : next();
  });
  return router;
}

async function act(admin: Admin, req: Request, res: Response, edition: EditionSummary): Promise<void> {
  const action = await fieldOf(req, 'action');
  if (action === 'test') return mailTest(admin, req, res, edition);
  if (action !== 'note') return actOnEdition(admin, req, res, edition);
  const tried = await saveNote(admin, req, res, edition);
  if (tried) await showEdition(admin, req, res, edition, tried);
}

async function showEdition(
  { ctx, show }: Admin,
  req: Request,
  res: Response,
  edition: EditionSummary,
  tried: Tried | null = null,
): Promise<void> {
  const view = await editionPage(ctx, req, res, { edition, say: sayingFor(ctx, req), tried });
  show(req, res, { template: 'edition', title: view.progress.name, view, status: tried ? 422 : 200 });
}

/** Shows who would get an edition as things stand. */
async function dryRun({ ctx, show }: Admin, req: Request, res: Response): Promise<boolean> {
  const key = pathPart(req, 'key');
  const found = await dryRunEdition(ctx, key);
  if (!found) return false;
  const { words, language, count, moment } = sayingFor(ctx, req);
  const name = editionName(key, words, language);
  const title = words('admin.editions.dry.title', { name });
  const view = {
    ...{ name, page: `/admin/editions/${encodeURIComponent(key)}`, says: foreseenText(found, { words, count }) },
    samples: found.samples.map(({ reader, email, slotAt, papers, first }) => ({
      ...{ href: `/admin/subscribers/${reader}`, email: displayAddress(email), at: moment(slotAt), first },
      papers: words('admin.editions.dry.papers', { count: papers }),
    })),
  };
  show(req, res, { template: 'edition-dry-run', title, view });
  return true;
}

function foreseenText(found: DryRun, { words, count }: Pick<Saying, 'words' | 'count'>): string[] {
  const { state, slots, newsletters, nothing, waiting, cut } = found;
  if (state === 'cancelled') return [words('admin.editions.dry.cancelled')];
  const values = { slots, newsletters, most: count(slots) };
  return [
    words('admin.editions.dry.says', values),
    ...(state === 'paused' ? [words('admin.editions.dry.paused')] : []),
    ...(nothing > 0 ? [words('admin.editions.dry.nothing', { count: nothing })] : []),
    ...(waiting > 0 ? [words('admin.editions.dry.waiting', { count: waiting })] : []),
    ...(cut ? [words('admin.editions.dry.cut', values)] : []),
  ];
}

/** Shows a newsletter as its reader got it, by the composer that sends, without the links that are theirs. */
async function readSample({ ctx }: Admin, req: Request, res: Response): Promise<boolean> {
  const input = await loadNewsletterInput(ctx.db, pathPart(req, 'id'));
  if (input?.editionKey !== pathPart(req, 'key')) return false;
  const page = (await ctx.composer()).page(input, { personal: false });
  if (req.query['as'] === 'text')
    res.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'self'").type('text').send(page.text);
  else sendMailHtml(res, page.html, { framed: true });
  return true;
}
