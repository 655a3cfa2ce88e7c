import type { Request } from 'express';
import type { Context } from '../context.ts';
import { MOST_COUNTED } from '../db/interests/paper-matches.ts';
import { countTopicReaders } from '../db/interests/topic-readers.ts';
import { listTopicVersions, type TopicVersion } from '../db/interests/topic-versions.ts';
import { loadKnowledge } from '../match/knowledge.ts';
import { readOwnConcepts } from '../match/concepts/own-concepts.ts';
import type { Topic, TopicEdit } from '../model/topic.ts';
import { topicChanges } from '../preview/topic-changes.ts';
import { sayingFor, type Saying } from './saying.ts';

/** Titles named of what a draft gains or loses. */
const TITLES = 30;

/** What of a topic a page shows: what is in force, what the release has, and a draft where there is one. */
export interface TopicState {
  topic: Topic;
  now: TopicEdit;
  /** The release's own; null where an operator's file brought the topic. */
  release: TopicEdit | null;
  versionId: number | null;
  versions: TopicVersion[];
  draft: TopicVersion | null;
}

/** Loads how a topic stands. */
export async function topicState(ctx: Context, topic: Topic, versionId: number | null): Promise<TopicState> {
  const { slug, name, description } = topic;
  const { topics, concepts } = loadKnowledge(ctx.config.CONCEPTS_FILE).lexicon;
  const versions = await listTopicVersions(ctx.db, slug);
  const inForce = versions.find(({ id }) => id === versionId);
  const terms = inForce?.terms ?? concepts.at(topics.get(slug) ?? -1)?.terms ?? [];
  const shipped = readOwnConcepts().find((concept) => concept.topic?.slug === slug);
  const release = shipped?.topic
    ? { slug, name: shipped.name, description: shipped.topic.description, terms: shipped.terms }
    : null;
  const draft = versions.find(({ publishedAt }) => publishedAt === null) ?? null;
  return { topic, now: { slug, name, description, terms: [...terms] }, release, versionId, versions, draft };
}

/** Prepares the page of a topic; `tried` is what was typed and cannot be used. */
export async function topicView(
  ctx: Context,
  req: Request,
  state: TopicState,
  { compare, tried, problem = '' }: { compare: boolean; tried?: TopicEdit | undefined; problem?: string },
) {
  const say = sayingFor(ctx, req);
  const { words, count } = say;
  const { topic, now, release, draft, versions, versionId } = state;
  const form = tried ?? draft ?? now;
  const readers = await countTopicReaders(ctx.db, topic.slug);
  const shown = readers >= MOST_COUNTED ? `> ${count(readers)}` : count(readers);
  return {
    ...{ slug: topic.slug, path: `/admin/topics/${topic.slug}`, heading: topic.name, problem },
    sentence: words('admin.topics.sentence', { n: readers, readers: shown, own: versionId === null ? 'no' : 'yes' }),
    form: { name: form.name, description: form.description, terms: form.terms.join('\n') },
    draft: draft && {
      difference: differenceView(now, draft, say),
      at: (say.when(draft.createdAt) as { when: unknown }).when,
    },
    changes: compare && draft ? await changesView(ctx, draft, say) : null,
    release: versionId !== null && release ? differenceView(now, release, say) : null,
    versions: versions
      .filter(({ publishedAt }) => publishedAt !== null)
      .map((version) => ({
        ...{ id: version.id, name: version.name, terms: version.terms.length, inForce: version.id === versionId },
        at: (say.when(version.publishedAt) as { when: unknown }).when,
      })),
    draftId: draft?.id ?? 0,
  };
}

/** What differs between two versions of a topic, in words. */
function differenceView(from: TopicEdit, to: TopicEdit, { words }: Saying) {
  const only = (some: readonly string[], other: readonly string[]) => some.filter((term) => !other.includes(term));
  return [
    ...(from.name === to.name ? [] : [words('admin.topics.renamed', { from: from.name, to: to.name })]),
    ...(from.description === to.description ? [] : [words('admin.topics.redescribed', { to: to.description })]),
    ...[...only(to.terms, from.terms)].map((term) => `+ ${term}`),
    ...[...only(from.terms, to.terms)].map((term) => `− ${term}`),
  ];
}

async function changesView(ctx: Context, draft: TopicEdit, { words }: Saying) {
  const { from, to, papers, gained, lost, kept } = await topicChanges(ctx, draft);
  const values = { from, to, papers, gained: gained.length, lost: lost.length, kept };
  return {
    sentence: words('admin.topics.changes', values),
    gained: gained.slice(0, TITLES),
    lost: lost.slice(0, TITLES),
  };
}
