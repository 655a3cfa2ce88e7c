import { holdWishes } from '../db/interests/examples.ts';
import type { Context } from '../context.ts';
import type { Translate } from '../lib/strings.ts';
import { sharedConcepts } from '../match/examples/example-concepts.ts';
import { loadKnowledge } from '../match/knowledge.ts';
import { exampleIdentity, isTelling, type Example } from '../model/example.ts';
import type { Wish } from '../model/interest.ts';
import type { Fields } from '../http/bodies.ts';
import { titleText } from './paper-view.ts';

/** What a reader's settings show of the papers they gave as examples. */
export interface LikeView {
  lead: string;
  unknown: string;
  concepts: { name: string; note: string; out: boolean }[];
  list: string;
  /** Whether the list of examples stands open: something is ticked in it. */
  isOpen: boolean;
  removesAll: boolean;
  examples: { value: string; title: string; id: string; mark: string; removed: boolean }[];
}

/**
 * Prepares what is shown of a reader's examples, with what is ticked in the form that came, where one did; null where
 * they gave none.
 */
export async function likeView(
  { db, config }: Context,
  t: Translate,
  wishes: readonly Wish[],
  form?: Fields,
): Promise<LikeView | null> {
  const held = await holdWishes(
    db,
    wishes.filter(({ kind }) => kind === 'like'),
  );
  const like = held[0]?.like;
  if (!like) return null;
  const { examples, leftOut } = like;
  const unknown = examples.filter((example) => !isTelling(example)).length;
  const shared = sharedConcepts(examples.filter(isTelling), leftOut, loadKnowledge(config.CONCEPTS_FILE));
  const percent = new Intl.NumberFormat(t('site.language'), { style: 'percent' });
  const out = new Set(form ? form.get('notLike') : leftOut);
  const removed = new Set(form?.get('likeRemove'));
  return {
    lead: t('like.held', { n: examples.length }),
    unknown: unknown > 0 ? t('like.unknown', { n: unknown }) : '',
    concepts: [
      ...shared.map(({ name, share }) => ({ name, note: t('like.share', { share: percent.format(share) }) })),
      ...leftOut.map((name) => ({ name, note: t('like.leftOut') })),
    ].map((concept) => ({ ...concept, out: out.has(concept.name) })),
    list: t('like.list', { n: examples.length }),
    isOpen: removed.size > 0,
    removesAll: removed.has('all'),
    examples: examples.map((example) => ({
      value: exampleIdentity(example),
      title: titleText(example.title) || idOf(example),
      id: example.title === '' ? '' : idOf(example),
      mark: isTelling(example) ? '' : t('like.unknown.mark'),
      removed: removed.has(exampleIdentity(example)),
    })),
  };
}

function idOf({ arxivId, doi }: Example): string {
  return arxivId === null ? (doi ?? '') : `arXiv:${arxivId}`;
}

/** Returns the examples that a reader keeps of those they gave before. */
export function keptExamples(wishes: readonly Wish[], fields: Fields): Example[] {
  const removed = new Set(fields.get('likeRemove') ?? []);
  const held = wishes.flatMap(({ like }) => like?.examples ?? []);
  return removed.has('all') ? [] : held.filter((example) => !removed.has(exampleIdentity(example))).map(plainExample);
}

/** An example without what is known of it by now: what makes its key. */
function plainExample({ arxivId, doi, title, abstract }: Example): Example {
  return { arxivId, doi, title, abstract };
}
