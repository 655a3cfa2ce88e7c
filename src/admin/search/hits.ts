import type { TokenPurpose } from '../../links/tokens.ts';
import type { FoundReader } from '../../db/subscribers/find-by-words.ts';
import type { FoundMail } from '../../db/ledger/find-mails.ts';

/** What a search found; `href` is the page that opens. */
export type Hit =
  | { kind: 'reader'; href: string; reader: FoundReader }
  | { kind: 'mail'; href: string; mail: FoundMail }
  | { kind: 'edition'; href: string; key: string }
  | { kind: 'paper'; href: string; title: string }
  /** A link of ours; `reader` is whose it is, null where nobody's (any more) or the signature is false. */
  | { kind: 'link'; href: string; purpose: TokenPurpose; signed: boolean; reader: FoundReader | null };

/** Where a reader's page is. */
export const readerHref = ({ publicId }: Pick<FoundReader, 'publicId'>): string => `/admin/subscribers/${publicId}`;

/** Where is told why no mail comes to an address. */
export const whyHref = (email: string): string => `/admin/why?email=${encodeURIComponent(email)}`;

/** Where an edition's page is. */
export const editionHref = (key: string): string => `/admin/editions/${encodeURIComponent(key)}`;

/** A newsletter's mail opens as the question why; another one on the page of its reader. */
export function mailHref({ edition, email, subscriberPublicId }: FoundMail): string {
  const [whom, what] = [encodeURIComponent(email ?? ''), encodeURIComponent(edition ?? '')];
  if (edition !== null && email !== null) return `/admin/why?email=${whom}&edition=${what}`;
  if (subscriberPublicId !== null) return `${readerHref({ publicId: subscriberPublicId })}#mails`;
  return email === null ? '/admin/deliveries' : `/admin/deliveries?email=${whom}`;
}
