/**
 * An address in any text: as it is written, or as a link carries it (`%40`). The domain has a dot and no digit in
 * front of its last label, so that «Recall@10.5» is none.
 */
const ADDRESS = /([^\s@<>"'(),:;?&=/%«»]{1,64})(@|%40)((?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}[\p{L}\p{N}-]{1,62})/giu;

/**
 * Masks the addresses in a text for those who may not see them: `ada@example.org` becomes `a…@example.org`, since which
 * provider it is tells how mail fares there. `except` stays as it is.
 */
export function maskAddresses(text: string, except = ''): string {
  return text.replace(ADDRESS, (whole: string, local: string, at: string, domain: string) =>
    whole === except ? whole : `${[...local][0] ?? ''}…${at}${domain}`,
  );
}

/** Masks what is known to be an address, whatever its local part holds. */
export function maskAddress(address: string): string {
  return `${[...address][0] ?? ''}…${address.slice(address.lastIndexOf('@'))}`;
}
