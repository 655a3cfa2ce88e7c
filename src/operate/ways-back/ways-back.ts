import { plainAction } from '../../model/act.ts';
import { adminWay } from './admin.ts';
import { digestWay } from './digest.ts';
import { editionWay } from './edition.ts';
import { eventWay } from './event.ts';
import { letterWay } from './letter.ts';
import { noteWay } from './note.ts';
import { paperWay } from './paper.ts';
import { readerWay } from './reader.ts';
import { settingWay } from './setting.ts';
import { suppressionWay } from './suppression.ts';
import { topicWay } from './topic.ts';
import type { WayBack } from './way-back.ts';

/** Acts that can be taken back, by what they are recorded as, and how. */
const WAYS_BACK: Readonly<Record<string, WayBack>> = {
  unsubscribe: readerWay,
  'undo-unsubscribe': readerWay,
  pause: readerWay,
  resume: readerWay,
  'change-preferences': readerWay,
  mute: readerWay,
  unmute: readerWay,
  suppress: suppressionWay,
  'lift-suppression': suppressionWay,
  'digest.release': digestWay,
  'digest.discard': digestWay,
  'topic.publish': topicWay,
  'setting.change': settingWay,
  'paper.withhold': paperWay,
  'paper.free': paperWay,
  'edition.pause': editionWay,
  'edition.resume': editionWay,
  'admin.role': adminWay,
  'edition.note': noteWay,
  'feedback.correct': eventWay,
  'letter.done': letterWay,
  'letter.again': letterWay,
};

/** Finds how an act is taken back; null where there is no way, as after erasing or once a mail is sent. */
export function wayBackOf(action: string): WayBack | null {
  const name = plainAction(action);
  return Object.hasOwn(WAYS_BACK, name) ? (WAYS_BACK[name] ?? null) : null;
}

/** Acts that owners alone do, and so take back: neither other admins nor programs. */
const OWNERS_ALONE = ['admin.role', 'setting.change'];

/** Tells whether an act is one that owners alone take back. */
export function isOwnersAlone(action: string): boolean {
  return OWNERS_ALONE.includes(plainAction(action));
}
