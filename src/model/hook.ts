import type { Snapshot } from './act.ts';

/** What programs can be told of, and when it is told. */
export const HOOK_EVENTS = {
  'subscriber.requested': 'somebody signed up and was asked by mail',
  'subscriber.confirmed': 'a reader gets newsletters from now on, or again',
  'subscriber.changed': 'schedule, interests, a pause or the address of a reader changed',
  'subscriber.unsubscribed': 'a reader left',
  'subscriber.erased': 'a person was deleted for good, or never answered and was forgotten',
  'delivery.bounced': 'an address was refused for good and gets nothing more',
  'edition.finished': 'nothing of an edition waits any more; with its sums',
  'digest.held': 'a digest looks wrong and waits for a decision',
} as const satisfies Record<string, string>;

export type HookEvent = keyof typeof HOOK_EVENTS;

/** Says what is told of a reader whose fields are set back to these. */
export function eventOfReturn({ status }: Snapshot): HookEvent {
  return status === 'unsubscribed' || status === 'confirmed' ? `subscriber.${status}` : 'subscriber.changed';
}

/** What an endpoint is sent when an operator tries it. */
export const TEST_EVENT = 'test';

/** Tells whether a text names an event that can be told. */
export function isHookEvent(text: string): text is HookEvent {
  return Object.hasOwn(HOOK_EVENTS, text);
}

/** Minutes from each try that fails to the next: ten tries in three days. */
export const RETRY_MINUTES = [1, 5, 30, 120, 300, 600, 840, 960, 1_440] as const;

/** Tries at one message. */
export const MAX_TRIES = RETRY_MINUTES.length + 1;

/** An endpoint that fails for so long, without a success between, is switched off. */
export const OFF_AFTER_DAYS = 5;

/** For so many days what was told is remembered: in its log, and to be sent again. */
export const LOG_DAYS = 30;

/** For so long after a rotation the secret before signs too. */
export const BOTH_SIGN_HOURS = 24;
