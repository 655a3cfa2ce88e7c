/** Words of titles that say nothing of a subject. */
const EMPTY = new Set(
  'about above after again against also among and any are based been before being better beyond both but can deep does driven each efficient even ever fast for from fully general has have how improving into its learning less more most much need new not novel off one only onto our over paper rethinking self than that the their them then there these they this those through toward towards two under unified using very via was what when where which while who why will with within without you your'.split(
    ' ',
  ),
);

/** Most words offered. */
const OFFERED = 8;

/** Picks the words of a title that a reader may want to be spared, in the order they stand in it. */
export function wordsToMute(title: string): string[] {
  const words = title
    .split(/[^\p{L}\p{N}-]+/u)
    .map((word) => word.replace(/^-+|-+$/g, ''))
    .filter((word) => word.length > 2 && /\p{L}/u.test(word) && !EMPTY.has(word.toLowerCase()));
  const seen = new Set<string>();
  return words.filter((word) => !seen.has(word.toLowerCase()) && seen.add(word.toLowerCase())).slice(0, OFFERED);
}
