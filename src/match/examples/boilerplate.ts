/** A sentence that stands in so many papers says nothing of any («Code and data are released.»). */
const COMMON = 3;

/** Returns the function that takes out of an abstract the sentences that several of these papers have word by word. */
export function withoutCommon(papers: readonly { abstract: string }[]): (abstract: string) => string {
  const counts = new Map<string, number>();
  for (const { abstract } of papers)
    for (const sentence of new Set(sentencesOf(abstract))) counts.set(sentence, (counts.get(sentence) ?? 0) + 1);
  const common = new Set([...counts].flatMap(([sentence, count]) => (count >= COMMON ? [sentence] : [])));
  if (common.size === 0) return (abstract) => abstract;
  return (abstract) =>
    sentencesOf(abstract)
      .filter((sentence) => !common.has(sentence))
      .join(' ');
}

function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?])\s+/);
}
