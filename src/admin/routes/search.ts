import { Router, type Request, type Response } from 'express';
import { displayAddress } from '../../model/address.ts';
import { fieldOf } from '../../http/bodies.ts';
import { parameter } from '../../http/parameters.ts';
import type { Translate } from '../../lib/strings.ts';
import type { Admin, Section } from '../admin.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { seesAddresses } from '../session.ts';
import { addressIn, findAnything, findInMail, MOST } from '../search/find.ts';
import { whyNobodyHref, type Hit } from '../search/hits.ts';

/** Where the one search box leads; a pasted mail is longer than other forms. */
export const SEARCH_PATH = '/search';

/** One box for everything: readers, mails, editions, papers, links of ours, a pasted mail. */
export const search: Section = {
  ...{ area: 'search', path: '/admin/search', room: 'today' },
  rights: { 'GET /search': 'viewer', 'POST /search': 'viewer' },
  routes,
};

const KINDS: readonly Hit['kind'][] = ['reader', 'mail', 'edition', 'paper', 'link'];

function routes(admin: Admin): Router {
  const router = Router();
  router.get(SEARCH_PATH, async (req, res) => {
    const q = parameter(req, 'q', 1_000);
    const hits = await findAnything(admin.ctx, q, seesAddresses(res));
    const [only] = hits;
    if (hits.length === 1 && only && only.kind !== 'link') return res.redirect(303, only.href);
    showHits(admin, req, res, { q, hits });
  });
  router.post(SEARCH_PATH, async (req, res) => {
    const mail = await fieldOf(req, 'mail');
    const hits = await findInMail(admin.ctx, mail, seesAddresses(res));
    showHits(admin, req, res, { q: '', hits, asked: mail !== '' });
  });
  return router;
}

function showHits(
  { ctx, show }: Admin,
  req: Request,
  res: Response,
  { q, hits, asked = q !== '' }: { q: string; hits: readonly Hit[]; asked?: boolean },
): void {
  const say = sayingFor(ctx, req);
  const { words } = say;
  const sentence = !asked
    ? words(seesAddresses(res) ? 'admin.search.lead' : 'admin.search.leadMasked')
    : hits.length === 0
      ? words('admin.search.nothing', { q: q || words('admin.search.mail') })
      : words('admin.search.found', { count: hits.length });
  const nobody = hits.length === 0 && seesAddresses(res) ? addressIn(q.trim()) : null;
  const why = nobody === null ? '' : whyNobodyHref(nobody);
  const groups = KINDS.flatMap((kind) => {
    const found = hits.filter((hit) => hit.kind === kind).slice(0, MOST);
    return found.length === 0
      ? []
      : [{ name: words(`admin.search.kind.${kind}`), hits: found.map((hit) => hitView(hit, say)) }];
  });
  show(req, res, { template: 'search', title: words('admin.search.title'), view: { sentence, groups, why } });
}

function hitView(hit: Hit, { words, when }: Saying) {
  switch (hit.kind) {
    case 'reader':
      return {
        href: hit.href,
        text: displayAddress(hit.reader.email),
        note: words(`admin.search.status.${hit.reader.status}`),
        when: null,
      };
    case 'mail': {
      const { mail } = hit;
      const cell = when(mail.createdAt);
      return {
        href: hit.href,
        text: mail.edition ?? words(`admin.mail.kind.${mail.kind}`),
        note: `${mail.email === null ? words('admin.search.erased') : displayAddress(mail.email)} · ${words(`admin.search.state.${mail.state}`)}`,
        when: typeof cell === 'object' && 'when' in cell ? cell.when : null,
      };
    }
    case 'edition':
      return { href: hit.href, text: hit.key, note: '', when: null };
    case 'paper':
      return { href: hit.href, text: hit.title, note: '', when: null };
    case 'link':
      return {
        href: hit.href,
        text: words(`admin.search.purpose.${hit.purpose}`),
        note: linkNote(hit, words),
        when: null,
      };
  }
}

function linkNote({ signed, reader }: Extract<Hit, { kind: 'link' }>, words: Translate): string {
  if (!signed) return words('admin.search.forged');
  return reader ? words('admin.search.whose', { email: displayAddress(reader.email) }) : words('admin.search.nobodys');
}
