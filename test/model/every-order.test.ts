import { expect, it } from 'vitest';
import type { ParsedEntry } from '../../src/model/digest.ts';
import { identifyPapers, type KnownPaper } from '../../src/model/identity.ts';
import { workInEveryForm } from '../world/every-form.ts';

/** The papers as a database keeps them: what each is known by, and what was merged into it. */
class Shelf {
  #papers = new Map<number, KnownPaper>();
  #serial = 0;

  /** Takes in one list of one paper. */
  add(entry: ParsedEntry): void {
    const { assignments, learned, merges } = identifyPapers([entry], structuredClone([...this.#papers.values()]));
    for (const { from, into } of merges) this.#merge(from, into);
    const [place] = assignments;
    const id = place && 'paperId' in place ? place.paperId : ++this.#serial;
    const paper = this.#papers.get(id) ?? { id, arxivIds: [], dois: [], titleKeys: [], authors: [] };
    for (const key of ['arxivIds', 'dois', 'titleKeys'] as const)
      paper[key] = [...paper[key], ...(learned[0]?.[key] ?? [])];
    if (paper.authors.length === 0) paper.authors = entry.authors;
    this.#papers.set(id, paper);
  }

  #merge(from: number, into: number): void {
    const [gone, kept] = [this.#papers.get(from), this.#papers.get(into)];
    if (!gone || !kept) throw new Error(`no papers ${from} and ${into}`);
    for (const key of ['arxivIds', 'dois', 'titleKeys'] as const)
      kept[key] = [...new Set([...kept[key], ...gone[key]])];
    this.#papers.delete(from);
  }

  get papers(): KnownPaper[] {
    return [...this.#papers.values()];
  }
}

function* orders<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [at, item] of items.entries())
    for (const rest of orders([...items.slice(0, at), ...items.slice(at + 1)])) yield [item, ...rest];
}

it.each([
  ['it is one from the second on', false],
  ['it is one in the end, though its second version and the journal call it otherwise', true],
])(
  'when a work comes as preprint, second version, journal article, on arXiv, by DataCite and as page text, in 720 orders, then %s',
  (_, retitled) => {
    const forms = workInEveryForm(1, retitled);
    const stranger = workInEveryForm(2, retitled);
    const wrong: string[] = [];
    for (const order of orders(Object.keys(forms))) {
      const shelf = new Shelf();
      for (const form of order) {
        shelf.add(forms[form]!);
        shelf.add(stranger[form]!); // another work beside it stays another
        if (!retitled && shelf.papers.length !== 2) wrong.push(`${order.join(', ')}: two after ${form}`);
      }
      const [one] = shelf.papers.filter(({ dois }) => dois.includes('10.5555/kelp.1'));
      const whole = one?.arxivIds.length === 1 && one.dois.length === 2 && one.titleKeys.length === (retitled ? 2 : 1);
      if (shelf.papers.length !== 2 || !whole) wrong.push(`${order.join(', ')}: ${shelf.papers.length} papers`);
    }
    expect(wrong).toEqual([]);
  },
);
