import { join } from 'node:path';
import { z } from 'zod';
import { AppError, messageOf } from '../../lib/errors.ts';
import { readNamedFile } from '../../lib/named-file.ts';
import type { Concept } from '../../model/concept.ts';
import type { Topic } from '../../model/topic.ts';
import { PACKAGE_ROOT } from '../../package.ts';
import { fold } from '../tokens.ts';

/** The concepts that come with the program: first those that readers can pick. */
export const CONCEPT_FILES = ['topics.json', 'concepts.json'].map((name) => join(PACKAGE_ROOT, 'seeds', name));

/** How long names, terms and descriptions may be, in characters, and how many terms there are to be. */
export const CONCEPT_BOUNDS = { name: 60, description: { least: 10, most: 200 }, terms: { least: 8, most: 32 } };

const { description, terms } = CONCEPT_BOUNDS;
const name = z.string().trim().min(1).max(CONCEPT_BOUNDS.name);
const topicSchema = z.strictObject({
  slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens'),
  field: z.string().trim().min(2).max(60),
  description: z
    .string()
    .trim()
    .min(description.least)
    .max(description.most)
    .regex(/^[^\n]*$/, 'expected one line'),
  arxivCategories: z
    .array(z.string().regex(/^[a-z-]+(\.[A-Za-z-]{2,})?$/, 'expected an arXiv category such as cs.LG'))
    .min(1),
});
const conceptSchema = z.strictObject({
  name,
  also: z.array(name),
  terms: z
    .array(name)
    .min(terms.least, `expected ${terms.least} terms or more: with fewer most of its papers are missed`)
    .max(terms.most),
  broader: z.array(name),
  topic: topicSchema.optional(),
});

/**
 * Reads and checks files of concepts, which may name each other's. Throws AppError bad-input that lists every problem
 * of the first file that has some.
 */
export async function readConceptFiles(paths: readonly string[] = CONCEPT_FILES): Promise<Concept[]> {
  const lists = await Promise.all(paths.map(readList));
  const read = lists.map((list, at) => parseEach(list, paths[at] ?? ''));
  const all = read.flatMap(({ concepts }) => concepts);
  const problems = [...read.flatMap((one) => one.problems), ...problemsBetween(all)];
  if (problems.length > 0) throw unusable(paths.join(', '), problems);
  return all;
}

/**
 * Checks concepts as read from JSON; `where` names the file in the message. What is part of a larger list is checked
 * for each concept's own shape alone.
 */
export function parseConcepts(json: unknown, where: string, whole: 'wholly' | 'partly' = 'wholly'): Concept[] {
  const { concepts, problems } = parseEach(json, where);
  const all = [...problems, ...(whole === 'wholly' ? problemsBetween(concepts) : [])];
  if (all.length > 0) throw unusable(where, all);
  return concepts;
}

/** Checks that concepts go together: names, slugs, what is broader. */
export function checkConcepts(concepts: Concept[], where: string): Concept[] {
  const problems = problemsBetween(concepts);
  if (problems.length > 0) throw unusable(where, problems);
  return concepts;
}

/** Returns those that readers can pick. */
export function topicsOf(concepts: readonly Concept[]): Topic[] {
  return concepts.flatMap(({ name, topic }) => (topic ? [{ name, ...topic }] : []));
}

async function readList(path: string): Promise<unknown> {
  const text = await readNamedFile(path, 'concepts as in seeds/concepts.json');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('bad-input', `${path}: expected JSON: ${messageOf(error)}`);
  }
}

function parseEach(json: unknown, where: string): { concepts: Concept[]; problems: string[] } {
  const list = z.array(z.unknown()).safeParse(json);
  if (!list.success) throw new AppError('bad-input', `${where}: expected a list of concepts`);
  const concepts: Concept[] = [];
  const problems: string[] = [];
  for (const [at, item] of list.data.entries()) {
    const parsed = conceptSchema.safeParse(item);
    const given = (item as { name?: unknown } | null)?.name;
    const here = typeof given === 'string' ? `«${given}»` : `concept ${at + 1}`;
    if (parsed.success) concepts.push(parsed.data);
    else problems.push(...parsed.error.issues.map((issue) => `${here}: ${issue.path.join('.')}: ${issue.message}`));
  }
  return { concepts, problems };
}

function problemsBetween(concepts: readonly Concept[]): string[] {
  const byName = new Map(concepts.map((concept) => [nameKey(concept.name), concept]));
  return [
    ...repeated(concepts),
    ...repeatedSlugs(concepts),
    ...concepts.flatMap((concept) => misplaced(concept, byName)),
  ];
}

function unusable(where: string, problems: readonly string[]): AppError {
  return new AppError('bad-input', `${where}: concepts that cannot be used:\n  ${problems.join('\n  ')}`);
}

function repeatedSlugs(concepts: readonly Concept[]): string[] {
  const taken = new Map<string, string>();
  return concepts.flatMap(({ name, topic }) => {
    if (!topic) return [];
    const other = taken.get(topic.slug);
    taken.set(topic.slug, name);
    return other === undefined ? [] : [`«${name}»: the slug ${topic.slug} is that of «${other}» too`];
  });
}

/** Returns what names are compared by: words in lower case, without accents and signs. */
export function nameKey(text: string): string {
  return (fold(text).match(/[\p{L}\p{N}]+|[+#]+/gu) ?? []).join(' ');
}

/** Names that two concepts have, and terms that one has twice, or that are its own name. */
function repeated(concepts: readonly Concept[]): string[] {
  const taken = new Map<string, string>();
  return concepts.flatMap(({ name, also, terms }) => {
    const problems: string[] = [];
    const own = new Set<string>();
    for (const each of [name, ...also]) {
      const key = nameKey(each);
      const other = taken.get(key);
      if (other !== undefined) problems.push(`«${name}»: «${each}» names «${other}» too`);
      taken.set(key, name);
      own.add(key);
    }
    for (const term of terms) {
      const key = nameKey(term);
      if (key === '') problems.push(`«${name}»: the term «${term}» holds no word`);
      if (own.has(key)) problems.push(`«${name}»: the term «${term}» stands there twice, or is its name`);
      own.add(key);
    }
    return problems;
  });
}

/** Broader concepts that are not there, or that lead back to where one came from. */
function misplaced(concept: Concept, byName: ReadonlyMap<string, Concept>): string[] {
  const problems: string[] = [];
  const seen = new Set<Concept>();
  const climb = (from: Concept): void => {
    for (const above of from.broader) {
      const found = byName.get(nameKey(above));
      if (!found) {
        if (from === concept) problems.push(`«${concept.name}»: broader «${above}» is no concept`);
      } else if (found === concept)
        problems.push(`«${concept.name}»: is broader than itself, by way of «${from.name}»`);
      else if (!seen.has(found)) {
        seen.add(found);
        climb(found);
      }
    }
  };
  climb(concept);
  return problems;
}
