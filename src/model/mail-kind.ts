/**
 * Who a mail may go to; decided again whenever it is about to go, by the rules of `db/ledger/eligibility.ts`.
 * confirmed: who reads here, at this very address · asked: whoever a question waits for · told: whoever a move leads
 * away from · reader: who is known here, whatever their status · operator: who runs this installation.
 */
export type Audience = 'confirmed' | 'asked' | 'told' | 'reader' | 'operator';

/** What a reader does that ends mails on their way; `stay` takes a move back that the new address has not answered. */
export type ReaderAct = 'leave' | 'move' | 'stay' | 'pause' | 'decline';

/** What the one button of a notice does, and whose public id its token bears. */
export type NoticeLink =
  | { does: 'confirm' | 'undo'; names: 'request' }
  | { does: 'preferences'; names: 'subscriber' }
  /** What its payload calls `link`. */
  | { does: 'signin' | 'invitation'; names: 'link' };

/** All that is told apart by kind. */
export interface MailKindRow {
  /** 0 goes first: what a person waits for. */
  priority: number;
  audience: Audience;
  /** A newsletter is made from chosen papers; a notice (transactional, without list headers) from its payload. */
  form: 'newsletter' | 'notice';
  /** Null where it has no button of its own. */
  link: NoticeLink | null;
  /** Keys in `templates/strings`: what it says, and what its button and the words about it are taken from. */
  words: { says: string; answers: string };
  /** Waits for the paces of its destination and for the number of the day. */
  paced: boolean;
  /** Waits out the reader's quiet hours. */
  quiet: boolean;
  /** Counts for what a stranger may cause at one mailbox. */
  counted: boolean;
  /** Goes to an address suppressed because its reader was erased; none goes to one suppressed for another reason. */
  whileErased: boolean;
  /** The address it went to was the reader's own: erasing them suppresses it too. */
  provesAddress: boolean;
  endedBy: readonly ReaderAct[];
}

const CONFIRM = { does: 'confirm', names: 'request' } as const satisfies NoticeLink;

/** What mails to who runs this have in common: no reader and no stranger is behind them. */
const TO_OPERATOR = {
  audience: 'operator',
  form: 'notice',
  paced: false,
  quiet: false,
  counted: false,
  whileErased: true,
  provesAddress: false,
  endedBy: [],
} as const satisfies Partial<MailKindRow>;

/** One row a kind of mail. Its payload is in `notice.ts`, its words are in `templates/strings`. */
const TABLE = {
  newsletter: {
    priority: 5,
    audience: 'confirmed',
    form: 'newsletter',
    link: null,
    words: { says: 'mail', answers: 'mail' },
    paced: true,
    quiet: true,
    counted: false,
    whileErased: false,
    provesAddress: true,
    endedBy: ['leave', 'move', 'pause'],
  },
  confirmation: {
    priority: 0,
    audience: 'asked',
    form: 'notice',
    link: CONFIRM,
    words: { says: 'mail.confirmation', answers: 'mail.confirmation' },
    paced: false,
    quiet: false,
    counted: true,
    whileErased: true,
    provesAddress: false,
    endedBy: ['leave', 'move', 'stay', 'decline'],
  },
  reminder: {
    priority: 2,
    audience: 'asked',
    form: 'notice',
    link: CONFIRM,
    words: { says: 'mail.reminder', answers: 'mail.confirmation' }, // it is answered like its question
    paced: false,
    quiet: true,
    counted: true,
    whileErased: true,
    provesAddress: false,
    endedBy: ['leave', 'move', 'decline'],
  },
  link: {
    priority: 0,
    audience: 'reader',
    form: 'notice',
    link: { does: 'preferences', names: 'subscriber' },
    words: { says: 'mail.link', answers: 'mail.link' },
    paced: false,
    quiet: false,
    counted: true,
    whileErased: false,
    provesAddress: false,
    endedBy: ['leave', 'move'],
  },
  // Tells a reader's present address that they asked to move to another, even where they left or have moved since.
  moving: {
    priority: 0,
    audience: 'told',
    form: 'notice',
    link: { does: 'undo', names: 'request' },
    words: { says: 'mail.moving', answers: 'mail.moving' },
    paced: false,
    quiet: false,
    counted: false,
    whileErased: false,
    provesAddress: true,
    endedBy: [],
  },
  alarm: {
    ...TO_OPERATOR,
    priority: 1,
    link: null,
    words: { says: 'mail.alarm', answers: 'mail.alarm' },
  },
  // The link an admin asked for to sign in.
  sign_in: {
    ...TO_OPERATOR,
    priority: 0,
    link: { does: 'signin', names: 'link' },
    words: { says: 'mail.sign_in', answers: 'mail.sign_in' },
  },
  // Tells an admin that somebody, hopefully they, signed in from where they never did before.
  new_sign_in: {
    ...TO_OPERATOR,
    priority: 0,
    link: null,
    words: { says: 'mail.new_sign_in', answers: 'mail.new_sign_in' },
  },
  invitation: {
    ...TO_OPERATOR,
    priority: 0,
    link: { does: 'invitation', names: 'link' },
    words: { says: 'mail.invitation', answers: 'mail.invitation' },
  },
  // A newsletter as for a reader, to an admin who wants to see it: it shows nobody anything, and counts for nothing.
  test: {
    ...TO_OPERATOR,
    priority: 0,
    link: null,
    words: { says: 'mail.test', answers: 'mail.test' },
  },
} as const satisfies Record<string, MailKindRow>;

/** What a mail is for. */
export type MailKind = keyof typeof TABLE;

/** A kind that is no newsletter. */
export type NoticeKind = { [K in MailKind]: (typeof TABLE)[K]['form'] extends 'notice' ? K : never }[MailKind];

/** What is told apart by kind, one row each. */
export const MAIL_KINDS: Readonly<Record<MailKind, MailKindRow>> = TABLE;

/** Lists the kinds of which something holds; all by default. */
export function mailKinds(holds: (row: MailKindRow) => boolean = () => true): MailKind[] {
  return (Object.keys(MAIL_KINDS) as MailKind[]).filter((kind) => holds(MAIL_KINDS[kind]));
}

/** Tells whether a kind is a notice: what is made from its payload, not from papers. */
export function isNotice(kind: MailKind): kind is NoticeKind {
  return MAIL_KINDS[kind].form === 'notice';
}

/** Lists the kinds that are sent no more once their reader has done something. */
export function endedBy(act: ReaderAct): MailKind[] {
  return mailKinds((row) => row.endedBy.includes(act));
}
