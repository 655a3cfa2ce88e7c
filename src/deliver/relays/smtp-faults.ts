import { certificateFault, certificateTime } from '../../lib/certificate-faults.ts';

/** What went wrong before a connection could carry mail, as Nodemailer and Node tell it. */
export interface ConnectProblem extends Error {
  code?: string | undefined;
  /** The system's code, where Nodemailer put its own in `code`. */
  originalCode?: string | undefined;
  /** Which of Nodemailer's own waits ran out: CONNECT_TIMEOUT, GREETING_TIMEOUT, UPGRADE_TIMEOUT or SOCKET_TIMEOUT. */
  timeoutType?: string | undefined;
  command?: string | undefined;
  response?: string | undefined;
  responseCode?: number | undefined;
  /** The certificate that was refused. */
  cert?: { subjectaltname?: string };
}

/** The server that was dialled, as SMTP_URL has it, and how. */
export interface Dialled {
  host: string;
  port: number;
  /** TLS from the first byte: smtps:// */
  secure: boolean;
  /** Our name in EHLO. */
  name: string;
  user?: string | undefined;
  password?: string | undefined;
  /** What the server said last, where it had begun to speak. */
  heard?: string | undefined;
}

const ESCAPES = 'in a user or password of SMTP_URL, @ : / # ? % are written %40 %3A %2F %23 %3F %25';
/** As much of a server's words as a line of a log takes. */
const MOST_WORDS = 200;

/**
 * Says in one sentence what is wrong with a mail server, where, and what to try, from the error of connecting or
 * logging in; the server's own words are in it, the password never is, not even where the server repeats it.
 */
export function smtpFault(told: ConnectProblem, dialled: Dialled): string {
  const { problem, server } = withoutSecrets(told, dialled);
  const cause = problem.originalCode ?? problem.code ?? '';
  const at = `${server.host}:${server.port}`;
  return (
    ofCertificate(cause, at, problem) ??
    ofTls(cause, at, problem, server) ??
    ofNetwork(cause, at, problem, server) ??
    ofSilence(cause, at, problem, server) ??
    ofLogin(at, problem) ??
    ofDialogue(at, problem, server) ??
    `${at}: ${oneLine(problem.message)}`
  );
}

function ofCertificate(cause: string, at: string, { message, cert }: ConnectProblem): string | null {
  const names = cert?.subjectaltname ? ` (${oneLine(cert.subjectaltname)})` : '';
  const ofTime = certificateTime(cause);
  if (ofTime) return `the certificate of ${at} ${ofTime}`;
  if (cause === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the certificate of ${at} is for another name${names}: write that name as the host in SMTP_URL, or add ?tls.servername=NAME`;
  const known = certificateFault(cause, oneLine(message));
  return (
    known &&
    `the certificate of ${at} ${known}. Give the server one that is vouched for, or name its authority's file in NODE_EXTRA_CA_CERTS, ` +
      'or, on a network you trust, add ?tls.rejectUnauthorized=false to SMTP_URL'
  );
}

function ofTls(cause: string, at: string, problem: ConnectProblem, server: Dialled): string | null {
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(cause) || /wrong version number/.test(problem.message))
    return server.secure
      ? `${at} speaks plain SMTP, and smtps:// begins with TLS (wrong version number): try ${plainUrl(server)}, which uses STARTTLS`
      : `what ${at} answers to STARTTLS is no TLS (wrong version number): look at the server, or at what stands between`;
  if (/^ERR_SSL_|^EPROTO$/.test(cause))
    return `${at} and we agree on no TLS (${oneLine(problem.message).split(':').at(-1) ?? ''}${cause}): update the server's TLS, or add ?tls.minVersion=TLSv1 to SMTP_URL`;
  if (problem.command !== 'STARTTLS') return null;
  if (problem.responseCode === 454)
    return `${at} cannot begin TLS now (${words(problem)}): it is tried again; if it stays so, look at the server`;
  return (
    `${at} offers no STARTTLS (${words(problem)}), and it is demanded, since a password or ?requireTLS=true is in SMTP_URL: ` +
    `try ${tlsUrl(server)}, or, on a network you trust, ?ignoreTLS=true`
  );
}

function ofNetwork(cause: string, at: string, problem: ConnectProblem, { host }: Dialled): string | null {
  if (cause === 'ECONNREFUSED')
    return `nothing listens at ${at} (connection refused, ECONNREFUSED): check host and port in SMTP_URL, and that the server runs`;
  if (/^E(HOST|NET)(UNREACH|DOWN)$|^EADDRNOTAVAIL$/.test(cause))
    return `${at} cannot be reached from this machine (${cause}): check its network and firewall, and the host in SMTP_URL`;
  if (cause === 'ENOTFOUND' || cause === 'ENODATA')
    return `there is no host ${host} (not found in DNS, ENOTFOUND): check the host in SMTP_URL; ${ESCAPES}`;
  if (problem.code === 'EDNS' || /^EAI_/.test(cause))
    return `the name of ${at} could not be looked up (${cause}): check the name servers of this machine; it is tried again`;
  return null;
}

function ofSilence(cause: string, at: string, { code, timeoutType }: ConnectProblem, server: Dialled): string | null {
  const { secure, heard } = server;
  if (code === 'ETIMEDOUT' || cause === 'ETIMEDOUT') {
    if (heard)
      return `${at} fell silent after «${oneLine(heard)}» (timeout): it is tried again; SMTP_TIMEOUT_SECONDS says how long we wait`;
    // Every wait but the first begins once the connection stands. Those for a greeting and for any word at all are
    // equally long and begin together, so either may run out first.
    if (timeoutType !== undefined && timeoutType !== 'CONNECT_TIMEOUT')
      return `${at} took the connection and never greeted (timeout): ${secure ? 'look at the server' : waitsForTls(server)}`;
    const other = secure ? `; if it speaks plain SMTP there, try ${plainUrl(server)}` : '';
    return `${at} does not answer (timeout): check host and port in SMTP_URL, and that a firewall lets this machine out (port 25 is often closed, 587 seldom)${other}`;
  }
  if (code !== 'ECONNECTION' && !/^(ECONNRESET|EPIPE)$/.test(cause)) return null;
  if (heard)
    return `${at} broke the connection off after «${oneLine(heard)}»: it is tried again; if it stays so, look at its log`;
  return secure
    ? `${at} broke the connection off before TLS was agreed: if it speaks plain SMTP there, try ${plainUrl(server)}; else it turns this machine away`
    : `${at} broke the connection off without a greeting: ${waitsForTls(server)}; else it turns this machine away`;
}

function waitsForTls(server: Dialled): string {
  return `a server that begins with TLS, as on port 465, waits for us; try ${tlsUrl(server)}`;
}

function ofLogin(at: string, problem: ConnectProblem): string | null {
  const { code, responseCode, response = '' } = problem;
  if (code !== 'EAUTH') return null;
  if (responseCode === undefined)
    return `SMTP_URL names no user or no password for ${at}, and it wants both: smtp://user:password@…; ${ESCAPES}`;
  if (responseCode === 530 || responseCode === 538 || /starttls|encrypt|\btls\b|secure/i.test(response))
    return `${at} lets nobody log in before STARTTLS (${words(problem)}): add ?requireTLS=true to SMTP_URL; on this machine itself also &tls.rejectUnauthorized=false`;
  if (responseCode < 500)
    return `${at} cannot check the password now (${words(problem)}): it is tried again; if it stays so, look at the server`;
  if (responseCode >= 500 && responseCode <= 504)
    return `${at} offers no login of this kind (${words(problem)}): use its port for submission, mostly 587 or 465, or leave user and password out of SMTP_URL`;
  return `${at} refuses the user or the password (${words(problem)}): check both; ${ESCAPES}; some providers want a password made for programs`;
}

function ofDialogue(at: string, problem: ConnectProblem, { name }: Dialled): string | null {
  const { command = '', responseCode, code } = problem;
  if (/^(EHLO|HELO)$/.test(command))
    return `${at} refuses our name in EHLO, ${name} (${words(problem)}): set EHLO_NAME to a full name that resolves to this machine`;
  if (code !== 'EPROTOCOL') return null;
  if (responseCode === undefined)
    return `what answers at ${at} is no mail server (${words(problem)}): check host and port in SMTP_URL`;
  return responseCode < 500
    ? `${at} takes no connection now (${words(problem)}): it is tried again; fewer SEND_CONNECTIONS may help`
    : `${at} turns this machine away at its greeting (${words(problem)}): ask its operator to let this machine in`;
}

function words({ response, message }: ConnectProblem): string {
  return `«${oneLine(response ?? message)}»`;
}

function oneLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, MOST_WORDS);
}

function plainUrl({ host, port }: Dialled): string {
  return `smtp://${bracketed(host)}:${port === 465 ? 587 : port}`;
}

function tlsUrl({ host, port }: Dialled): string {
  return `smtps://${bracketed(host)}:${port === 25 || port === 587 ? 465 : port}`;
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** A server may repeat what it was told: the password, plain, or as a URL or AUTH writes it. */
function withoutSecrets(told: ConnectProblem, dialled: Dialled): { problem: ConnectProblem; server: Dialled } {
  const { user = '', password = '' } = dialled;
  const base64 = (plain: string) => Buffer.from(plain).toString('base64');
  const forms = [base64(`\0${user}\0${password}`), base64(password), encodeURIComponent(password), password];
  const clean = (text: string) =>
    password === '' ? text : forms.reduce((rest, form) => rest.replaceAll(form, '***'), text);
  const { name, message, code, originalCode, timeoutType, command, response, responseCode, cert } = told;
  const problem = { name, code, originalCode, timeoutType, command, responseCode, ...(cert ? { cert } : {}) };
  return {
    problem: { ...problem, message: clean(message), response: response === undefined ? undefined : clean(response) },
    server: { ...dialled, heard: dialled.heard === undefined ? undefined : clean(dialled.heard) },
  };
}
