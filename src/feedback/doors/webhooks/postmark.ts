import { toldByPostmark } from '../../providers/postmark.ts';
import { jsonOf } from '../../providers/told.ts';
import { isSame } from './same.ts';
import { read, refuse, type Webhook } from './webhook.ts';

/**
 * Opens Postmark's webhooks, which sign nothing: whoever knows the login (`user:password`) is heard.
 * https://postmarkapp.com/developer/webhooks/webhooks-overview#protecting-your-webhook
 */
export function openPostmark(login: string): Webhook {
  return ({ header, body }) => {
    const given = /^basic ([A-Za-z0-9+/=]{1,1000})$/i.exec(header('authorization') ?? '')?.[1];
    if (given === undefined) return refuse(401, 'it does not log in: expected the login by Basic authentication');
    if (!isSame(Buffer.from(given, 'base64').toString('utf8'), login))
      return refuse(401, 'its login is not that of WEBHOOK_POSTMARK_LOGIN');
    return read(toldByPostmark(jsonOf(body.toString('utf8'))), 'a record of Postmark');
  };
}
