import type { Entry } from '../../src/model/digest.ts';
import type { ChosenPaper } from '../../src/model/newsletter.ts';
import type { PaperText } from '../../src/model/paper.ts';

/** Makes the text of a paper, as the matcher reads it. */
export function paper(id: string, title: string, abstract = '', more: Partial<PaperText> = {}): PaperText {
  return { id, title, abstract, authors: null, organization: null, ...more };
}

const SUBJECTS = [
  'Tide tables',
  'Bridge cables',
  'Bee dances',
  'Snow loads',
  'Paper folds',
  'River ice',
  'Choir tuning',
];

/** Makes an entry; numbered, so that no two are alike. */
export function sampleEntry(number: number, change: Partial<Entry> = {}): Entry {
  const subject = SUBJECTS[number % SUBJECTS.length] ?? '';
  return {
    id: number,
    paperId: number,
    paperPublicId: `paper-${String(number).padStart(10, '0')}`,
    position: number,
    title: `${subject} ${number}: Learning to Predict What Comes Next`,
    abstract: `We study ${subject.toLowerCase()} with sensors of many kinds, placed where people had long wished to look and never could, for want of power, of shelter and of patience. Earlier work looked at one season alone, on the ground that the others would be much the same, which they are not, as everyone who lives there could have told its authors. Here, a model of state spaces follows them for ${number + 2} years. Our model needs 40\\% less memory than the one before it. The code is public.`,
    authors: [],
    authorCount: number % 4 === 0 ? null : (number % 7) + 1,
    organization: number % 5 === 0 ? { slug: 'harbour-lab', name: 'Harbour Lab' } : null,
    publishedOn: '2025-12-29',
    upvotes: number,
    comments: 2,
    url: number % 3 === 0 ? null : `https://arxiv.org/abs/2512.${String(10_000 + number)}`,
    codeUrl: number % 4 === 0 ? `https://github.com/example/paper-${number}` : null,
    discussionUrl: number % 2 === 0 ? `https://huggingface.co/papers/2512.${String(10_000 + number)}` : null,
    source: 'made',
    digestOn: '2025-12-31',
    ...change,
  };
}

/** Makes a chosen paper, matched by a phrase of its abstract (every fifth by trend alone). */
export function samplePaper(number: number, change: Partial<Entry> = {}): ChosenPaper {
  return {
    entry: sampleEntry(number, change),
    upvotes: number % 6 === 0 ? null : number * 3,
    comments: number % 2 === 0 ? 2 : null,
    match:
      number % 5 === 0
        ? null
        : {
            id: number,
            interestId: (number % 2) + 1,
            interestKind: number % 2 ? 'topic' : 'words',
            interestText: number % 2 ? 'Forecasting' : 'state spaces',
            score: 0.8,
            reasons: [
              { kind: 'phrase', text: 'state spaces', where: 'abstract' },
              { kind: 'title', text: 'Predict', where: 'title' },
            ],
          },
  };
}
