import { momentText } from '../http/moments.ts';
import type { Cell } from '../http/table.ts';
import type { ListedAct } from '../db/operator/acts-list.ts';
import type { Undoing } from '../db/operator/undoings.ts';
import { isString } from '../lib/strings.ts';
import { plainAction, type Snapshot } from '../model/act.ts';
import { displayAddress } from '../model/address.ts';
import type { Wish } from '../model/interest.ts';
import { canSeeAddresses, type Role } from '../model/role.ts';
import type { Saying } from './saying.ts';

/** Of a detail these are for machines. */
const UNSAID = ['hash', 'mailbox', 'sha256', 'filter'];
/** Fields of which a change is not worth a word: they follow from the others. */
const FOLLOWING = ['nextDueAt', 'welcomeDueAt', 'unsubscribedAt', 'arrived'];
/** Longest value that is shown in a line, in characters. */
const LONGEST = 80;
/** What may be the beginning of an address. */
const CUT_WORD = /(?:[^\s",@]{0,80}@[^\s",]{0,80}|[^\s",]{1,64})$/;

/** Says who acted: «the reader», an admin's address, «command line». */
export function whoText({ words }: Saying, actor: string): string {
  const [kind, name = ''] = split(actor);
  return isString(`admin.log.who.${kind}`) ? words(`admin.log.who.${kind}`, { name: displayAddress(name) }) : actor;
}

/** Says what was done: «unsubscribed», «took back: unsubscribed»; an act that nobody worded by its own name. */
export function whatText({ words }: Saying, action: string): string {
  const plain = plainAction(action);
  const said = isString(`admin.log.act.${plain}`) ? words(`admin.log.act.${plain}`) : plain;
  return action === plain ? said : words('admin.log.tookBack', { act: said });
}

/** Says to whom or what: what has a page that is open to a role leads there. */
export function whomCell(
  { words }: Saying,
  subject: string | null,
  addresses: ReadonlyMap<string, string>,
  role: Role,
): Cell {
  if (subject === null) return '';
  if (subject.startsWith('address:')) return words('admin.log.unknownAddress');
  if (subject.startsWith('admin:')) return displayAddress(subject.slice('admin:'.length));
  if (subject.startsWith('event:'))
    return { text: words('admin.log.thisReport'), href: `/admin/feedback/${subject.slice('event:'.length)}` };
  if (subject.startsWith('letter:') && !canSeeAddresses(role)) return words('admin.log.thisLetter');
  if (subject.startsWith('letter:'))
    return { text: words('admin.log.thisLetter'), href: `/admin/replies/${subject.slice('letter:'.length)}` };
  const email = addresses.get(subject);
  if (email !== undefined) return { text: displayAddress(email), href: `/admin/subscribers/${subject}` };
  return /^(daily|weekly|welcome):/.test(subject)
    ? { text: subject, href: `/admin/deliveries?edition=${encodeURIComponent(subject)}` }
    : { code: subject };
}

/** Says what an act changed, and what else is kept of it, a line each. */
export function detailLines(say: Saying, act: ListedAct): string[] {
  return [...changeLines(say, act), ...noteLines(say, act.detail)];
}

function changeLines(say: Saying, { before, after }: ListedAct): string[] {
  if (!before || !after) return [];
  return Object.keys(before).flatMap((name) => {
    if (FOLLOWING.includes(name)) return [];
    if (name === 'wishes') return wishLines(say, before, after);
    const field = isString(`admin.log.field.${name}`) ? say.words(`admin.log.field.${name}`) : name;
    return [
      say.words('admin.log.change', {
        field,
        before: valueText(say, before[name]),
        after: valueText(say, after[name]),
      }),
    ];
  });
}

function wishLines({ words }: Saying, before: Snapshot, after: Snapshot): string[] {
  const listed = (state: Snapshot) => ((state['wishes'] ?? []) as Wish[]).map((wish) => wishText(words, wish));
  const [had, has] = [listed(before), listed(after)];
  const added = has.filter((wish) => !had.includes(wish));
  const gone = had.filter((wish) => !has.includes(wish));
  return [
    ...(added.length > 0 ? [words('admin.log.added', { wishes: cut(added.join(' · ')) })] : []),
    ...(gone.length > 0 ? [words('admin.log.removed', { wishes: cut(gone.join(' · ')) })] : []),
  ];
}

function wishText(words: Saying['words'], { text, kind, muted, like }: Wish): string {
  const name = kind === 'like' ? words('admin.log.examples', { n: like?.examples.length ?? 0 }) : text;
  return muted ? words('admin.log.muted', { wish: name }) : name;
}

function noteLines(say: Saying, detail: Record<string, unknown>): string[] {
  return Object.entries(detail).flatMap(([name, value]) => {
    if (UNSAID.includes(name) || value === 0 || value === null) return [];
    const n = typeof value === 'number' ? value : 0;
    const shown = typeof value === 'number' ? say.count(value) : valueText(say, value);
    const key = `admin.log.note.${name}`;
    return [isString(key) ? say.words(key, { value: shown, n }) : `${name} ${shown}`];
  });
}

function valueText(say: Saying, value: unknown): string {
  if (value === null || value === undefined || value === '') return say.words('admin.log.nothing');
  if (typeof value === 'boolean') return say.words(value ? 'admin.log.yes' : 'admin.log.no');
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return valueText(say, value.map(String).join(' · '));
  if (typeof value === 'object') return 'reason' in value ? valueText(say, value.reason) : cut(JSON.stringify(value));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return momentText(say.language, new Date(text));
  return isString(`admin.log.value.${text}`) ? say.words(`admin.log.value.${text}`) : cut(text);
}

function split(actor: string): [string, string?] {
  const at = actor.indexOf(':');
  return at < 0 ? [actor] : [actor.slice(0, at), actor.slice(at + 1)];
}

/** Cuts before a word, never within one: of an address that is cut nobody could tell that it is to be masked. */
function cut(text: string): string {
  if (text.length <= LONGEST) return text;
  const kept = text.slice(0, LONGEST - 1);
  return `${/[\s",]/.test(text[LONGEST - 1] ?? '') ? kept : kept.replace(CUT_WORD, '')}…`;
}

/** Says of long work that it was taken back, when and by whom; null where it was not. */
export function undoneText(say: Saying, undoing: Undoing | undefined): string | null {
  if (!undoing) return null;
  const at = momentText(say.language, undoing.at);
  return say.words('admin.errands.undone', { at, who: whoText(say, undoing.actor) });
}
