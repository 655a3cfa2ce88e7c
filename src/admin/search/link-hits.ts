import type { Context } from '../../context.ts';
import { findMailsNamed } from '../../db/ledger/find-mails.ts';
import { findReadersNamed, type FoundReader } from '../../db/subscribers/find-by-words.ts';
import { findAskedReader } from '../../db/subscribers/find-request.ts';
import type { ReadLink } from '../../links/read-link.ts';
import type { TokenClaim } from '../../links/tokens.ts';
import { readerHref, type Hit } from './hits.ts';

/** Says of links of ours whose they are and what for; none is opened. */
export async function linkHits({ db }: Context, links: readonly ReadLink[]): Promise<Hit[]> {
  const hits: Hit[] = [];
  for (const { purpose, claim } of links) {
    const reader = claim && (await readerBehind(db, claim));
    hits.push({ kind: 'link', purpose, signed: claim !== null, reader, href: reader ? readerHref(reader) : '' });
  }
  return hits;
}

async function readerBehind(db: Context['db'], { purpose, subject }: TokenClaim): Promise<FoundReader | null> {
  const publicId = await subjectOf(db, purpose, subject);
  if (publicId === null) return null;
  return (await findReadersNamed(db, { publicIds: [publicId] }))[0] ?? null;
}

async function subjectOf(db: Context['db'], purpose: TokenClaim['purpose'], subject: string): Promise<string | null> {
  if (purpose === 'newsletter') {
    const [mail] = /^[0-9a-f-]{36}$/.test(subject) ? await findMailsNamed(db, { newsletterIds: [subject] }) : [];
    return mail?.subscriberPublicId ?? null;
  }
  const asks = purpose === 'confirm' || purpose === 'decline' || purpose === 'undo';
  return asks ? findAskedReader(db, subject) : subject;
}
