import type { SmtpStage } from '../../../src/model/mail.ts';
import type { About } from '../../../src/replies/read-reply.ts';

/** Whom a reply is about, the reply, and what it answers (RCPT where none is given). */
export type Wording = [About, string, SmtpStage?];
