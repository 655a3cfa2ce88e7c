import { present } from '../../lib/present.ts';
/** A paper as cut out of a page: its paragraphs, told apart. */
export interface PagePaper {
  title: string;
  abstract: string;
}

/** What a paragraph can be in a list of papers. */
type Role = 'title' | 'abstract' | 'more';

const FORBIDDEN = 1e9;
/**
 * What a title without abstract costs at the end: a capture may be cut there, but what has a byline has nearly always
 * an abstract.
 */
const BARE_TITLE_COST = { open: 5, byline: 8 };

/**
 * Tells titles from abstracts in the paragraphs between two bylines, where bylines, abstracts or titles may be missing:
 * the cheapest reading as title, abstract, title, abstract … by length and by how sentences end. Linear in the number
 * of paragraphs.
 */
export function tellPapersApart(paragraphs: string[], ending: 'byline' | 'open'): PagePaper[] {
  const roles = cheapestRoles(paragraphs, BARE_TITLE_COST[ending]);
  const papers: PagePaper[] = [];
  for (const [index, text] of paragraphs.entries()) {
    const last = papers.at(-1);
    if (roles[index] === 'title') papers.push({ title: text, abstract: '' });
    else if (roles[index] === 'more' && last) last.abstract += ` ${text}`;
    else if (last && last.abstract === '' && roles[index - 1] === 'title') last.abstract = text;
    else papers.push({ title: '', abstract: text });
  }
  return papers;
}

function cheapestRoles(paragraphs: string[], bareTitleCost: number): Role[] {
  const all: Role[] = ['title', 'abstract', 'more'];
  let costs: Record<Role, number> = { title: 0, abstract: FORBIDDEN, more: FORBIDDEN };
  const cameFrom: Record<Role, Role>[] = [];
  for (const [index, text] of paragraphs.entries()) {
    const next = {} as Record<Role, number>;
    const from = {} as Record<Role, Role>;
    for (const role of all) {
      const before =
        index === 0
          ? [{ role: 'abstract' as const, cost: startCost(role) }]
          : all.map((role0) => ({ role: role0, cost: costs[role0] + stepCost(role0, role) }));
      const best = before.reduce((a, b) => (b.cost < a.cost ? b : a));
      next[role] = best.cost + roleCost(role, text);
      from[role] = best.role;
    }
    costs = next;
    cameFrom.push(from);
  }
  costs = { ...costs, title: costs.title + bareTitleCost };
  let role = all.reduce((a, b) => (costs[b] < costs[a] ? b : a));
  const roles = new Array<Role>(paragraphs.length);
  for (let index = paragraphs.length - 1; index >= 0; index--) {
    roles[index] = role;
    role = present(cameFrom[index], 'the role in front')[role];
  }
  return roles;
}

function startCost(role: Role): number {
  return role === 'title' ? 0 : role === 'abstract' ? 8 : FORBIDDEN;
}

/** A title without abstract, an abstract without title and an abstract in several paragraphs are possible, but rare. */
function stepCost(from: Role, to: Role): number {
  if (to === 'more') return from === 'title' ? FORBIDDEN : 3;
  if (to === 'title') return from === 'title' ? 5 : 0;
  return from === 'title' ? 0 : 8;
}

/** The longest title seen in 558 days of real lists has about 200 characters, the shortest abstract about 150. */
function roleCost(role: Role, text: string): number {
  const sentence = /[.!?…"”')\]]$/.test(text) && /[.!?]/.test(text.at(-1) === '?' ? text.slice(0, -1) : text);
  if (role === 'title')
    return (text.length <= 200 ? 0 : text.length <= 300 ? 4 : 12) + (sentence || /https?:\/\//.test(text) ? 3 : 0);
  const short = text.length < 60 ? 5 : text.length < 120 ? 3 : text.length < 200 ? 1 : 0;
  return short - (sentence && short > 0 ? 1 : 0);
}
