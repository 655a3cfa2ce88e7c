import type { Context } from '../context.ts';
import type { NoticeForm } from '../http/notice.ts';
import type { Translate } from '../lib/strings.ts';
import type { Subscriber } from '../model/subscriber.ts';
import type { WayBack } from '../subscribers/way-back.ts';
import { unsubscribePath } from './reader-links.ts';

/** What a page says to somebody who left, and the button that leads back. */
export interface WayBackForms {
  lines: string[];
  forms: NoticeForm[];
}

/** Words the way back that there is: at once, by a mail, or none. */
export function wayBackForms(ctx: Context, t: Translate, reader: Subscriber, way: WayBack): WayBackForms {
  if (way === 'none') return { lines: [t('unsubscribe.noWayBack')], forms: [] };
  const [line, label] =
    way === 'undo'
      ? [t('unsubscribe.undoHint'), t('unsubscribe.undo')]
      : [t('unsubscribe.askHint'), t('unsubscribe.ask')];
  const form: NoticeForm = {
    action: unsubscribePath(ctx, reader),
    hidden: { action: way },
    buttons: [{ label, look: 'quiet' }],
  };
  return { lines: [line], forms: [form] };
}
