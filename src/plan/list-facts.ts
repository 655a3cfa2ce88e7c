import type { DayKind } from '../model/newsletter.ts';
import { chanceOfLead, chanceOfSoMany } from './surprise.ts';

/** A paper as facts are found in it. */
export interface FactPaper {
  paperId: number;
  title: string;
  /** Source and list day of its digest. */
  source: string;
  digestOn: string;
  arrivedAt: Date;
  upvotes: number | null;
  comments: number | null;
  organization?: { slug: string; name: string } | null;
  rise?: number | undefined;
}

/** Something true and unusual of a list as a whole. */
export interface ListFact {
  kind: Extract<DayKind, 'organization' | 'ahead' | 'riser' | 'discussed'>;
  chance: number;
  /** The papers it tells of. */
  paperIds: number[];
  params: Record<string, string | number>;
}

/** Above these chances a fact is not told; a lead is 2.4 times the next then. */
const BAR = { organization: 0.01, lead: 0.15 };
/** An organisation has many where it has every eighth paper, four of them, and twice what is usual. */
const MANY = { hits: 4, share: 1 / 8, times: 2 };
/** Fewer than this are no lead, whatever the next one has. */
const LEAST = { ahead: 20, riser: 20, discussed: 10 };
/** Fewer papers are no list to lead. */
const LEAST_PAPERS = 8;
/** What is kept of a title: more is never shown. */
const TITLE = 300;

/** Finds what is unusual of the papers of now, against the past or against each other; the least likely first. */
export function listFactsOf(now: readonly FactPaper[], past: readonly FactPaper[], period: string): ListFact[] {
  if (now.length < LEAST_PAPERS) return [];
  const leads = [
    lead(
      'ahead',
      now,
      ({ upvotes }) => upvotes,
      ({ upvotes }, next) => ({ upvotes: upvotes ?? 0, next }),
    ),
    period === 'week' ? riser(now) : null,
    lead(
      'discussed',
      now,
      ({ comments }) => comments,
      ({ comments }) => ({ comments: comments ?? 0 }),
    ),
  ];
  return [...organizations(now, past, period), ...leads.flatMap((fact) => fact ?? [])].sort(
    (a, b) => a.chance - b.chance || (a.paperIds[0] ?? 0) - (b.paperIds[0] ?? 0),
  );
}

function organizations(now: readonly FactPaper[], past: readonly FactPaper[], period: string): ListFact[] {
  const before = new Map<string, number>();
  for (const { organization } of past)
    if (organization) before.set(organization.slug, (before.get(organization.slug) ?? 0) + 1);
  const papers = new Map<string, FactPaper[]>();
  for (const paper of now) {
    const slug = paper.organization?.slug;
    if (slug !== undefined) papers.set(slug, [...(papers.get(slug) ?? []), paper]);
  }
  return [...papers].flatMap(([slug, own]): ListFact[] => {
    const hits = before.get(slug) ?? 0;
    const usual = past.length > 0 ? hits / past.length : 0;
    if (own.length < MANY.hits || own.length / now.length < Math.max(MANY.share, MANY.times * usual)) return [];
    const chance = chanceOfSoMany({ hits: own.length, of: now.length }, { hits, of: past.length });
    if (chance > BAR.organization) return [];
    const organization = (own[0]?.organization?.name ?? '').slice(0, TITLE);
    const params = { organization, count: own.length, total: now.length, period };
    return [{ kind: 'organization', chance, paperIds: own.map(({ paperId }) => paperId), params }];
  });
}

/** Of the week only: what a day's list gained is in its place on it. */
function riser(papers: readonly FactPaper[]): ListFact | null {
  const riseOf = ({ rise }: FactPaper) => rise ?? 0;
  return lead('riser', papers, riseOf, (paper) => ({ rise: riseOf(paper) }));
}

function lead(
  kind: 'ahead' | 'riser' | 'discussed',
  papers: readonly FactPaper[],
  numberOf: (paper: FactPaper) => number | null,
  paramsOf: (paper: FactPaper, next: number) => Record<string, number>,
): ListFact | null {
  const ranked = papers
    .map((paper) => ({ paper, value: numberOf(paper) ?? 0 }))
    .sort((a, b) => b.value - a.value || a.paper.paperId - b.paper.paperId);
  const [first, second] = ranked;
  if (!first || first.value < LEAST[kind] || first.paper.title === '') return null;
  const next = second?.value ?? 0;
  const chance = chanceOfLead(first.value, next);
  if (chance > BAR.lead) return null;
  const params = { title: first.paper.title.slice(0, TITLE), ...paramsOf(first.paper, next) };
  return { kind, chance, paperIds: [first.paper.paperId], params };
}
