import type { ChosenPaper } from '../../model/newsletter.ts';
import { interestName, wordingOf } from './interest-name.ts';
import { capitalised, shorten } from '../text/clean-text.ts';
import { namesIn, pairOf, type CardContext, type Group } from './fragment-cache.ts';
import type { FragmentPair } from '../wire/stencil.ts';
import { present } from '../../lib/present.ts';

/** Papers under one heading, or under none. */
export interface PaperGroup {
  group: Group | null;
  papers: ChosenPaper[];
}

/** From so many papers on a newsletter is grouped: fewer are seen at a glance. */
const GROUPED_FROM = 5;
/** The groups of the papers that are there by trend, and of those that the editor alone brought. */
const BY_TREND = -1;
const BY_EDITOR = -2;
/** Longest name in the line of contents, in characters, and most names in it. */
const IN_CONTENTS = 40;
const MOST_IN_CONTENTS = 8;

/**
 * Groups the papers of a newsletter by the interest that brought them, the group of the best paper first; papers that
 * are there by trend come behind, and those that the editor alone brought last. Few papers, and those of a single
 * interest, stay in order under no heading.
 */
export function groupPapers(context: CardContext, papers: readonly ChosenPaper[]): PaperGroup[] {
  const together = [{ group: null, papers: [...papers] }];
  if (papers.length < GROUPED_FROM && !context.setting.weekly) return together;
  const groups: ChosenPaper[][] = [];
  const [trend, picked]: [ChosenPaper[], ChosenPaper[]] = [[], []];
  for (const paper of papers) {
    const of = paper.match?.interestId;
    const unasked = paper.picked ? picked : trend;
    const group = of === undefined ? unasked : groups.find(([first]) => first?.match?.interestId === of); // few
    if (group) group.push(paper);
    else groups.push([paper]);
  }
  groups.push(...[trend, picked].filter(({ length }) => length > 0));
  if (groups.length < 2) return together;
  return groups.map((group) => ({ group: groupOf(context, group), papers: group }));
}

/**
 * Returns the papers, best first; the first of them leads, and the mail is called by it. Where the best one is there by
 * trend or by the editor, whose groups stand last, they come as they are read: whatever leads is read first.
 */
export function leadFirst(groups: readonly PaperGroup[], papers: readonly ChosenPaper[]): readonly ChosenPaper[] {
  return groups[0]?.papers[0] === papers[0] ? papers : groups.flatMap((group) => group.papers);
}

/** Makes the line of contents: each group with how many papers it has; none without groups. */
export function contentsOf(context: CardContext, groups: readonly PaperGroup[]): FragmentPair[] {
  if (groups.length < 2) return [];
  const part = (name: string) => pairOf(context, name, name, () => ({}));
  const named = groups.slice(0, MOST_IN_CONTENTS);
  const items = named.map(({ group, papers }, at) => {
    const { inContents, title: whole } = present(group, 'a heading');
    const more = at < named.length - 1;
    const count = papers.length;
    const key = more ? count : -count;
    const kept = inContents.get(key);
    if (kept) return kept;
    const title = shorten(whole, IN_CONTENTS);
    const view = { title, count, more };
    const made = pairOf(context, `contents ${context.language} ${title} ${key}`, 'contents-item', () => view);
    inContents.set(key, made);
    return made;
  });
  return [part('contents-open'), ...items, part('contents-close')];
}

/** Returns what stands for the interest of these papers, made once for all who have it. */
function groupOf(context: CardContext, papers: readonly ChosenPaper[]): Group {
  const [{ match, picked } = { match: null }] = papers;
  const like = match?.like;
  const text = match ? (match.wording ?? wordingOf(match)) : '';
  const make = (): Group => {
    const title = capitalised(
      match ? interestName(match, context.t) : context.t(picked ? 'mail.group.editor' : 'mail.group.trend'),
    );
    const heading = pairOf(context, `group ${context.language} ${title}`, 'group', () => ({ title }));
    return { text, like, title, heading, inContents: new Map() };
  };
  const kept = namesIn(context, match?.wording).groups.get(match?.interestId ?? (picked ? BY_EDITOR : BY_TREND), make);
  const isSame = kept.text === text && kept.like?.count === like?.count && kept.like?.titles[0] === like?.titles[0];
  return isSame ? kept : make();
}
