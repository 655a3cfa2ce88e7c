import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../config.ts';

/** What the search box of the form looks at beside what the page shows anyway, as the attributes of a topic. */
export interface Findable {
  /** Its name in English, where the form speaks another language. */
  english: string;
  /** Abbreviations that mean this topic before all others, and those that may mean it too. */
  short: string;
  also: string;
}

/** Which topics people mean by an abbreviation, the likeliest first; read once per process. */
let read: ReadonlyMap<string, Pick<Findable, 'short' | 'also'>> | undefined;

/** Says what a topic is found by. */
export function findableAs({ slug, name }: { slug: string; name: string }, englishName: string): Findable {
  read ??= abbreviationsBySlug();
  return { ...(read.get(slug) ?? { short: '', also: '' }), english: englishName === name ? '' : englishName };
}

function abbreviationsBySlug(): Map<string, Pick<Findable, 'short' | 'also'>> {
  const file = join(PACKAGE_ROOT, 'seeds/abbreviations.json');
  const meant = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>;
  const found = new Map<string, Pick<Findable, 'short' | 'also'>>();
  for (const [abbreviation, slugs] of Object.entries(meant))
    for (const [at, slug] of slugs.entries()) {
      const { short, also } = found.get(slug) ?? { short: '', also: '' };
      const add = (to: string) => `${to} ${abbreviation}`.trim();
      found.set(slug, at === 0 ? { short: add(short), also } : { short, also: add(also) });
    }
  return found;
}
