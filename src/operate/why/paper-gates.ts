import type { Said } from '../../model/why.ts';
import type { ChoiceFacts, Facts } from './facts.ts';
import { passes, said, stops, type Judged } from './reader-gates.ts';

const digestPage = (digestOn: string) => `/digests/${digestOn}`;
const paperPage = (id: string) => `/papers/${id}`;

/** Whether there was a list to choose from; of a paper, whether it stands in one that readers may get. */
export function digestGate(facts: Facts): Judged {
  const { paper, choice, mail, slot } = facts;
  if (!paper) {
    const otherwise = nothingThen(facts);
    if (otherwise && slot.nothing?.reason === 'no-papers') return stops(otherwise, '/admin/digests');
    if (otherwise) return passes(null);
    if (choice && choice.real.candidates === 0) return stops(said('no-list', list(choice)), '/admin/digests');
    if (!choice) return passes(said('looked-through', { count: mail?.considered ?? 0 }), '/admin/digests');
    return passes(said('lists', { count: choice.real.candidates, ...list(choice) }), '/admin/digests');
  }
  const [newest] = paper.listings;
  const values = { source: newest?.source ?? '', day: newest?.digestOn ?? '' };
  const link = newest ? digestPage(newest.digestOn) : paperPage(paper.publicId);
  if (isChosen(mail, paper.ids) || choice?.real.paper.present)
    return passes(said('listed', { ...values, verdict: newest?.verdict ?? 'fresh' }), link);
  if (!newest) return stops(said('in-no-list'), link);
  if (paper.withheldAt) return stops(said('withheld', { at: paper.withheldAt }), `/admin/papers/${paper.publicId}`);
  const usable = paper.listings.filter(({ state }) => state === 'accepted' || state === 'released');
  if (usable.length === 0) return stops(said(`list-${newest.state}`, { ...values, verdict: newest.verdict }), link);
  if (usable.every(({ known }) => known)) return stops(said('known-before', values), link);
  if (paper.arrivedAt && paper.arrivedAt > slot.decidedAt)
    return stops(said('arrived-later', { ...values, at: paper.arrivedAt }), link);
  return stops(said('outside-window', values), link);
}

function list(choice: ChoiceFacts | null): Record<string, string> {
  const found = choice?.list;
  return { source: found?.source ?? '–', day: found?.digestOn ?? '–', verdict: found?.verdict ?? 'quiet' };
}

const NOTED_AS = { chosen: null, nothing: 'none-fits', 'no-news': 'no-news' } as const;

/**
 * Why nothing came, as planning wrote it down, where the choice made again does not come to the same: the reader asks
 * for other things today, or there are other papers.
 */
function nothingThen({ slot: { nothing }, choice }: Facts): Said | null {
  if (!nothing || !choice) return null;
  const { candidates, outcome } = choice.real;
  const again = candidates === 0 ? 'no-papers' : NOTED_AS[outcome];
  return again === nothing.reason ? null : said(`nothing-then-${nothing.reason}`);
}

/** Whether something the reader asked for hits at their line. */
export function matchGate(facts: Facts): Judged {
  const { paper, choice, mail, reader } = facts;
  const otherwise = nothingThen(facts);
  if (otherwise) return stops(otherwise);
  if (choice?.waitsFor && !mail) return stops(said(`waits-for-${choice.waitsFor}`));
  if (!paper) {
    if (mail?.paperIds) return passes(said('papers-fitted', { count: mail.paperIds.length + (mail.more ?? 0) }));
    if (!choice) return passes(null);
    const { fitting, candidates } = choice.open;
    if (fitting === 0) return stops(said('nothing-fitted', { considered: candidates }));
    return passes(said('papers-fitted', { count: fitting }));
  }
  const link = paperPage(paper.publicId);
  const picked = mail?.pickedIds?.some((id) => paper.ids.includes(id)) ?? false;
  const unasked = said(picked ? 'by-editor' : 'fits-unasked');
  if (!choice) return passes(unasked, link);
  const { best, fits } = choice.open.paper;
  const values = {
    score: percent(best?.score ?? 0),
    line: percent(choice.line),
    interest: nameOf(choice, best?.interest),
  };
  if (isChosen(mail, paper.ids)) return passes(best && (fits || !picked) ? said('fits', values) : unasked, link);
  if (!fits && !best) return stops(said('hits-nothing'), link);
  if (!fits) return stops(said('below-line', { ...values, selectivity: reader.selectivity }), link);
  return passes(best ? said('fits', values) : said('fits-unasked'), link);
}

/** Whether the reader muted it. */
export function muteGate({ paper, choice, mail }: Facts): Judged {
  if (!paper) {
    if (mail || !choice) return passes(null);
    const left = choice.open.fitting - choice.unmuted.fitting;
    const muted = mutedCount(choice);
    if (choice.unmuted.fitting > 0 && choice.real.fitting === 0) return stops(said('all-muted', { count: muted }));
    return passes(muted > 0 && left >= 0 ? said('some-muted', { count: muted }) : said('none-muted'));
  }
  const by = choice?.real.paper.mutedBy ?? null;
  if (by === null || isChosen(mail, paper.ids)) return passes(said('not-muted'));
  return stops(said('muted', { interest: choice ? nameOf(choice, by) : '' }));
}

function mutedCount({ unmuted, real }: ChoiceFacts): number {
  return unmuted.fitting - real.fitting;
}

/** Whether the reader had it before. */
export function shownGate({ paper, choice, mail, shownIn }: Facts): Judged {
  if (!paper) {
    if (mail || !choice) return passes(null);
    const count = choice.open.fitting - choice.unmuted.fitting;
    if (choice.open.fitting > 0 && choice.unmuted.fitting === 0) return stops(said('all-shown', { count }));
    return passes(count > 0 ? said('some-shown', { count }) : said('none-shown'));
  }
  if (!choice?.real.paper.shown || isChosen(mail, paper.ids)) return passes(said('not-shown'));
  if (!shownIn) return stops(said('shown'));
  const { edition, at } = shownIn;
  return stops(said('shown-in', { edition, at }), `/admin/editions/${encodeURIComponent(edition)}`);
}

/** Whether it stood among the best that fit, and something among those was new. */
export function rankGate({ paper, choice, mail, reader }: Facts): Judged {
  if (mail?.paperIds) {
    const of = mail.paperIds.length + (mail.more ?? 0);
    if (!paper) return passes(said('taken', { count: mail.paperIds.length, of }));
    const place = 1 + mail.paperIds.findIndex((id) => paper.ids.includes(id));
    if (place > 0) return passes(said('ranked', { place, of }));
  }
  if (!choice) return passes(null);
  const { outcome, fitting, taken, paper: fate } = choice.real;
  if (outcome === 'no-news')
    return stops(said('no-news', { count: fitting, at: choice.lastNewsletterAt ?? new Date(0) }));
  if (!paper) return passes(said('taken', { count: taken, of: fitting }));
  if (fate.takenAt > 0 && !mail) return passes(said('ranked', { place: fate.takenAt, of: fitting }));
  const values = { place: fate.place, of: fitting, most: reader.maxPapers };
  return stops(said(fate.twin ? 'twin' : 'behind', values));
}

/** Whether a newsletter's papers hold one of these. */
export function isChosen(mail: Facts['mail'], ids: readonly number[]): boolean {
  return mail?.paperIds?.some((id) => ids.includes(id)) ?? false;
}

function nameOf({ names }: ChoiceFacts, interest: number | undefined): string {
  return names.get(interest ?? 0) ?? '';
}

const percent = (share: number) => Math.round(share * 100);
