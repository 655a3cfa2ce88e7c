import type { Request } from 'express';

/** What a reaction link asks for; `rate` offers all three acts. */
export type ReactionAct = 'more' | 'less' | 'mute' | 'rate';

/** The paper that a reaction link names, and the act. */
export interface AskedReaction {
  /** Public id; '' where the link lost it. */
  paper: string;
  act: ReactionAct;
}

/** In mails of before 28 November 2026 both stood behind the path: `?paper=ID&do=more`. */
const OLD_PAPER = /paper=([\w-]+)/i;
const OLD_ACT = /do=(?:3D)?(more|less|mute)/i;

/** What quoted-printable leaves where a line was broken. */
const SOFT_BREAK = /=(?:%0D)?%0A/gi;

/**
 * Reads a reaction link: `/react/TOKEN/PAPER/more`, in whichever order the two stand, or an old one with its query. An
 * act that was cut off leaves the page that offers all.
 */
export function reactionAsked(req: Request): AskedReaction {
  const parts = (req.params as { rest?: string[] }).rest ?? [];
  const [, query = ''] = req.url.replace(SOFT_BREAK, '').split('?');
  const acts = [...parts, OLD_ACT.exec(query)?.[1] ?? ''].map((part) => part.toLowerCase());
  return {
    paper: parts.find((part) => !isAct(part.toLowerCase())) ?? withoutQuoting(OLD_PAPER.exec(query)?.[1] ?? ''),
    act: acts.find(isAct) ?? 'rate',
  };
}

function isAct(text: string): text is ReactionAct {
  return text === 'more' || text === 'less' || text === 'mute' || text === 'rate';
}

/** Takes off the `3D` of a quoted-printable `=3D`, unless the id, of 16 characters in old mails, begins so itself. */
function withoutQuoting(id: string): string {
  return id.startsWith('3D') && id.length !== 16 ? id.slice(2) : id;
}
