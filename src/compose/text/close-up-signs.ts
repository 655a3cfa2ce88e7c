/**
 * Takes out the blank that a dropped command leaves in front of a sign («as shown .»), unless the text was written so.
 */
export function closeUpSigns(shown: string, written: string): string {
  let apart: Map<string, number> | undefined;
  return shown.replace(/(?<=\S) +([,;.:!?](?:\s|$))/g, (whole, sign: string) => {
    apart ??= signsApart(written);
    return whole.length - sign.length <= (apart.get(sign) ?? 0) ? whole : sign;
  });
}

/**
 * Tells how many blanks stand at most in front of each sign that has some, alone and with what follows: who wrote « :»
 * meant it.
 */
function signsApart(text: string): Map<string, number> {
  const most = new Map<string, number>();
  for (const [, blanks = '', sign = '', next = ''] of text.matchAll(/(?<! )( +)([,;.:!?])(\s?)/g))
    for (const key of [sign, sign + next]) most.set(key, Math.max(most.get(key) ?? 0, blanks.length));
  return most;
}
