/** An issue as its editor arranged it in a file, from plan to the mail. */
import PostalMime from 'postal-mime';
import { expect, it, onTestFinished } from 'vitest';
import { cronCalendar } from '../../src/platform/calendar.js';
import { openInbox } from '../../src/platform/inbox.js';
import { aPostFile, aWorkspace, gazette, gazetteJson, manyReaders, writeFiles } from '../support/e2e-gazette.js';

const ARRANGED = `introduction: |
  Good *morning*, [all](https://blog.example.org/all/) of you.
subject: The window is open
pinned: [a-window.md]
order: [a-valve.md, a-parser.md]
sections: { a-parser.md: instruments }
leftOut: [a-poster.md, nobody.md]
broughtIn: [an-old-map.md]
`;

function titlesIn(text: string): readonly string[] {
  return [...text.matchAll(/^(?:A|An) (?:valve|parser|window|poster|old map|late post)$/gm)].map(([title]) => title);
}

it('An arranged issue is what is sent, once: words, order, what is left out and brought in', async () => {
  const inbox = await openInbox();
  onTestFinished(() => inbox.close());
  const env = { SMTP_URL: inbox.url };
  const day = cronCalendar.next('0 8 * * 1', 'UTC', new Date()).toISOString().slice(0, 10);
  const file = `content/issues/weekly/${day}.yaml`;
  const folder = await aWorkspace(
    {
      readers: manyReaders(2),
      files: {
        'content/posts/a-valve.md': aPostFile('A valve', ['instruments']),
        'content/posts/a-parser.md': aPostFile('A parser', ['software']),
        'content/posts/a-window.md': aPostFile('A window', ['lab-life']),
        'content/posts/a-poster.md': aPostFile('A poster', ['software']),
        'content/posts/an-old-map.md': '---\ntitle: An old map\ndate: 2020-01-01\ncategories: [reading]\n---\n\nOld.\n',
        [file]: ARRANGED,
      },
    },
    env,
  );
  const planned = await gazetteJson(['plan'], { folder, env });
  expect(planned.json.arrangement).toMatchObject({ file, introduction: true, subject: 'The window is open' });
  expect(planned.json.warnings).toEqual([{ where: `${file}:7:24`, message: 'There is no post “nobody.md”.' }]);
  const explained = await gazette(['plan', '--explain'], { folder, env });
  expect(explained.stdout).toContain(
    `arranged in ${file}: an introduction, subject “The window is open”, 1 pinned, 2 ordered, 1 moved, 2 excluded, 1 added`,
  );
  expect(explained.stdout).toMatch(/A poster +left-out-by-editor/);

  const sent = await gazetteJson(['send', '--yes'], { folder, env });
  expect(sent, sent.stderr).toMatchObject({ code: 0, json: { issue: 1, ok: true, accepted: 2 } });
  expect(sent.stderr).toContain(`${file}:7:24`);
  const mail = await PostalMime.parse(inbox.mails[0]?.raw ?? '');
  expect(mail.subject).toBe('The window is open');
  expect(mail.html).toMatch(/Good <em[^>]*>morning<\/em>, <a href="https:\/\/blog\.example\.org\/all\/"/);
  expect(mail.text).toContain('Good morning, all');
  expect(titlesIn(mail.text ?? '')).toEqual(['An old map', 'A valve', 'A parser', 'A window']);

  await writeFiles(folder, { 'content/posts/a-late-post.md': aPostFile('A late post', ['software']) });
  const after = await gazette(['plan'], { folder, env });
  expect(after.stdout).toContain(`${file} was used for issue 1 and is not used again`);
  await gazetteJson(['send', '--yes'], { folder, env });
  const second = await PostalMime.parse(inbox.mails[2]?.raw ?? '');
  expect(second.subject).toBe('A late post');
  expect(second.text).not.toContain('Good morning');
  expect(titlesIn(second.text ?? '')).toEqual(['A late post']);
});

it('A broken arrangement stops what would be made with it, with the place of every problem', async () => {
  const day = cronCalendar.next('0 8 * * 1', 'UTC', new Date()).toISOString().slice(0, 10);
  const file = `content/issues/weekly/${day}.yaml`;
  const folder = await aWorkspace({ readers: manyReaders(1), files: { [file]: 'pined: [a]\norder: a\n' } });
  const env = { SMTP_URL: 'file:outbox' };
  for (const args of [['plan'], ['preview'], ['send', '--yes'], ['check']]) {
    const { json, code } = await gazetteJson(args, { folder, env });
    expect(code, args.join(' ')).not.toBe(0);
    expect(json.error, args.join(' ')).toMatchObject({ code: 'config.invalid', where: `${file}:1:1` });
    expect(json.error.problems).toEqual([
      { where: `${file}:1:1`, message: 'pined: There is no such setting. Did you mean “pinned”?' },
      { where: `${file}:2:8`, message: 'order: Must be a list: [a].' },
    ]);
  }
  const status = await gazetteJson(['status'], { folder, env });
  expect(status.json.newsletters[0].trouble).toContain(`${file}:1:1`);
});
