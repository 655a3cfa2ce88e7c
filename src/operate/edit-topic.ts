import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import { recordAct } from '../db/operator/audit.ts';
import {
  dropTopicDraft,
  findTopicVersion,
  lockTopic,
  putInForce,
  storeTopicDraft,
} from '../db/interests/topic-versions.ts';
import { refreshTopics } from '../live-topics.ts';
import { readTopics } from '../match/concepts/own-concepts.ts';
import { CONCEPT_BOUNDS, nameKey, parseConcepts } from '../match/concepts/read-concepts.ts';
import { AppError, type Said } from '../lib/errors.ts';
import type { Actor } from '../model/actor.ts';
import type { TopicEdit } from '../model/topic.ts';

/** What became of the wish to change a topic. */
export type TopicOutcome =
  | { outcome: 'drafted' | 'dropped' | 'published' | 'unchanged' | 'unknown' }
  | { outcome: 'wrong'; problem: string; why: Said[] };

/** Checks what somebody makes of a topic, by the rules that the release's own keep; '' where nothing is wrong. */
export function problemOfEdit({ slug, name, description, terms }: TopicEdit): string {
  const topic = { slug, field: 'none', description, arxivCategories: ['cs.LG'] };
  try {
    parseConcepts([{ name, also: [], terms, broader: [], topic }], slug, 'wholly');
    return '';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.message.split('\n').slice(1).join(' ').trim();
  }
}

/** Says for pages what is wrong with an edit: what of it somebody can type wrong. */
function reasonsAgainst({ name, description, terms }: TopicEdit): Said[] {
  const { name: most, description: length, terms: many } = CONCEPT_BOUNDS;
  const isOut = (n: number, bounds: typeof length) => n < bounds.least || n > bounds.most;
  const keys = [name, ...terms].map(nameKey);
  return [
    ...(isOut(name.length, { least: 1, most }) ? [{ name: 'topic.name', values: { most } }] : []),
    ...(isOut(description.length, length) ? [{ name: 'topic.description', values: length }] : []),
    ...(isOut(terms.length, many) ? [{ name: 'topic.terms', values: many }] : []),
    ...terms.flatMap((term, at) => {
      const key = keys[at + 1] ?? '';
      if (term.length > most) return [{ name: 'topic.term', values: { term, most } }];
      if (key === '') return [{ name: 'topic.noWord', values: { term } }];
      return keys.indexOf(key) <= at ? [{ name: 'topic.twice', values: { term } }] : [];
    }),
  ];
}

/** Keeps a draft of a topic beside the one in force; nobody's newsletter changes. */
export async function draftTopic(ctx: Context, edit: TopicEdit, by: Actor): Promise<TopicOutcome> {
  const problem = problemOfEdit(edit);
  if (problem !== '') return { outcome: 'wrong', problem, why: reasonsAgainst(edit) };
  const at = ctx.now();
  return transaction(ctx.db, async (tx) => {
    if (!(await lockTopic(tx, edit.slug))) return { outcome: 'unknown' };
    await storeTopicDraft(tx, edit, at);
    await recordAct(tx, { at, actor: by, action: 'topic.draft', subject: edit.slug });
    return { outcome: 'drafted' };
  });
}

/** Throws a draft away. */
export async function dropDraft(ctx: Context, slug: string, by: Actor): Promise<TopicOutcome> {
  return transaction(ctx.db, async (tx) => {
    if (!(await dropTopicDraft(tx, slug))) return { outcome: 'unchanged' };
    await recordAct(tx, { at: ctx.now(), actor: by, action: 'topic.drop-draft', subject: slug });
    return { outcome: 'dropped' };
  });
}

/**
 * Puts a version of a topic in force, or with null the release's own: all papers of the window are matched anew, by
 * every process.
 */
export async function publishTopic(
  ctx: Context,
  slug: string,
  versionId: number | null,
  by: Actor,
): Promise<TopicOutcome> {
  const at = ctx.now();
  const outcome = await transaction(ctx.db, async (tx) => {
    const before = await lockTopic(tx, slug);
    if (!before || (versionId !== null && !(await findTopicVersion(tx, slug, versionId)))) return 'unknown' as const;
    if (before.versionId === versionId) return 'unchanged' as const;
    await putVersionInForce(ctx, tx, slug, versionId);
    await recordAct(tx, {
      at,
      actor: by,
      action: 'topic.publish',
      subject: slug,
      before: { ...before },
      after: { versionId },
    });
    await ctx.queue.wake('match', tx);
    return 'published' as const;
  });
  if (outcome === 'published') await refreshTopics(ctx);
  return { outcome };
}

/** Puts a version in force within a transaction; with null, or where it is gone, the release's own. */
export async function putVersionInForce(ctx: Context, tx: Tx, slug: string, versionId: number | null): Promise<void> {
  const version = versionId === null ? null : await findTopicVersion(tx, slug, versionId);
  const own = readTopics(ctx.config.CONCEPTS_FILE).find((topic) => topic.slug === slug);
  const { name = slug, description = '' } = version ?? own ?? {};
  await putInForce(tx, slug, { versionId: version?.id ?? null, name, description }, ctx.now());
}
