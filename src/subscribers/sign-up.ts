import { z } from 'zod';
import { chooseLanguage } from '../lib/strings.ts';
import { todaysZone } from '../lib/time-zones.ts';
import type { Example } from '../model/example.ts';
import {
  asksForNothing,
  interestKey,
  MAX_INTEREST_LENGTH,
  MAX_INTERESTS,
  wishKey,
  type InterestKind,
  type Wish,
} from '../model/interest.ts';
import { linesOf, readMuted, tidy } from '../model/wish-lines.ts';
import { SELECTIVITIES } from '../model/match.ts';
import { CADENCES, DEFAULT_SCHEDULE, MAX_PAPERS_LIMIT } from '../model/subscriber.ts';
import { preferencesOf, type AskedPreferences } from './asked-preferences.ts';
import { checkEmail, type DisposableDomains } from './check-email.ts';
import type { Checked, FieldProblem } from './checked.ts';
import { checkLike, LIKE_EXPECTED, type UnreadExamples } from './like-wish.ts';

/** What somebody asked for, checked. */
export interface SignUp extends Wishes {
  /** Canonical address. */
  email: string;
}

/** Interests and schedule, checked: the part of the form that readers may change later. */
export interface Wishes {
  wishes: Wish[];
  preferences: AskedPreferences;
  /** What could not be read of the papers given as examples; the others are among the wishes. */
  unread?: UnreadExamples;
}

/** What the check needs to know of this installation. */
export interface SignUpSettings {
  topics: ReadonlySet<string>;
  /** Papers per newsletter where the form says nothing. */
  maxPapers: number;
  /** Whether addresses of disposable domains are refused; unset: they are taken. */
  disposableDomains?: DisposableDomains;
  /** Examples that a reader keeps of those they gave before. */
  heldExamples?: readonly Example[];
}

const ZONE_EXPECTED = 'expected an IANA time zone such as Europe/Lisbon, no abbreviation';

const texts = z.array(z.string(), { error: 'expected a list of texts' }).default([]);
const wholeNumber = (min: number, max: number) => {
  const error = `expected a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

const wishFields = {
  topics: texts,
  interests: texts,
  authors: texts,
  organizations: texts,
  muted: texts,
  like: z.array(z.union([z.string(), z.record(z.string(), z.unknown())]), { error: LIKE_EXPECTED }).default([]),
  notLike: texts,
  cadence: z.enum(CADENCES, { error: `expected one of ${CADENCES.join(', ')}` }).default(DEFAULT_SCHEDULE.cadence),
  weekday: wholeNumber(1, 7).default(DEFAULT_SCHEDULE.weekday),
  hour: wholeNumber(0, 23).default(DEFAULT_SCHEDULE.hour),
  timeZone: z
    .string({ error: ZONE_EXPECTED })
    .transform((given, issues) => {
      const zone = todaysZone(given);
      if (zone === null) issues.addIssue({ code: 'custom', message: `«${given.slice(0, 40)}»: ${ZONE_EXPECTED}` });
      return zone ?? given;
    })
    .default(DEFAULT_SCHEDULE.timeZone),
  maxPapers: wholeNumber(1, MAX_PAPERS_LIMIT).optional(),
  selectivity: z.enum(SELECTIVITIES, { error: `expected one of ${SELECTIVITIES.join(', ')}` }).optional(),
  perhaps: z.boolean({ error: 'expected yes (true) or no (false)' }).optional(),
  language: z.string({ error: 'expected a language such as en' }).default('en').transform(chooseLanguage),
};

const wishSchema = z.object(wishFields);

/** Checks a sign-up (`POST /subscribe`). Everything that is wrong is named at once. */
export function checkSignUp(input: unknown, settings: SignUpSettings): Checked<SignUp> {
  const email = checkEmail((input as { email?: unknown } | null)?.email, settings.disposableDomains);
  const wishes = checkWishes(input, settings);
  if (email.ok && wishes.ok) {
    const value: SignUp = { email: email.value, wishes: wishes.value.wishes, preferences: wishes.value.preferences };
    if (wishes.value.unread) value.unread = wishes.value.unread;
    return { ok: true, value };
  }
  return { ok: false, problems: [...(email.ok ? [] : email.problems), ...(wishes.ok ? [] : wishes.problems)] };
}

/** Checks interests and schedule: everything of a sign-up but the address. */
export function checkWishes(input: unknown, settings: SignUpSettings): Checked<Wishes> {
  const parsed = wishSchema.safeParse(input);
  if (!parsed.success) {
    return {
      ok: false,
      problems: parsed.error.issues.map((issue) => ({
        field: issue.path.join('.') || 'form',
        expected: issue.message,
      })),
    };
  }
  const { topics, interests, authors, organizations, muted, like, notLike } = parsed.data;
  const listed = [
    ...named('topics', 'topic', topics),
    ...named('interests', 'words', interests),
    ...named('authors', 'author', authors),
    ...named('organizations', 'organization', organizations),
    ...muted.flatMap((entry, index) => linesOf(entry).map((text) => ({ ...readMuted(text), field: `muted.${index}` }))),
  ].filter(({ text }) => text !== '');
  // Of a list that is too long as a whole, as much is looked at as would be taken: its answer stays short too.
  const problems = listed.slice(0, MAX_INTERESTS).flatMap((wish) => problemOf(wish, settings.topics));
  if (listed.length > MAX_INTERESTS) {
    const expected = `expected at most ${MAX_INTERESTS} interests and muted words together`;
    problems.push({ field: 'interests', expected });
  }
  const liked = checkLike(like, notLike.map(tidy), settings.heldExamples ?? []);
  if (!liked.ok) problems.push({ field: 'like', expected: liked.problem.expected, like: liked.problem });
  if (problems.length > 0 || !liked.ok) return { ok: false, problems };
  const wishes = distinct(liked.wish ? [...listed, { ...liked.wish, field: 'like' }] : listed);
  const value: Wishes = { wishes, preferences: preferencesOf(parsed.data, settings.maxPapers) };
  if (liked.unread.count > 0) value.unread = liked.unread;
  return { ok: true, value };
}

type ListedWish = Wish & { field: string };

/** One wish a line, at every door: an entry of several lines is as many wishes. */
function named(field: string, kind: InterestKind, list: string[]): ListedWish[] {
  return list.flatMap((entry, index) =>
    linesOf(entry).map((text) => ({ kind, text: tidy(text), muted: false, field: `${field}.${index}` })),
  );
}

function problemOf(wish: ListedWish, topics: ReadonlySet<string>): FieldProblem[] {
  const { field, text } = wish;
  if (text.length > MAX_INTEREST_LENGTH)
    return [{ field, expected: `expected at most ${MAX_INTEREST_LENGTH} characters` }];
  if (wish.kind === 'topic')
    return topics.has(text)
      ? []
      : [{ field, expected: `«${text}» is not a topic here: expected a slug from the list` }];
  if (!/[\p{L}\p{N}]/u.test(text) || interestKey(wish.kind, text) === '') {
    return [{ field, expected: `«${text}»: expected at least one word to look for` }];
  }
  if (wish.kind === 'words' && asksForNothing(text)) {
    const hint = `an acronym is written in capitals («${text.toUpperCase()}»)`;
    return [{ field, expected: `«${text}» stands in every paper: expected a word that tells a subject; ${hint}` }];
  }
  return [];
}

/** The same thing asked for twice is asked for once; the first wording stays. */
function distinct(listed: ListedWish[]): Wish[] {
  const seen = new Map<string, Wish>();
  for (const { kind, text, muted, like } of listed) {
    const wish: Wish = { kind, text, muted };
    if (like) wish.like = like;
    const key = `${kind} ${muted} ${wishKey(wish)}`;
    if (!seen.has(key)) seen.set(key, wish);
  }
  return [...seen.values()];
}
