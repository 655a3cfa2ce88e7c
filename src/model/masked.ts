/** An address within a text; local parts in quotes are not worth finding. */
const ADDRESS = /[^\s<>"'(),:;[\]\\@]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/gu;

/** Masks an address for those who may not see it: its first letter and its domain stay. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${[...address.slice(0, at)][0] ?? ''}…${address.slice(at)}`;
}

/** Masks every address within a text, such as the words of a mail server or the name of an admin. */
export function maskedText(text: string): string {
  return text.replace(ADDRESS, maskedAddress);
}
