import type { PaperText } from '../model/paper.ts';
import { sameOrganization } from './affiliations.ts';
import type { Scored } from './state.ts';
import { readName, sameName } from './names.ts';

/** Matches an author's name; papers whose source gives only the number of authors can't match. */
export function authorMatches(papers: readonly PaperText[], text: string): Scored {
  const wanted = readName(text);
  const best = papers.map(({ authors }) => bestOf(authors ?? [], (name) => sameName(wanted, readName(name))));
  const scores = Float32Array.from(best, ({ score }) => score);
  return {
    scores,
    order: scores,
    literal: () => true,
    reasons: (at) => [{ kind: 'author', text: best[at]?.text ?? '', where: 'authors' }],
  };
}

/** Matches an organisation's name. */
export function organizationMatches(papers: readonly PaperText[], text: string): Scored {
  const scores = Float32Array.from(papers, ({ organization }) => organizationScore(text, organization));
  return {
    scores,
    order: scores,
    literal: () => true,
    reasons: (at) => [{ kind: 'organization', text: papers[at]?.organization?.name ?? '', where: 'organization' }],
  };
}

/** Tells whether an author interest can see names at all: some sources give only how many authors there are. */
export function showsAuthors(papers: readonly PaperText[]): boolean {
  return papers.some(({ authors }) => authors !== null && authors.length > 0);
}

/** Its name or its slug may be the one asked for. */
function organizationScore(text: string, organization: PaperText['organization']): number {
  if (!organization) return 0;
  return Math.max(sameOrganization(text, organization.name), sameOrganization(text, organization.slug));
}

function bestOf(names: readonly string[], rate: (name: string) => number): { score: number; text: string } {
  let best = { score: 0, text: '' };
  for (const text of names) {
    const score = rate(text);
    if (score > best.score) best = { score, text };
  }
  return best;
}
