import type { Tx } from '../db/client.ts';
import { pageOfReactions } from '../db/interests/reactions.ts';
import type { Translate } from '../lib/strings.ts';
import type { Wish } from '../model/interest.ts';
import { COST_DAYS, muteKey } from '../preview/mute-costs.ts';
import { titleText } from './paper-view.ts';

/** Most papers listed of those a reader said something of. */
const LISTED = 30;

/** What a reader told us beside their wishes, each with what it does and the value by which it is taken back. */
export interface ToldView {
  papers: { href: string; title: string; what: string; value: string }[];
  /** How many older ones are not listed; '' where all are. */
  more: string;
  muted: { text: string; cost: string; value: string }[];
}

/** Prepares what a reader told us: the papers they liked and disliked, the words they muted and what those cost. */
export async function toldView(
  db: Tx,
  t: Translate,
  reader: { id: number; wishes: readonly Wish[]; costs: Record<string, number> },
): Promise<ToldView> {
  const costOf = (n: number | undefined) => (n === undefined ? '' : t('told.cost', { n, days: COST_DAYS }));
  const muted = reader.wishes.filter((wish) => wish.muted);
  return {
    ...(await reactionsView(db, t, reader.id)),
    muted: muted.map((wish) => ({
      text: wish.kind === 'words' ? wish.text : `${wish.kind}: ${wish.text}`,
      cost: costOf(reader.costs[muteKey(wish)]),
      value: `mute ${wish.kind} ${wish.text}`,
    })),
  };
}

async function reactionsView(db: Tx, t: Translate, subscriberId: number): Promise<Pick<ToldView, 'papers' | 'more'>> {
  const { rows, total } = await pageOfReactions(db, subscriberId, LISTED);
  return {
    papers: rows.map(({ paperPublicId, title, kind }) => ({
      href: `/papers/${paperPublicId}`,
      title: titleText(title),
      what: t(`told.${kind}`),
      value: `paper ${paperPublicId}`,
    })),
    more: total > rows.length ? t('told.older', { n: total - rows.length }) : '',
  };
}

/** Names what a press on «Take back» stands for; null where it is none of ours. */
export function readToldValue(
  value: string,
): { what: 'paper'; publicId: string } | { what: 'mute'; kind: string; text: string } | null {
  const [, publicId] = /^paper ([\w-]{1,64})$/.exec(value) ?? [];
  if (publicId) return { what: 'paper', publicId };
  const [, kind = '', text = ''] = /^mute ([a-z]{1,20}) (\S.{0,400})$/u.exec(value) ?? [];
  return kind ? { what: 'mute', kind, text } : null;
}
