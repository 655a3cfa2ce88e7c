import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { ListedSubscriber } from '../db/subscribers/list.ts';
import type { Wish } from '../model/interest.ts';
import { mutedText } from '../model/wish-lines.ts';
import { preferencesOf } from '../subscribers/preferences.ts';
import { checkWishes, type Wishes } from '../subscribers/sign-up.ts';
import { pointerTo } from './check.ts';
import type { subscriberChange } from './schemas/subscriber-changes.ts';
import { refuseUnread, signUpSettings, unusable } from './sign-up.ts';

type Change = z.output<typeof subscriberChange>;
type Given = Pick<Wish, 'kind' | 'text' | 'muted'>;

/** Fields of the form that interests are checked in, by kind. */
const FIELDS = { topic: 'topics', words: 'interests', author: 'authors', organization: 'organizations' } as const;

/** A form made of interests, and where each of its entries came from. */
interface Form {
  lists: Record<string, string[]>;
  /** Index among the interests given, by field and place. */
  places: Map<string, number>;
}

/**
 * Returns what makes of a reader's wishes those that a change asks for: what it leaves out stays. It throws 422, which
 * names the interest by its place.
 */
export async function changedWishes(ctx: Context, change: Change): Promise<(reader: ListedSubscriber) => Wishes> {
  const settings = await signUpSettings(ctx);
  const { interests, ...schedule } = change;
  return (reader) => {
    const held = reader.wishes.find(({ kind }) => kind === 'like');
    const given = interests ?? reader.wishes;
    const form = formOf(given, held);
    const raw = { ...preferencesOf(reader), ...schedule, ...form.lists };
    const own = reader.wishes.flatMap(({ kind, text }) => (kind === 'topic' ? [text] : []));
    const topics = new Set([...settings.topics, ...own]);
    const keepsLike = given.some((one) => isHeldLike(one, held));
    const heldExamples = keepsLike ? [...(held?.like?.examples ?? [])] : [];
    const checked = checkWishes(raw, { ...settings, topics, heldExamples });
    if (!checked.ok) throw unusable(checked.problems, (field) => placeOf(field, form));
    refuseUnread(checked.value, placeOf('like.0', form));
    return checked.value;
  };
}

function formOf(given: readonly Given[], held: Wish | undefined): Form {
  const lists: Record<string, string[]> = {};
  const places = new Map<string, number>();
  for (const [index, one] of given.entries()) {
    const [field, text] = entryOf(one);
    if (isHeldLike(one, held)) continue;
    const list = (lists[field] ??= []);
    places.set(`${field}.${list.length}`, index);
    list.push(text);
  }
  const leftOut = given.some((one) => isHeldLike(one, held)) ? (held?.like?.leftOut ?? []) : [];
  return { lists: { ...lists, notLike: [...leftOut] }, places };
}

function entryOf({ kind, text, muted }: Given): [field: string, text: string] {
  if (muted) return ['muted', mutedText({ kind, text, muted })];
  return [kind === 'like' ? 'like' : FIELDS[kind], text];
}

function isHeldLike({ kind, text }: Given, held: Wish | undefined): boolean {
  return kind === 'like' && text === held?.text;
}

function placeOf(field: string, { places }: Form): string {
  const index = places.get(field);
  if (index !== undefined) return pointerTo(['interests', index]);
  const [name = ''] = field.split('.');
  return ['topics', 'authors', 'organizations', 'muted', 'like', 'notLike'].includes(name)
    ? pointerTo(['interests'])
    : pointerTo([name]);
}
