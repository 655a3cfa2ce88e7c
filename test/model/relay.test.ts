import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { connectionOptions } from '../../src/deliver/relays/smtp-mailer.ts';
import { parseRelays } from '../../src/model/relay.ts';

describe('SMTP_URL', () => {
  it('when it holds several URLs, then each has a name without secrets, its weight, and a URL without it', () => {
    expect(
      parseRelays(
        'smtp://ada:se,cret@one.example.org:587?weight=3&requireTLS=true, smtps://two.example.org,smtp://two.example.org:465?weight=2',
      ),
    ).toEqual({
      relays: [
        { name: 'one.example.org:587', url: 'smtp://ada:se,cret@one.example.org:587?requireTLS=true', weight: 3 },
        { name: 'two.example.org:465', url: 'smtps://two.example.org', weight: 1 },
        { name: 'two.example.org:465#2', url: 'smtp://two.example.org:465', weight: 2 },
      ],
    });
  });

  it('when one is of a provider, then that is no part of its URL; one that is not known is refused', () => {
    expect(parseRelays('smtp://a.example:587?provider=ses&requireTLS=true')).toEqual({
      relays: [{ name: 'a.example:587', url: 'smtp://a.example:587?requireTLS=true', weight: 1, provider: 'ses' }],
    });
    expect(parseRelays('smtp://a.example?provider=mailchimp')).toEqual({
      problem: 'expected a provider of ses, sendgrid, mailgun, postmark: ?provider=ses',
    });
  });

  it.each([
    ['smtp://a.example', 'no. 2 of 3', 'htp://ada:hunter2@b.example', 'smtp://c.example'],
    ['smtp://a.example', 'no. 2 of 2', 'smtp://ada:hunter2@b.example?weight=0'],
    ['smtp://ada:hunter2@a.example?weight=many', 'no. 1 of 2', 'smtp://b.example'],
  ])('when one of them is wrong, then the error says which and shows no password', (first, which, ...others) => {
    const load = () => loadConfig({ SMTP_URL: [first, ...others].join(',') });
    expect(load).toThrow(`SMTP_URL: `);
    expect(load).toThrow(which);
    expect(load).not.toThrow(/hunter2/);
  });

  it.each([
    'smtp://ada:hunter2/x@mail.example.org:587',
    'smtp://ada:12/hunter2@mail.example.org:587',
    'smtp://ada:12#hunter2@mail.example.org:587',
    'smtp://ada:hunter2#@mail.example.org',
    'smtps://ada:12?hunter2@mail.example.org:465',
    'smtp://ada:hunter2%@mail.example.org:587',
    'smtp://ada:%hunter2@mail.example.org:587',
    'smtp://a/da:hunter2@mail.example.org:587',
    'smtp://ada:25/hunter2',
  ])('when a password is not escaped (%s), then the error says how it is and does not show it', (url) => {
    const load = () => loadConfig({ SMTP_URL: url });
    expect(load).toThrow(
      /SMTP_URL: expected an SMTP URL with its password escaped: \/ is %2F, \? is %3F, # is %23, % is %25/,
    );
    expect(load).not.toThrow(/hunter2/);
  });

  it.each([
    ['smtp://ada:hun@ter:2@mail.example.org:587', 'hun@ter:2'],
    ['smtp://me@example.org:hun ter+2@mail.example.org:587', 'hun ter+2'],
    ['smtp://ada:%23%2F%3F%25%40@mail.example.org:587', '#/?%@'],
  ])('when what a URL can hold stands in a password (%s), then it is understood', (url, password) => {
    const config = loadConfig({ SMTP_URL: url });
    const options = connectionOptions(config, config.SMTP_URL?.[0]?.url ?? '');
    expect(options).toMatchObject({ host: 'mail.example.org', port: 587, auth: { pass: password } });
  });
});
