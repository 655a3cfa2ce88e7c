import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError, messageOf } from '../lib/errors.ts';
import type { Topic } from '../model/topic.ts';
import { TOPICS_FILE } from './own-topics.ts';
import { termStems } from './tokens.ts';

const topicSchema = z.strictObject({
  slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens'),
  name: z.string().trim().min(2).max(80),
  field: z.string().trim().min(2).max(60),
  description: z
    .string()
    .trim()
    .min(10)
    .max(200)
    .regex(/^[^\n]*$/, 'expected one line'),
  profile: z
    .array(z.strictObject({ term: z.string().trim().min(2).max(80), weight: z.number().gt(0).max(1) }))
    .min(1, 'an empty profile matches nothing'),
  arxivCategories: z
    .array(z.string().regex(/^[a-z-]+(\.[A-Za-z-]{2,})?$/, 'expected an arXiv category such as cs.LG'))
    .min(1),
});

/** Reads and checks a topics file. Throws AppError bad-input that lists every problem. */
export async function readTopicsFile(path: string = TOPICS_FILE): Promise<Topic[]> {
  const text = await readFile(path, 'utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError('bad-input', `${path}: expected JSON: ${messageOf(error)}`);
  }
  return parseTopics(json, path);
}

/** Checks topics as read from JSON; `where` names the file in the message. */
export function parseTopics(json: unknown, where: string): Topic[] {
  const list = z.array(z.unknown()).safeParse(json);
  if (!list.success) throw new AppError('bad-input', `${where}: expected a list of topics`);
  const problems: string[] = [];
  const topics: Topic[] = [];
  for (const [at, item] of list.data.entries()) {
    const parsed = topicSchema.safeParse(item);
    const name = (item as { slug?: unknown } | null)?.slug;
    const here = typeof name === 'string' ? `«${name}»` : `topic ${at + 1}`;
    if (parsed.success) topics.push(parsed.data);
    else problems.push(...parsed.error.issues.map((issue) => `${here}: ${issue.path.join('.')}: ${issue.message}`));
  }
  problems.push(...duplicates(topics));
  if (problems.length > 0)
    throw new AppError('bad-input', `${where}: topics that cannot be used:\n  ${problems.join('\n  ')}`);
  return topics;
}

/** Names slugs, names and terms (after stemming) that stand there twice. */
function duplicates(topics: Topic[]): string[] {
  const problems: string[] = [];
  const taken = new Map<string, string>();
  const claim = (key: string, slug: string, what: string) => {
    const other = taken.get(key);
    if (other !== undefined)
      problems.push(`«${slug}»: ${what} stands there twice${other === slug ? '' : `, in «${other}» too`}`);
    taken.set(key, slug);
  };
  for (const { slug, name, profile } of topics) {
    claim(`slug ${slug}`, slug, `slug ${slug}`);
    claim(`name ${termStems(name).join(' ')}`, slug, `name «${name}»`);
    for (const { term } of profile) {
      const stems = termStems(term).join(' ');
      if (stems === '') problems.push(`«${slug}»: the term «${term}» holds no word`);
      else claim(`${slug} term ${stems}`, slug, `the term «${term}»`);
    }
  }
  return problems;
}
