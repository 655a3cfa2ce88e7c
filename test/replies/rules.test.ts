import { describe, expect, it } from 'vitest';
import { judgeReply } from '../../src/replies/judge-reply.ts';
import { RULES } from '../../src/replies/rules.ts';
import { plainWords } from '../../src/replies/words.ts';

describe('the table of replies', () => {
  it.each(RULES.map((rule) => [rule.name, rule] as const))('%s matches its example and not its twin', (_, rule) => {
    expect(plainWords(rule.example)).toMatch(rule.pattern);
    expect(plainWords(rule.counterExample)).not.toMatch(rule.pattern);
    expect([rule.advice, rule.source]).not.toContain('');
  });

  it('each rule has a name of its own', () => {
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  });

  it('when a report holds the example of a rule for reports, then that rule decides', () => {
    const others = RULES.filter(({ where }) => where === 'report').filter(
      ({ name, example }) => judgeReply(example).rule?.name !== name,
    );
    expect(others.map(({ name, example }) => `${name}: ${example} → ${judgeReply(example).rule?.name}`)).toEqual([]);
  });
});
