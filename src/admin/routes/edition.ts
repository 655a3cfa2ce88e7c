import { Router, type Request, type Response } from 'express';
import { findLastActAt } from '../../db/operator/acts-list.ts';
import { sumsOf } from '../../db/ledger/edition-sums.ts';
import { readEditionDetails, type EditionDetails } from '../../db/newsletters/edition-details.ts';
import { findEdition, type EditionSummary } from '../../db/newsletters/editions.ts';
import { loadNewsletterInput } from '../../db/newsletters/inputs.ts';
import { parameter, pathPart } from '../../http/parameters.ts';
import { urlOf } from '../../http/pager.ts';
import { sendMailHtml } from '../../http/security.ts';
import { displayAddress } from '../../model/address.ts';
import type { Admin } from '../admin.ts';
import { actOnEdition } from '../edition-acts.ts';
import { progressView, sumsView } from '../edition-view.ts';
import { sayingFor, type Saying } from '../saying.ts';

/** Looks that a sample can be read in; the phone is the same page in a narrow frame. */
const LOOKS = ['html', 'phone', 'text'] as const;

/** The page of one edition: did it go out, its troubles with their acts, what it was made of, and how it reads. */
export function editionRoutes(admin: Admin): Router {
  const { ctx, show } = admin;
  const router = Router();
  router.get('/editions/:key', async (req, res, next) => {
    const edition = await findEdition(ctx.db, pathPart(req, 'key'));
    if (!edition) return next();
    const say = sayingFor(ctx, req);
    const view = await pageView(admin, req, edition, say);
    show(req, res, { template: 'edition', title: view.progress.name, view });
  });
  router.get('/editions/:key/read/:id', (req, res, next) =>
    readSample(admin, req, res).then((found) => found || next()),
  );
  router.post('/editions/:key', async (req, res, next) => {
    const edition = await findEdition(ctx.db, pathPart(req, 'key'));
    if (!edition) return next();
    await actOnEdition(admin, req, res, edition);
  });
  return router;
}

async function pageView({ ctx }: Admin, req: Request, edition: EditionSummary, say: Saying) {
  const progress = progressView(edition, say);
  const [sums, details, leftAt] = await Promise.all([
    sumsOf(ctx.db, [edition.id]),
    readEditionDetails(ctx.db, edition.id, progress.sent),
    findLastActAt(ctx.db, edition.key, 'edition.leave'),
  ]);
  return {
    progress,
    sums: sumsView(edition.key, sums, say),
    total: say.count(progress.total),
    span: spanText(details, say),
    ...troubleView(edition, leftAt, say),
    mayPause: edition.state === 'open' && progress.open > 0,
    mayResume: edition.state === 'paused',
    mayCancel: edition.state !== 'cancelled' && progress.open > 0,
    isWelcome: edition.key.startsWith('welcome:'),
    ...madeOfView(details, say),
    sample: sampleView(edition.key, req, details, say),
  };
}

/** Prepares what it was made from, and what was chosen most. */
function madeOfView(details: EditionDetails, { words }: Saying) {
  return {
    lists: details.lists.map(({ digestOn, source, entries, verdict }) => ({
      href: `/digests/${digestOn}`,
      text: words('admin.editions.list', {
        source,
        day: digestOn,
        count: entries,
        verdict: words(`admin.editions.verdict.${verdict}`),
      }),
    })),
    chosen: details.chosen.map(({ publicId, title, readers, looked }) => ({
      ...{ title, href: `/papers/${publicId}` },
      note: words('admin.editions.readers', { count: readers, of: looked }),
    })),
  };
}

/** Prepares what needs somebody: mails that may have arrived, and those that may be sent again. */
function troubleView(edition: EditionSummary, leftAt: Date | null, say: Saying) {
  const { words } = say;
  const of = (state: string) => edition.counts[state] ?? 0;
  return {
    uncertain: of('uncertain') > 0 && {
      count: of('uncertain'),
      left: say.when(leftAt),
      href: whoHref(edition.key, 'uncertain'),
    },
    again: (['failed', 'bounced'] as const)
      .filter((which) => of(which) > 0)
      .map((which) => ({
        which,
        words: words(`admin.editions.again.${which}`, { count: of(which) }),
        href: whoHref(edition.key, which),
      })),
  };
}

const whoHref = (edition: string, state: string) => urlOf('/admin/deliveries', { edition, state });

function spanText(
  { sent }: EditionDetails,
  { words, when, count }: Saying,
): { words: string; first: unknown; last: unknown } | null {
  if (!sent) return null;
  const seconds = Math.max(1, (sent.last.getTime() - sent.first.getTime()) / 1000);
  return {
    words: words('admin.editions.span', { minutes: count(Math.max(1, Math.round(seconds / 60))) }),
    first: when(sent.first),
    last: when(sent.last),
  };
}

function sampleView(key: string, req: Request, { samples }: EditionDetails, { words }: Saying) {
  const asked = parameter(req, 'sample', 40);
  const chosen = samples.find(({ publicId }) => publicId === asked) ?? samples[0];
  if (!chosen) return null;
  const look = LOOKS.find((one) => one === req.query['look']) ?? 'html';
  const page = `/admin/editions/${encodeURIComponent(key)}`;
  return {
    ...{ look, phone: look === 'phone' },
    src: `${page}/read/${chosen.publicId}?as=${look === 'text' ? 'text' : 'html'}`,
    looks: LOOKS.map((one) => ({
      name: words(`admin.editions.look.${one}`),
      current: one === look,
      href: `${urlOf(page, { sample: chosen.publicId, look: one })}#read`,
    })),
    readers: samples.map(({ publicId, email, papers }) => ({
      publicId,
      selected: publicId === chosen.publicId,
      name: words('admin.editions.sample', { email: email ? displayAddress(email) : '–', count: papers }),
    })),
  };
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
