import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError, messageOf } from '../lib/errors.ts';
import type { Concept } from '../model/concept.ts';
import { PACKAGE_ROOT } from '../package.ts';
import { fold } from './tokens.ts';

/** The concepts that come with the program. */
export const CONCEPTS_FILE = join(PACKAGE_ROOT, 'seeds', 'concepts.json');

const name = z.string().trim().min(1).max(60);
const conceptSchema = z.strictObject({
  name,
  also: z.array(name),
  terms: z.array(name).min(8, 'expected 8 terms or more: with fewer most of its papers are missed').max(32),
  broader: z.array(name),
});

/** Reads and checks a file of concepts. Throws AppError bad-input that lists every problem. */
export async function readConceptsFile(path: string = CONCEPTS_FILE): Promise<Concept[]> {
  const text = await readFile(path, 'utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError('bad-input', `${path}: expected JSON: ${messageOf(error)}`);
  }
  return parseConcepts(json, path);
}

/** Checks concepts as read from JSON; `where` names the file in the message. */
export function parseConcepts(json: unknown, where: string): Concept[] {
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
  const byName = new Map(concepts.map((concept) => [nameKey(concept.name), concept]));
  problems.push(...repeated(concepts), ...concepts.flatMap((concept) => misplaced(concept, byName)));
  if (problems.length > 0)
    throw new AppError('bad-input', `${where}: concepts that cannot be used:\n  ${problems.join('\n  ')}`);
  return concepts;
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
