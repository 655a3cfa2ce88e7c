import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Mail, MailConnection, SendResult, SmtpStage } from '../../model/mail.ts';

/** A failure as Nodemailer words it. */
interface SmtpProblem extends Error {
  code?: string | undefined;
  command?: string | undefined;
  response?: string | undefined;
  responseCode?: number | undefined;
}

/** How far one mail has come, as we saw ourselves: Nodemailer words a lost connection the same at every stage. */
interface Journey {
  /** DATA was answered and the body is on its way. */
  bodyBegun: boolean;
  /** The body and its final dot have left the process. */
  handedOver: boolean;
}

/** Speaks over one open connection, one mail at a time. */
export function openSmtpConnection(
  connection: SMTPConnection,
  refuse: (mail: Mail) => SendResult | null,
): MailConnection {
  let settle: ((problem: SmtpProblem) => void) | null = null;
  connection.on('error', () => {}); // it is told to the mail in flight too; an idle connection is found unusable

  async function send(mail: Mail): Promise<SendResult> {
    const refused = refuse(mail);
    if (refused) return refused;
    const journey: Journey = { bodyBegun: false, handedOver: false };
    const result = await new Promise<SendResult>((resolve) => {
      settle = (problem) => resolve(interpret(problem, journey));
      connection.send(envelopeOf(mail), bodyOf(mail, connection, journey), (problem, info) => {
        if (problem) settle?.(problem);
        else resolve({ outcome: 'accepted', reply: info.response });
      });
    });
    settle = null;
    if (hasLetGo(connection, result)) mail.free?.();
    return tidyUp(connection, journey, result);
  }

  return {
    send,
    usable: () => isOpen(connection),
    close: () =>
      new Promise((resolve) => {
        const inFlight = settle;
        if (inFlight || !isOpen(connection)) {
          connection.close();
          inFlight?.(new Error('we closed the connection while waiting'));
          return resolve();
        }
        connection.once('end', resolve);
        connection.quit();
        setTimeout(() => connection.close(), 1_000).unref();
      }),
  };
}

/**
 * Nodemailer pipes whatever has `pipe` once DATA is answered: the one moment from which the server may come to own the
 * mail. Its own stream looks at every byte of the body for dots; where there are none, it is written as it is and the
 * stream only adds the final dot.
 */
function bodyOf(mail: Mail, connection: SMTPConnection, journey: Journey): Readable {
  const body = {
    pipe(target: NodeJS.WritableStream) {
      journey.bodyBegun = true;
      const socket = connection._socket as Socket & { encrypted?: boolean };
      // Under TLS what has left the process cannot be told; doubt, then, from the first byte.
      if (socket.encrypted) journey.handedOver = true;
      target.once('end', () => {
        const left = () => void (journey.handedOver = true);
        if (socket.writableLength === 0) left();
        else socket.write('', (error) => (error ? undefined : left())); // called when all before it has left
      });
      if (mail.dotless) {
        socket.cork(); // the body and its dot leave as one, which spares both sides a call for each mail
        socket.write(mail.raw.subarray(0, -2)); // the end of its last line comes with the dot
        target.end();
        setImmediate(() => socket.uncork()); // by then the stream has added it
      } else target.end(mail.raw);
      return target;
    },
  };
  return body as unknown as Readable;
}

/**
 * Tells whether the connection holds nothing of an accepted mail any more. One that was refused before its body may be
 * sent again.
 */
function hasLetGo(connection: SMTPConnection, { outcome }: SendResult): boolean {
  return outcome === 'accepted' && (connection._socket as Socket).writableLength === 0;
}

function envelopeOf(mail: Mail) {
  const { from, to } = mail.envelope;
  return {
    from,
    to: [to],
    size: mail.raw.length,
    // Asked for where offered (RFC 3461); the envelope id is our Message-ID, so that a report names the delivery.
    dsn: {
      ret: 'HDRS',
      envid: mail.messageId.replace(/^<|>$/g, '').slice(0, 100),
      notify: ['FAILURE', 'DELAY'],
      recipient: to,
    },
  };
}

function interpret(problem: SmtpProblem, journey: Journey): SendResult {
  const stage = stageOf(problem, journey);
  const code = problem.responseCode ?? localRefusal(problem);
  if (code !== undefined && code >= 400) {
    return { outcome: 'refused', code, reply: problem.response ?? problem.message, stage };
  }
  return { outcome: 'lost', handedOver: journey.handedOver, problem: problem.message, stage };
}

/** Refused by Nodemailer before a word was said: larger than the server's SIZE, or an envelope it cannot write. */
function localRefusal(problem: SmtpProblem): number | undefined {
  if (problem.code === 'EMESSAGE') return 552;
  return problem.code === 'EENVELOPE' ? 553 : undefined;
}

function stageOf(problem: SmtpProblem, journey: Journey): SmtpStage {
  if (journey.bodyBegun) return journey.handedOver ? 'reply' : 'body';
  if (problem.command === 'RCPT TO') return 'rcpt';
  return problem.command === 'DATA' ? 'data' : 'mail';
}

/**
 * After a refusal the transaction is reset, so that the next mail starts clean; a connection in an unclear state is
 * closed.
 */
async function tidyUp(connection: SMTPConnection, journey: Journey, result: SendResult): Promise<SendResult> {
  if (result.outcome === 'accepted') return result;
  if (result.outcome === 'lost' || (journey.bodyBegun && !journey.handedOver)) connection.close();
  else if (isOpen(connection)) {
    await new Promise<void>((resolve) => {
      connection.once('end', resolve);
      connection.reset((problem) => {
        connection.removeListener('end', resolve);
        if (problem) connection.close();
        resolve();
      });
    });
  }
  return result;
}

function isOpen(connection: SMTPConnection): boolean {
  const socket = connection._socket as Socket | false;
  return !connection.destroyed && socket !== false && !socket.destroyed && socket.writable && socket.readable;
}
