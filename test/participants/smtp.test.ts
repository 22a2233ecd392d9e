/** Notices by SMTP, against a real mail server: what arrives, what is tried again, what is given up, and that TLS is no choice. */
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, afterAll, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { bySmtp, isAddress } from '../../src/participants/smtp.ts';
import { sendAll, Undelivered, type Letter } from '../../src/participants/outbox.ts';
import { sendingOf } from '../../src/notices.ts';
import { databaseOf } from '../../src/storage/connect.ts';
import { outboxOf } from '../../src/storage/outbox.ts';
import { participantsOf } from '../../src/storage/participants.ts';
import { world, type World } from '../world/world.ts';

interface Mail {
  readonly to: readonly string[];
  readonly text: string;
  readonly user: string | undefined;
}

const servers: SMTPServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0))
    await new Promise<void>((done) => {
      server.close(done);
    });
});

/** A mail server that keeps what it gets. */
async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; mails: Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], logger: false },
    onAuth: ({ username, password }, _session, done) => {
      if (password === 'p@ss') done(null, { user: username ?? '' });
      else done(new Error('wrong'));
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        const text = Buffer.concat(parts).toString('utf8');
        mails.push({ to, text, user: session.user as string | undefined });
        done();
      });
    },
    ...options,
  });
  // A client that does not trust the certificate ends the connection.
  server.on('error', () => undefined);
  servers.push(server);
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

const FROM = 'registry@state.example.org';
const LETTER: Letter = {
  _id: 'notice one',
  to: 'organization:river',
  address: 'office@clinic.example.org',
  subject: 'Immunization registry: something waits for you',
  text: 'Something waits for you in the registry: Task/1.',
  at: new Date('2026-11-22T12:00:00Z'),
};
const answering = (responseCode: number): Error => Object.assign(new Error('no'), { responseCode });
const whyNot = (delivery: Promise<void>): Promise<string> =>
  delivery.then(
    () => 'delivered',
    (error: unknown) => (error instanceof Undelivered ? error.why : String(error)),
  );

describe('a notice', () => {
  test('arrives as one message to one address, signed on with the password of the URL', async () => {
    const { port, mails } = await mailServer();
    await bySmtp({ url: `smtp://registry:p%40ss@127.0.0.1:${port}`, from: FROM })(LETTER);
    const [mail, ...more] = mails;
    expect([mail?.to, mail?.user, more]).toEqual([['office@clinic.example.org'], 'registry', []]);
    for (const line of [
      /^From: registry@state\.example\.org\r$/m,
      /^To: office@clinic\.example\.org\r$/m,
      /^Subject: Immunization registry: something waits for you\r$/m,
      /^Message-ID: <[\w-]+@state\.example\.org>\r$/m,
      /^Auto-Submitted: auto-generated\r$/m,
      /Something waits for you in the registry: Task\/1\./,
    ])
      expect(mail?.text).toMatch(line);
  });

  test.each([
    [
      'a recipient that there is not',
      {
        onRcptTo: (_a, _s, done) => {
          done(answering(550));
        },
      },
      'refused',
    ],
    [
      'a recipient who is greylisted',
      {
        onRcptTo: (_a, _s, done) => {
          done(answering(451));
        },
      },
      'later',
    ],
    [
      'a message that is refused',
      {
        onData: (stream, _s, done) =>
          stream.resume().on('end', () => {
            done(answering(554));
          }),
      },
      'refused',
    ],
    [
      'a server that takes nobody',
      {
        onConnect: (_s, done) => {
          done(answering(554));
        },
      },
      'server',
    ],
  ] as readonly (readonly [string, SMTPServerOptions, string])[])(
    'to %s is told apart',
    async (_what, options, why) => {
      const { port } = await mailServer(options);
      expect(await whyNot(bySmtp({ url: `smtp://127.0.0.1:${port}`, from: FROM })(LETTER))).toBe(why);
    },
  );

  test('of a wrong password, and of a server that is away, is about the server', async () => {
    const { port } = await mailServer();
    const wrong = bySmtp({ url: `smtp://registry:wrong@127.0.0.1:${port}`, from: FROM });
    expect(await whyNot(wrong(LETTER))).toBe('server');
    expect(await whyNot(bySmtp({ url: 'smtp://127.0.0.1:1', from: FROM })(LETTER))).toBe('server');
  });

  test('that was taken and not answered may have arrived', async () => {
    const { port } = await mailServer({
      onData: (stream) => {
        stream.resume().on('end', () => {
          for (const { _socket: socket } of servers[0]?.connections ?? []) socket.destroy();
        });
      },
    });
    expect(await whyNot(bySmtp({ url: `smtp://127.0.0.1:${port}`, from: FROM })(LETTER))).toBe('unknown');
  });

  test('without an address goes nowhere', async () => {
    const { address: _address, ...letter } = LETTER;
    const { port, mails } = await mailServer();
    expect(await whyNot(bySmtp({ url: `smtp://127.0.0.1:${port}`, from: FROM })(letter))).toBe('no-address');
    expect(mails).toEqual([]);
  });
});

describe('the way to the mail server', () => {
  test('is encrypted and the certificate one that counts', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const { port, mails } = await mailServer({ secure: true, key, cert });
    const url = `smtps://127.0.0.1:${port}`;
    expect(await whyNot(bySmtp({ url, from: FROM })(LETTER))).toBe('server');
    expect(mails).toEqual([]);
  });

  test('elsewhere than on this machine is STARTTLS or nothing', async () => {
    const { port, mails } = await mailServer();
    // The same machine by a name that is not taken for it.
    const url = `smtp://127.0.0.2:${port}`;
    expect(await whyNot(bySmtp({ url, from: FROM })(LETTER))).toBe('server');
    expect(mails).toEqual([]);
  });

  test.each(['http://mail.example.org', 'smtp://', 'mail.example.org:25'])('is not %s', (url) => {
    expect(() => bySmtp({ url, from: FROM })).toThrow('SMTP_URL');
  });

  test('needs a sender', () => {
    expect(() => bySmtp({ url: 'smtp://127.0.0.1', from: '' })).toThrow('SMTP_FROM');
  });
});

test.each([
  ['a@b.example', true],
  ["o'hara+iz@mail.clinic.example.org", true],
  ['a@b.example,c@d.example', false],
  ['A <a@b.example>', false],
  ['a@b.example\r\nBcc: c@d.example', false],
  ['"a b"@c.example', false],
  ['a@', false],
  [`${'a'.repeat(65)}@b.example`, false],
])('%j is an address: %s', (text, is) => {
  expect(isAddress(text)).toBe(is);
});

describe('of what waits', () => {
  let w: World;
  beforeAll(async () => {
    w = await world();
  });
  afterAll(() => w.end());

  test('each notice is sent once to the confirmed contact, and what is refused becomes a Task', async () => {
    const { participants, outbox } = partsOf(w);
    const at = w.rooms.now();
    const act = { at, by: 'test' };
    const base = { applied: act, revision: 1 } as const;
    const contact = { ...act, email: 'office@clinic.example.org' };
    await participants.pretend({ ...base, _id: 'organization:river', what: 'organization', contact }, []);
    await participants.pretend({ ...base, _id: 'client:app', what: 'client', organization: 'river' }, []);
    const bad = { ...act, email: 'nobody@clinic.example.org' };
    await participants.pretend({ ...base, _id: 'account:gone', what: 'person', contact: bad }, []);
    for (const to of ['organization:river', 'client:app', 'account:gone'])
      await outbox.put({ _id: `n ${to}`, to, subject: 'Subject', text: 'Text' });
    const { port, mails } = await mailServer({
      onRcptTo: ({ address }, _session, done) => {
        if (address.startsWith('nobody')) done(answering(550));
        else done();
      },
    });
    const deliver = bySmtp({ url: `smtp://127.0.0.1:${port}`, from: FROM });
    const sending = sendingOf(w.services, deliver);
    await Promise.all([sendAll(sending), sendAll(sending), sendAll(sending)]);
    await sendAll(sending);
    expect(mails.map(({ to }) => to)).toEqual([['office@clinic.example.org'], ['office@clinic.example.org']]);
    expect(await outbox.counts()).toEqual({ waiting: 0, dead: 1 });
    const { body } = (await w.fhir.get('/Task?code=notice-undelivered')) as { body: unknown };
    expect(JSON.stringify(body)).toContain('account:gone');
    expect(JSON.stringify(body)).not.toContain('nobody@');
    expect(await databaseOf(w.services.connection).collection('notices').countDocuments()).toBe(3);
  });

  const partsOf = ({ services, rooms }: World) => ({
    participants: participantsOf(services.connection),
    outbox: outboxOf(services.connection, rooms.now),
  });
});
