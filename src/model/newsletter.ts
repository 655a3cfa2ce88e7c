import type { Entry, HealthVerdict } from './digest.ts';
import type { Example } from './example.ts';
import type { InterestKind } from './interest.ts';
import type { Match, Reason } from './match.ts';
import type { Mail } from './mail.ts';
import type { Notice } from './notice.ts';

/** Version of the newsletter's templates; snapshotted in each newsletter. */
export const TEMPLATE_VERSION = 8;

/** A paper chosen for a reader, with the numbers and the match as they stood when it was chosen. */
export interface ChosenPaper {
  entry: Entry;
  upvotes: number | null;
  comments: number | null;
  /** The best match, with the interest it belongs to; null where the paper is there by trend alone. */
  match:
    | (Match & {
        id: number;
        interestId: number;
        interestKind: InterestKind;
        interestText: string;
        /** How the reader wrote it, where `interestText` has other letters. */
        wording?: string;
        /** For kind like. */
        like?: LikeName;
      })
    | null;
  /** Where the reader's reactions lifted it: the paper they asked for more of that it is like, by its title. */
  reaction?: Reason | undefined;
  /** Whether the editor chose it for everybody. */
  picked?: true;
}

/** What an interest in papers like examples is called by: the first titles, and how many examples there are. */
export interface LikeName {
  titles: string[];
  count: number;
}

/** Names an interest by its examples; one without a title goes by its id. */
export function likeNameOf(examples: readonly Example[]): LikeName {
  const titles = examples.slice(0, 2).map(({ title, arxivId, doi }) => title || arxivId || doi || '');
  return { titles, count: examples.length };
}

/** A list that was not fresh and that the operator released all the same. */
export interface HealthNote {
  digestOn: string;
  verdict: HealthVerdict;
}

/** How many papers of each list day matched an interest. */
export interface InterestTrend {
  interestId: number;
  /** What was asked for, in the newsletter's language. */
  name?: string;
  /**
   * First day counted, YYYY-MM-DD, and the number of papers of each day from there on, the day before the newsletter
   * last.
   */
  from: string;
  days: number[];
}

/** A paper whose upvotes rose over the week, and by how much. */
export interface Mover {
  entry: Entry;
  rise: number;
}

/** What a newsletter's one sentence of the day can tell of; `.again` is the same in other words. */
export const DAY_KINDS = [
  'surge',
  'surge-quiet',
  'quiet',
  'first',
  'organization',
  'ahead',
  'riser',
  'discussed',
] as const;

export type DayKind = (typeof DAY_KINDS)[number];

/** The sentence of the day: worded by the string `mail.day.<kind>` with the params. */
export interface DayLine {
  kind: DayKind | `${DayKind}.again`;
  /** Names and titles as they were given, to be cleaned before they are shown; numbers. */
  params: Record<string, string | number>;
  /** The interest it tells of, where it does: its bars belong beside it. */
  interestId?: number;
}

/** Everything the composer needs to write one newsletter; the same input gives the same bytes. */
export interface NewsletterInput {
  /** Names the delivery: Message-ID and envelope sender are made from it. */
  deliveryPublicId: string;
  newsletterPublicId: string;
  subscriberPublicId: string;
  email: string;
  language: string;
  generation: number;
  keyId: number;
  editionKey: string;
  /** Local date it bears, YYYY-MM-DD. */
  issuedOn: string;
  /** Instant of the Date header: when it is, or was first, sent (RFC 5322 3.6.1). */
  at: Date;
  papers: ChosenPaper[];
  /** «Perhaps»: papers somewhat below the reader's line, for one line each; where the reader asked for them. */
  perhaps?: ChosenPaper[];
  /** What the editor has to say in this edition, as it was written. */
  editorNote?: string;
  /** The one sentence of the day, where something is worth one. */
  dayLine?: DayLine;
  /** «Also trending»: what everyone reads that day, without the papers above. */
  trending: Entry[];
  /** Weekly: the papers whose upvotes rose most on the week's lists, without those above. */
  movers?: Mover[];
  /** How many papers were looked through, and how many more fitted. */
  consideredCount: number;
  moreCount: number;
  /** Source and list day of what was looked through, for the archive link. */
  digestOn: string;
  /** What readers should know of the lists the papers came from. */
  notes?: HealthNote[];
  /** How often the topics of these papers stood on the lists of the last days. */
  trends?: InterestTrend[];
  /** Whether it goes to somebody who only wants to see it. */
  test?: true;
  templateVersion: number;
}

/** A mail that is no newsletter: a question or a link the reader asked for, or an alarm for the operator. */
export type NoticeInput = Notice & {
  deliveryPublicId: string;
  email: string;
  language: string;
  keyId: number;
  generation: number;
  /** Instant of the Date header: when it is, or was first, sent. */
  at: Date;
  /** Public id that its link names; null where it has none. */
  tokenSubject: string | null;
  /** The newsletter that it shows, where it shows one. */
  newsletter?: NewsletterInput;
};

/** A newsletter as a page: view in browser, preview, outbox. */
export interface NewsletterPage {
  subject: string;
  html: string;
  text: string;
}

/** The one composer for sending, preview, view in browser and resend. Same input, same bytes (before signing). */
export interface Composer {
  newsletter(input: NewsletterInput): Mail;
  notice(input: NoticeInput): Mail;
  /** Without personal links unless `personal`: people forward it. */
  page(input: NewsletterInput, options: { personal: boolean }): NewsletterPage;
  /** Adds the DKIM signature where one is configured; else returns the mail as it is. */
  sign(mail: Mail): Promise<Mail>;
}
