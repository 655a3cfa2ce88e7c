import type { ChosenPaper, NewsletterInput } from '../src/model/newsletter.ts';

const DAY = '2026-01-05';
const WORDS =
  'state space model attention robot protein graph speech token sparse long memory image video policy reward'.split(
    ' ',
  );
const IN_LARGE = WORDS.map((word) => word.replace(/^./, (letter) => letter.toUpperCase()));

/**
 * Makes newsletters of ten papers each, drawn from one day's fifty with a hundred interests: as readers of one edition
 * get them. Of every `large` readers one writes interests with a large letter, none where it is 0.
 */
export function makeInputs(count: number, large = 0): NewsletterInput[] {
  const random = randomNumbers(42);
  const cards = new Map<string, ChosenPaper>();
  const cardOf = (paper: number, interest: number, inOwn: boolean): ChosenPaper => {
    const name = `${paper} ${interest} ${inOwn}`;
    const made = cards.get(name) ?? (inOwn ? inLarge(cardOf(paper, interest, false)) : chosen(paper, interest));
    cards.set(name, made);
    return made;
  };
  return Array.from({ length: count }, (_, index) => {
    const papers = new Set<number>();
    while (papers.size < 10) papers.add(1 + Math.floor(50 * random() ** 2));
    const id = index
      .toString(16)
      .padStart(32, '0')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    return {
      deliveryPublicId: id,
      newsletterPublicId: id,
      subscriberPublicId: `reader${String(index).padStart(10, '0')}`,
      email: `reader${index}@example.net`,
      language: 'en',
      generation: 1,
      keyId: 1,
      editionKey: `daily:${DAY}`,
      issuedOn: DAY,
      at: new Date(`${DAY}T08:00:00Z`),
      papers: [...papers].map((paper) =>
        cardOf(paper, Math.floor(100 * random() ** 3), large > 0 && index % large === 0),
      ),
      trending: [51, 52, 53].map((paper) => cardOf(paper, 0, false).entry),
      consideredCount: 53,
      moreCount: Math.floor(20 * random()),
      digestOn: DAY,
      templateVersion: 1,
    };
  });
}

/** The same paper for a reader who writes the interest with a large letter. */
function inLarge(card: ChosenPaper): ChosenPaper {
  if (!card.match) return card;
  const wording = IN_LARGE[WORDS.indexOf(card.match.interestText)] ?? '';
  return { ...card, match: { ...card.match, wording } };
}

function chosen(paper: number, interest: number): ChosenPaper {
  const random = randomNumbers(paper);
  const some = (length: number) => Array.from({ length }, () => WORDS[Math.floor(WORDS.length * random())]).join(' ');
  const sentences = Array.from(
    { length: 7 },
    (_, index) => `${index === 3 ? 'It improves accuracy by 12.5\\% over the' : 'We study a'} ${some(14)}.`,
  );
  return {
    entry: {
      id: paper,
      paperId: paper,
      paperPublicId: `paper${String(paper).padStart(11, '0')}`,
      position: paper,
      title: `Paper ${paper}: ${some(9)}`,
      abstract: sentences.join(' '),
      authors: ['Ada Example', 'Bo Sample', 'Cy Instance', 'Di Case'],
      authorCount: 4,
      organization: null,
      publishedOn: DAY,
      upvotes: paper,
      comments: 1,
      url: `https://arxiv.org/abs/2601.${String(10_000 + paper)}`,
      codeUrl: `https://github.com/example/paper${paper}`,
      discussionUrl: `https://huggingface.co/papers/2601.${String(10_000 + paper)}`,
      source: 'bench',
      digestOn: DAY,
    },
    upvotes: paper,
    comments: 1,
    match: {
      id: paper * 1_000 + interest,
      interestId: interest,
      interestKind: 'words',
      interestText: WORDS[interest % WORDS.length] ?? '',
      score: 0.8,
      reasons: [
        { kind: 'phrase', text: WORDS[interest % WORDS.length] ?? '', where: 'abstract' },
        { kind: 'title', text: 'Paper', where: 'title' },
      ],
    },
  };
}

/** Repeatable numbers in [0,1): a linear congruential generator, good enough to pick papers. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
