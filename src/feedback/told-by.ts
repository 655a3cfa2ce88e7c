/**
 * What is written beside an event, by the words that it begins with, and the name by which pages say it. A line of
 * the report itself (an auto-reply's sign, a Feedback-Type) has no words of ours and is shown as it came.
 */
export const TOLD_BY: readonly (readonly [begins: string, name: string])[] = [
  ['its signature is false', 'forged'],
  ['it is signed, for a mail that is not there', 'gone'],
  ['it names several addresses, and not the one that the mail went to', 'others'],
  ['it cannot be read as a mail', 'unreadable'],
  ['a report that names nobody', 'nobody'],
  ['it asks to be let go', 'leaves'],
  ['it asks for a proof', 'proof'],
  ['it answers a mail', 'answers'],
  ['nothing tells what it is', 'nothing'],
  ['a delivery report', 'report'],
  ['Postmark tells', 'postmark'],
  ['a program told us', 'program'],
  ['an event of Mailgun', 'mailgun'],
  ['an event of SendGrid', 'sendgrid'],
  ['a bounce of SES', 'ses.bounce'],
  ['a complaint to SES', 'ses.complaint'],
  ['a delivery of SES', 'ses.delivery'],
  ['a delay at SES', 'ses.delay'],
  ['unsubscribed at SES', 'ses.unsubscribed'],
  ['other wishes at SES', 'ses.wishes'],
];
