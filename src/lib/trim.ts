/**
 * Takes from the end what the pattern, of one character, matches. A pattern such as `[ ~]+$` would begin anew at each
 * blank of a long run that doesn't stand at the end: time with the square of its length.
 */
export function trimEndOf(text: string, character: RegExp): string {
  let end = text.length;
  while (end > 0 && character.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
