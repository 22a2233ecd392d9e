/**
 * Delivers notices by SMTP (RFC 5321) through the organisation's own mail server: encrypted unless that is this very
 * machine, one recipient a message, plain text.
 */
import { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import { fail } from '../core/failure.ts';
import { isLoopback } from '../core/loopback.ts';
import { Undelivered, type Deliver, type Undelivery } from './outbox.ts';

/** A mail server, and as whom it is asked. */
export interface SmtpSettings {
  /** `smtp://user:password@host:port` (STARTTLS), or `smtps://…` (TLS from the start). */
  readonly url: string;
  /** The address that notices come from. */
  readonly from: string;
}

const SUBMISSION_PORT = 587;
const SUBMISSIONS_PORT = 465;
const SECONDS = 1000;

/**
 * Makes the delivery.
 * @throws Failure `invalid-value` for an address that is no mail server's, or a sender that is no address
 */
export function bySmtp({ url, from }: SmtpSettings): Deliver {
  const server = serverOf(url);
  if (!isAddress(from)) return fail('invalid-value', 'SMTP_FROM must be an e-mail address.');
  const transport = createTransport({
    ...server,
    requireTLS: !isLoopback(url),
    connectionTimeout: 10 * SECONDS,
    greetingTimeout: 10 * SECONDS,
    socketTimeout: 30 * SECONDS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.indexOf('@') + 1);
  return async ({ _id, address, subject, text, at }) => {
    if (address === undefined) throw new Undelivered('no-address');
    let isLeaving = false;
    const body = Readable.from(
      (function* () {
        isLeaving = true;
        yield Buffer.from(`${text}\n`, 'utf8');
      })(),
    );
    const message = {
      from: { name: '', address: from },
      // As an object it is one address, whatever characters are in it.
      to: { name: '', address },
      subject,
      text: body,
      date: at,
      // The same for every try: who gets it twice can tell.
      messageId: `<${Buffer.from(_id, 'utf8').toString('base64url')}@${domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    };
    await transport.sendMail(message).catch((error: unknown) => {
      throw new Undelivered(whyOf(error, isLeaving));
    });
  };
}

function serverOf(address: string) {
  const url = URL.parse(address);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '')
    return fail('invalid-value', 'SMTP_URL must be smtp://host:port or smtps://host:port.');
  const secure = url.protocol === 'smtps:';
  const { username, password } = url;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? SUBMISSIONS_PORT : SUBMISSION_PORT) : Number(url.port),
    secure,
    ...(username !== '' && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
  };
}

const LONGEST_ADDRESS = 254;

/** An address that can be one recipient and nothing else: no list, no comment, no line of its own. */
export const isAddress = (text: string): boolean =>
  text.length <= LONGEST_ADDRESS &&
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(text);

const PERMANENT = 500;
/** What the server says of the message or its recipient; anything else is about the server or the way to it. */
const OF_MESSAGE: ReadonlySet<string> = new Set(['EENVELOPE', 'EMESSAGE']);

/** A message that had begun to leave and was not answered may have arrived. */
function whyOf(error: unknown, isLeaving: boolean): Undelivery {
  const { code = '', responseCode } = error as { readonly code?: string; readonly responseCode?: number };
  if (isLeaving && responseCode === undefined) return 'unknown';
  const isFinal = responseCode !== undefined && responseCode >= PERMANENT;
  if (!OF_MESSAGE.has(code)) return 'server';
  return isFinal ? 'refused' : 'later';
}
