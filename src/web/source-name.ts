import type { SourceSetting } from '../source-settings.ts';
import type { Translate } from '../lib/strings.ts';
import { isSampleSource } from '../samples.ts';

/** How those who publish lists call them, by where we ask. */
const KNOWN: readonly (readonly [location: RegExp, name: (found: RegExpExecArray) => string])[] = [
  [/^https?:\/\/(?:www\.)?huggingface\.co\/(?:api\/daily_papers|papers)\b/i, () => 'Hugging Face daily papers'],
  [
    /^https?:\/\/(?:[a-z]+\.)?arxiv\.org\/(?:rss|atom|list|api)\b(?:\/([a-z-]+(?:\.[a-z-]+)?))?/i,
    ([, category]) => (category && category !== 'query' ? `arXiv ${category}` : 'arXiv'),
  ],
  [
    /^https?:\/\/api\.biorxiv\.org\/details\/(bio|med)rxiv\b/i,
    ([, server]) => (server?.toLowerCase() === 'med' ? 'medRxiv' : 'bioRxiv'),
  ],
  [/^https?:\/\/(?:eutils|pubmed)\.ncbi\.nlm\.nih\.gov\//i, () => 'PubMed'],
];

/**
 * Names a source for readers: as its publisher does where it is asked at a known address, as samples where it is ours,
 * else as the operator did in SOURCES.
 */
export function sourceName(t: Translate, sources: readonly SourceSetting[], name: string): string {
  const location = sources.find((source) => source.name === name)?.location ?? '';
  if (isSampleSource({ SOURCES: sources }, name)) return t('source.samples');
  for (const [pattern, named] of KNOWN) {
    const found = pattern.exec(location);
    if (found) return named(found);
  }
  return name;
}
