import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../config.ts';

/** What the search box of the form looks at, as the attributes of a topic. */
export interface Findable {
  /** Its name, in the form's language and in English, and its slug. */
  name: string;
  /** Abbreviations that mean this topic before all others, and those that may mean it too. */
  short: string;
  also: string;
  /** Its field and what it is about, which the form shows anyway: no attribute repeats it. */
  about: string;
}

interface Worded {
  slug: string;
  name: string;
  field: string;
  description: string;
}

/** Which topics people mean by an abbreviation, the likeliest first; read once per process. */
let read: ReadonlyMap<string, Pick<Findable, 'short' | 'also'>> | undefined;

/** Says what a topic is found by. */
export function findableAs(topic: Worded, englishName: string): Findable {
  read ??= abbreviationsBySlug();
  const { name, field, slug, description } = topic;
  const names = `${name} ${englishName} ${slug}`.toLowerCase();
  return { ...(read.get(slug) ?? { short: '', also: '' }), name: names, about: `${field} ${description}` };
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
