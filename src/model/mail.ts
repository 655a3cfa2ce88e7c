/** A mail ready to go: where it goes and its exact bytes (CRLF, 7-bit, dots not yet stuffed). */
export interface Mail {
  envelope: { from: string; to: string };
  messageId: string;
  raw: Buffer;
  /** No line begins with a dot and the last one ends as it should: it may be written as it stands (RFC 5321 4.5.2). */
  dotless?: boolean;
  /** Octets of its memory in front of `raw`, for signatures. */
  room?: number;
  /** Gives its memory back for another mail: nobody may look at `raw` any more. Again is nothing. */
  free?: () => void;
}

/** Where in the SMTP dialogue something ended. */
export type SmtpStage = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body' | 'reply';

/**
 * How one try ended. `lost`: no answer; `handedOver` tells whether the whole body and its final dot had been written,
 * so that the server may have it (RFC 5321 4.5.3.2.6).
 */
export type SendResult =
  | { outcome: 'accepted'; reply: string }
  | { outcome: 'refused'; code: number; reply: string; stage: SmtpStage }
  | { outcome: 'lost'; handedOver: boolean; problem: string; stage: SmtpStage };

/** One open connection to a mail server (or to the outbox folder). Sends one mail at a time. */
export interface MailConnection {
  send(mail: Mail): Promise<SendResult>;
  /** False once the other side has gone: open a new one before handing anything over. Always usable where missing. */
  usable?(): boolean;
  close(): Promise<void>;
}

/** Says that a mail server has no place for another connection now: it is there, and somebody holds its places. */
export class CrowdedError extends Error {}

/** One mail server, or the outbox. */
export interface Relay {
  /** Host and port: what is told of it. */
  name: string;
  /** Its share of the connections, beside those of the others. */
  weight: number;
  /**
   * Opens a connection; rejects where the server cannot be reached or refuses us (nothing was sent then), with a
   * CrowdedError where it is one connection too many.
   */
  connect(): Promise<MailConnection>;
}

/** The way out for mail. */
export interface Mailer {
  kind: 'smtp' | 'outbox';
  /** Connections that may be open at once, over all relays. */
  connections: number;
  relays: readonly Relay[];
}
