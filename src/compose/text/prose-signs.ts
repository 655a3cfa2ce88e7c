/** Dashes, quotation marks and signs as typewriters and LaTeX write them, each only where it can be nothing else. */
const SIGNS: readonly [RegExp, string][] = [
  [/``([^`']{1,300})''/g, '“$1”'],
  [/(?<![\w'`])''([^'"`\s](?:[^'"`]{0,120}[^'"`\s])?)''(?!')/g, '“$1”'],
  [/(?<=\p{L}{2}|[.,?!\d])''(?!')/gu, '”'],
  [/``(?=[\p{L}\d])/gu, '“'],
  [/(?<![`\p{L}])`([^`'\s](?:[^`']{0,80}[^`'\s])?)'(?![\p{L}'])/gu, '‘$1’'],
  [/(?<=\s)---(?=\s)/g, '—'],
  [/(?<=\s)--(?=\s)/g, '–'],
  [/(?<=[\p{L}\d)\]”’".,%])---(?=[\p{L}\d(“"\s,.])/gu, '—'],
  [/(?<=[\p{L}\d)\]”’".,%])--(?=[\p{L}\d(“"$])/gu, '–'],
  [/(?<=\p{L})--(?=\s)/gu, '–'],
];

/** Puts the signs of print for those of the source. */
export function printedSigns(text: string): string {
  if (!/--|''|`/.test(text)) return text;
  let printed = text;
  for (const [found, put] of SIGNS) printed = printed.replace(found, put);
  return printed;
}
