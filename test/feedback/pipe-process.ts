import { appendFileSync, existsSync } from 'node:fs';
import { takeFiles } from '../../src/commands/feedback-take.ts';

/**
 * What a mail server pipes a mail into: `offprint feedback --rcpt ADDRESS -`, or without an address where the header
 * has it, but for the database, which is a file of lines here; while there is a file of its name and `.away`, it is
 * away.
 */
const [file = '', recipient = ''] = process.argv.slice(2);
process.exitCode = await takeFiles(
  ['-'],
  { rcpt: recipient === '' ? [] : [recipient] },
  ({ recipients, understood }) => {
    if (existsSync(`${file}.away`)) return Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
    appendFileSync(
      file,
      `${recipients.join()} ${understood?.event.kind} ${understood?.event.recipients[0]?.address}\n`,
    );
    return Promise.resolve({ isNew: true, events: [] });
  },
);
