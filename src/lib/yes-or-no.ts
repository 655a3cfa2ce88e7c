/** Reads a yes or no; anything else stays as it is, to be named. */
export function yesOrNo(text: string): boolean | string {
  if (/^(?:yes|true|1)$/i.test(text)) return true;
  return /^(?:no|false|0)$/i.test(text) ? false : text;
}
