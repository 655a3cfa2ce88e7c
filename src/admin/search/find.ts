import type { Context } from '../../context.ts';
import { findNamedPapers, findPapersByTitle } from '../../db/digests/named-papers.ts';
import { findMailsNamed, type FoundMail } from '../../db/ledger/find-mails.ts';
import { findEditions } from '../../db/newsletters/editions.ts';
import { findReadersByPart, findReadersNamed } from '../../db/subscribers/find-by-words.ts';
import { readLinks } from '../../links/read-link.ts';
import { readVerp } from '../../links/verp.ts';
import { canonicalAddress } from '../../model/address.ts';
import { isDate } from '../../lib/time.ts';
import { isoWeek } from '../../model/edition.ts';
import { editionHref, mailHref, readerHref, type Hit } from './hits.ts';
import { linkHits } from './link-hits.ts';

/** Hits of one kind that are shown. */
export const MOST = 20;

/**
 * Finds what a text in the search box names: exactly where it is the name of something, else by its words. For who may
 * not see addresses nobody is found by one or a part of it: hits would spell what is masked.
 */
export async function findAnything(ctx: Context, asked: string, seesAddresses: boolean): Promise<Hit[]> {
  const text = asked.trim();
  if (text.length < 2) return [];
  const links = readLinks(ctx.keys.link, text, MOST);
  if (links.length > 0) return linkHits(ctx, links);
  const exact = (
    await Promise.all([
      mails(ctx, text, seesAddresses),
      editions(ctx, text),
      people(ctx, text, seesAddresses),
      papers(ctx, text),
    ])
  ).flat();
  return exact.length > 0 ? exact : byWords(ctx, text, seesAddresses);
}

/** Finds whose mail a pasted one is: by its Message-ID or those it answers, its envelope, and the links in it. */
export async function findInMail(ctx: Context, raw: string, seesAddresses: boolean): Promise<Hit[]> {
  const text = raw.replace(/=\r?\n/g, '').replace(/=3D/gi, '=');
  const ids = [...idsIn(text), ...envelopesIn(ctx, text)];
  const found = await findMailsNamed(ctx.db, { ids: [...new Set(ids)].slice(0, MOST) });
  return [...found.map(mailHit(seesAddresses)), ...(await linkHits(ctx, readLinks(ctx.keys.link, text, MOST)))];
}

/** Returns the address that a text is, bare, in brackets behind a name, or as a link to mail to; null for none. */
export function addressIn(text: string): string | null {
  const inBrackets = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.replace(/^mailto:/i, '');
  const address = canonicalAddress(inBrackets);
  return address.ok ? address.address : null;
}

const UUID = /\b([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\b/gi;

/** Message-IDs of ours begin with the public id of their mail, without its dashes. */
function idsIn(text: string): string[] {
  return [...text.matchAll(UUID)].map((found) => found.slice(1, 6).join('-').toLowerCase());
}

function envelopesIn({ keys }: Context, text: string): string[] {
  return [...text.matchAll(/\bb\+[0-9a-f]{32}-[0-9a-f]{20}@/gi)].flatMap(([found]) => readVerp(keys.link, found) ?? []);
}

async function mails(ctx: Context, text: string, seesAddresses: boolean): Promise<Hit[]> {
  const ids = [...idsIn(text.slice(0, 400)), ...envelopesIn(ctx, text)];
  if (ids.length === 0) return [];
  const found = await findMailsNamed(ctx.db, { ids, newsletterIds: ids });
  return found.map(mailHit(seesAddresses));
}

async function editions({ db }: Context, text: string): Promise<Hit[]> {
  const day = isDate(text) ? [`daily:${text}`, `weekly:${isoWeek(text)}`] : [];
  const named = /^(daily|weekly|welcome):[\w-]{1,12}$/.test(text)
    ? [text]
    : /^\d{4}-W\d{2}$/.test(text)
      ? [`weekly:${text}`]
      : [];
  const keys = [...day, ...named];
  if (keys.length === 0) return [];
  return (await findEditions(db, keys)).map(({ key }) => ({ kind: 'edition', key, href: editionHref(key) }));
}

async function people({ db }: Context, text: string, seesAddresses: boolean): Promise<Hit[]> {
  const email = seesAddresses ? addressIn(text) : null;
  const publicIds = /^[\w-]{10,80}$/.test(text) ? [text] : [];
  if (email === null && publicIds.length === 0) return [];
  const found = await findReadersNamed(db, { publicIds, emails: email === null ? [] : [email] });
  return found.map((reader) => ({ kind: 'reader', reader, href: readerHref(reader) }));
}

async function papers({ db }: Context, text: string): Promise<Hit[]> {
  return (await findNamedPapers(db, text)).map(paperHit);
}

async function byWords({ db }: Context, text: string, seesAddresses: boolean): Promise<Hit[]> {
  const [readers, found] = await Promise.all([
    seesAddresses ? findReadersByPart(db, text, MOST) : [],
    findPapersByTitle(db, text, MOST),
  ]);
  return [
    ...readers.map((reader): Hit => ({ kind: 'reader', reader, href: readerHref(reader) })),
    ...found.map(paperHit),
  ];
}

const mailHit =
  (seesAddresses: boolean) =>
  (mail: FoundMail): Hit => ({ kind: 'mail', mail, href: mailHref(mail, seesAddresses) });
const paperHit = ({ publicId, title }: { publicId: string; title: string }): Hit => ({
  kind: 'paper',
  title,
  href: `/admin/papers/${publicId}`,
});
