import { urlOf } from '../../http/pager.ts';
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

/** Where is told why mail comes to a reader or does not, in an edition or the next one; it holds no address. */
export const whyHref = (reader: string, edition = ''): string => urlOf('/admin/why', { reader, edition });

/** Where is told why no mail comes to an address; for who may see one. */
export const whyNobodyHref = (email: string): string => urlOf('/admin/why', { email });

/** Where an edition's page is. */
export const editionHref = (key: string): string => `/admin/editions/${encodeURIComponent(key)}`;

/**
 * A newsletter's mail opens as the question why; another one on the page of its reader. One that is nobody's opens
 * among the mails of its edition or address, which stands there for who may see it.
 */
export function mailHref({ edition, email, subscriberPublicId }: FoundMail, seesAddresses: boolean): string {
  if (subscriberPublicId !== null)
    return edition === null
      ? `${readerHref({ publicId: subscriberPublicId })}#mails`
      : whyHref(subscriberPublicId, edition);
  return urlOf('/admin/deliveries', { edition: edition ?? '', email: seesAddresses ? (email ?? '') : '' });
}
