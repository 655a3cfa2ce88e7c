import { checkEmail, type DisposableDomains } from '../subscribers/check-email.ts';
import type { FieldProblem } from '../subscribers/checked.ts';
import { checkSignUp, checkWishes, type SignUp, type SignUpSettings, type Wishes } from '../subscribers/sign-up.ts';
import type { LikeProblem, UnreadExamples } from '../subscribers/like-wish.ts';
import { canonicalAddress } from '../model/address.ts';
import type { Translate } from '../lib/strings.ts';
import { FORM_FIELDS } from './form-values.ts';
import type { Problems } from './form-view.ts';

/** A form whose every field is usable, or what is wrong with each: in the visitor's words, and as programs are told. */
export type CheckedForm<T> = { ok: true; value: T } | { ok: false; problems: Problems; expected: FieldProblem[] };

/** Problems that a program is told of at once: an answer stays within a few times of what was sent. */
const TOLD = 10;

/** Returns the first problems, and how many more there are. */
export function firstProblems(problems: readonly FieldProblem[]): { problems: readonly FieldProblem[]; more?: number } {
  const more = problems.length - TOLD;
  return { problems: problems.slice(0, TOLD), ...(more > 0 ? { more } : {}) };
}

/** Checks a whole sign-up. */
export function checkForm(t: Translate, raw: Record<string, unknown>, settings: SignUpSettings): CheckedForm<SignUp> {
  const checked = checkSignUp(raw, settings);
  return checked.ok ? checked : { ok: false, problems: worded(t, raw, checked.problems), expected: checked.problems };
}

/** Checks everything but the address. */
export function checkWishesForm(
  t: Translate,
  raw: Record<string, unknown>,
  settings: SignUpSettings,
): CheckedForm<Wishes> {
  const checked = checkWishes(raw, settings);
  return checked.ok ? checked : { ok: false, problems: worded(t, raw, checked.problems), expected: checked.problems };
}

/** Checks one address; what is wrong is said in words a person can act on. */
export function checkAddress(
  t: Translate,
  given: string,
  disposableDomains: DisposableDomains = 'allow',
): { ok: true; email: string } | { ok: false; problem: string } {
  const checked = checkEmail(given, disposableDomains);
  return checked.ok ? { ok: true, email: checked.value } : { ok: false, problem: addressProblem(t, given) };
}

function worded(t: Translate, raw: Record<string, unknown>, problems: FieldProblem[]): Problems {
  const words: Problems = {};
  for (const { field, like } of problems) {
    const [name = '', place] = field.split('.');
    const known = FORM_FIELDS.find((one) => one === name);
    if (!known || words[known]) continue;
    const list = raw[known];
    const culprit = place !== undefined && Array.isArray(list) ? String(list[Number(place)]).slice(0, 80) : '';
    if (known === 'email') words.email = addressProblem(t, raw['email']);
    else if (known === 'topics' && culprit) words.topics = t('form.topics.unknown', { slug: culprit });
    else if (like) words.like = likeProblem(t, like);
    else words[known] = t(`form.${known}.expected`);
    if (culprit && known !== 'topics') words[known] = `«${culprit}»: ${words[known]}`;
  }
  return words;
}

function likeProblem(t: Translate, { code, values }: LikeProblem): string {
  const problem = code === 'nothing' ? t(`like.unread.${values['problem']}`) : '';
  return t(`form.like.${code}`, { ...values, problem });
}

/** Tells what could not be read of papers given as examples; the rest was taken. */
export function unreadText(t: Translate, { lines: [first], count }: UnreadExamples): string {
  if (!first) return '';
  const problem = t(`like.unread.${first.problem}`);
  return t('like.unread', { n: count, line: first.line, text: first.text, problem });
}

function addressProblem(t: Translate, given: unknown): string {
  const checked = canonicalAddress(typeof given === 'string' ? given : '');
  // An address that is well formed and yet refused lives at a disposable domain.
  return t(`address.${checked.ok ? 'disposable' : checked.problem}`);
}
