import { describe, expect, it } from 'vitest';
import { initAnswers } from '../../src/cli/init-answers.js';
import type { Questions } from '../../src/cli/questions.js';
import { findWorkspace } from '../../src/operate/init-from.js';
import { handSource } from '../support/app-context.js';
import { aPost } from '../support/builders.js';

/** Answers questions by a word in them, and keeps what was asked. */
function person(answers: { readonly [word: string]: string }) {
  const asked: string[] = [];
  const answerTo = (message: string, otherwise: string) => {
    asked.push(message);
    return Object.entries(answers).find(([word]) => message.includes(word))?.[1] ?? otherwise;
  };
  const questions: Questions = {
    text: async ({ message, initial = '', problemOf }) => {
      const answer = answerTo(message, initial);
      expect(answer === '' ? undefined : problemOf?.(answer)).toBeUndefined();
      return answer;
    },
    choice: async ({ message, choices }) => answerTo(message, choices[0]?.value ?? ''),
  };
  return { questions, asked };
}

const found = (facts: object, answers: { readonly [word: string]: string }, said: object = {}) => {
  const { questions, asked } = person(answers);
  const made = findWorkspace(
    {
      findBlog: async () => ({
        options: { kind: 'feed', url: 'https://a.example/feed' },
        what: 'a feed',
        notes: [],
        ...facts,
      }),
      openSource: () => handSource([aPost({ categories: ['a'] })]),
      languages: ['en'],
      ask: (first) => initAnswers(first, questions),
    },
    { from: 'https://a.example/', root: '/srv/digest', now: new Date('2026-06-15T07:00:00Z'), ...said },
  );
  return { made, asked };
};

describe('what init asks', () => {
  it('is what the blog does not say, and the answers are written', async () => {
    const facts = { title: 'Notes', timezone: 'Europe/Berlin', site: 'https://a.example/' };
    const { made, asked } = found(facts, {
      'When is': '0 8 * * 5',
      'Which address': 'me@a.example',
      postal: '1 Street',
    });
    expect(await made).toMatchObject({
      ...{ title: 'Notes', timezone: 'Europe/Berlin', schedule: '0 8 * * 5', postalAddress: '1 Street' },
      sender: { address: 'me@a.example', isGuessed: false },
    });
    expect(asked).toHaveLength(3);
  });

  it('is not what the person has said already', async () => {
    const said = { title: 'Mine', timezone: 'UTC', schedule: '@daily', sender: 'me@a.example', postalAddress: 'x' };
    const { made, asked } = found({}, {}, said);
    await made;
    expect(asked).toEqual([]);
  });

  it('is the address of a folder’s site, without which no post has an address', async () => {
    const facts = { options: { kind: 'markdown', dir: '/srv/posts' }, notes: ['Give it with --site.'] };
    const { made, asked } = found(facts, { 'Where are': 'https://mine.example' });
    expect(await made).toMatchObject({
      source: { site: 'https://mine.example' },
      sender: { address: 'digest@mine.example' },
      notes: [],
    });
    expect(asked[0]).toContain('Where are the posts published');
  });

  it('may stay without an answer', async () => {
    const { made } = found({ title: 'Notes', timezone: 'UTC' }, {});
    expect(await made).toMatchObject({ sender: { isGuessed: true } });
    expect((await made).postalAddress).toBeUndefined();
  });
});
