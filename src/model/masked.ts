/**
 * An address in any text: as it is written, or as a link carries it (`%40`). The domain has a dot and no digit at the
 * beginning of its last label, so that «Recall@10.5» is none; local parts in quotes are not worth finding.
 */
const ADDRESS = /([^\s@<>"'(),:;?&=/%«»[\]\\]{1,64})(@|%40)((?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}[\p{L}\p{N}-]{1,62})/giu;

/**
 * Masks an address for those who may not see it: its first letter stays, and its domain, which tells how mail fares at
 * that provider.
 */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${[...address.slice(0, at)][0] ?? ''}…${address.slice(at)}`;
}

/** Masks every address within a text, such as the words of a mail server or a page; `except` stays as it is. */
export function maskedText(text: string, except = ''): string {
  return text.replace(ADDRESS, (whole: string, local: string, at: string, domain: string) =>
    whole === except ? whole : `${[...local][0] ?? ''}…${at}${domain}`,
  );
}
