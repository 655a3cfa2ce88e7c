import type { z } from 'zod';
import { trimEndOf } from './lib/trim.ts';
import { fromHome, SAMPLES } from './package.ts';

/** A place digests come from. */
export interface SourceSetting {
  name: string;
  /** Absolute folder, or http(s) URL. */
  location: string;
}

/** Sources that are known by a word. */
interface Preset {
  pattern: RegExp;
  /** The address for what stands behind the colon. */
  location: (wish: string) => string;
  example: string;
}

const biorxiv = (server: string, category: string) =>
  `https://api.biorxiv.org/details/${server}/{date}/{date}/0/json${category ? `?category=${encodeURIComponent(category.replaceAll('-', '_'))}` : ''}`;

/**
 * A search for what PubMed took in during the last two weeks, so that a shorter outage misses nothing
 * (https://www.ncbi.nlm.nih.gov/books/NBK25499/). A plus stands for a blank.
 */
const pubmed = (query: string) =>
  `https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi?db=pubmed&retmode=json&tool=offprint&retmax=200&datetype=edat&reldate=14&term=${encodeURIComponent(query.replaceAll('+', ' '))}`;

const PRESETS: readonly Preset[] = [
  {
    pattern: /^hf$/,
    location: () => 'https://huggingface.co/api/daily_papers?date={date}&limit=100',
    example: 'hf',
  },
  {
    pattern: /^arxiv:([a-z-]+(?:\.[a-z-]+)?(?:\+[a-z-]+(?:\.[a-z-]+)?)*)$/i,
    location: (categories) => `https://rss.arxiv.org/rss/${categories}`,
    example: 'arxiv:cs.CL+cs.LG',
  },
  {
    pattern: /^biorxiv(?::([a-z_-]+))?$/i,
    location: (category) => biorxiv('biorxiv', category),
    example: 'biorxiv:neuroscience',
  },
  {
    pattern: /^medrxiv(?::([a-z_-]+))?$/i,
    location: (category) => biorxiv('medrxiv', category),
    example: 'medrxiv:epidemiology',
  },
  {
    pattern: /^pubmed:([^\s=+](?:.{0,1000}\S)?)$/i,
    location: pubmed,
    example: 'pubmed:"base editing"[tiab]',
  },
];

const NAMED = /^[a-z0-9][a-z0-9-]*=/;
/** A comma that parts two sources: what follows it begins one. */
const COMMA = /,(?= ?(?:[a-z0-9][a-z0-9-]*=|(?:hf|biorxiv|medrxiv)(?:[,:\s]|$)|arxiv:|pubmed:|$))/i;
/** What holds an address may hold what opens it, and is never repeated. */
export const MAY_OPEN = /[@?]|:\//;

/**
 * Reads SOURCES: `name=folder`, `name=URL`, `name=preset` or a preset alone (hf, arxiv:cs.CL+cs.LG,
 * biorxiv:neuroscience, medrxiv:epidemiology, pubmed:QUERY), parted by white space, lines or commas. A comma within an
 * address parts nothing.
 */
export function parseSources(text: string, context: z.RefinementCtx): SourceSetting[] {
  return partsOf(text).map((part, index) => {
    const read = readSource(part);
    if (read) return read;
    const which = MAY_OPEN.test(text) ? `no. ${index + 1}` : `«${part}»`;
    const expected = `expected name=folder, name=URL, or one of ${PRESETS.map(({ example }) => example).join(', ')}`;
    context.addIssue({ code: 'custom', message: `${which}: ${expected}` });
    return { name: '', location: '' };
  });
}

/** Parts at white space before what begins a source, else the blank belongs to a folder's name; then at commas. */
function partsOf(text: string): string[] {
  const groups: string[] = [];
  for (const word of text.split(/\s+/)) {
    const begins = NAMED.test(word) || presetOf(trimEndOf(word, /,/)) !== null;
    const last = groups.at(-1);
    if (begins || last === undefined || last.endsWith(',')) groups.push(word);
    else groups[groups.length - 1] = `${last} ${word}`;
  }
  return groups
    .flatMap((group) => group.split(COMMA))
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Reads one source of SOURCES; null where it is none. */
export function readSource(part: string): SourceSetting | null {
  const preset = presetOf(part);
  if (preset) return { name: nameOf(part), location: preset };
  const at = part.indexOf('=');
  const name = part.slice(0, at).trim();
  const location = part.slice(at + 1).trim();
  if (at < 1 || !/^[a-z0-9][a-z0-9-]*$/.test(name) || location === '') return null;
  const named = presetOf(location);
  if (named) return { name, location: named };
  if (location === 'seeds/digests') return { name, location: SAMPLES };
  if (!/^[a-z][a-z0-9+.-]+:\//i.test(location)) return { name, location: fromHome(location) };
  return /^https?:\/\//i.test(location) && URL.canParse(location) ? { name, location } : null;
}

function presetOf(word: string): string | null {
  for (const { pattern, location } of PRESETS) {
    const found = pattern.exec(word);
    if (found) return location(found[1] ?? '');
  }
  return null;
}

/** arxiv:cs.CL+cs.LG is named arxiv-cs-cl-cs-lg. */
function nameOf(preset: string): string {
  return trimEndOf(preset.toLowerCase().replace(/[^a-z0-9]+/g, '-'), /-/);
}
