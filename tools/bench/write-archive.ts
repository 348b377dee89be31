/** Writes a workspace with an archive of posts, as a blog of many years has it: most are old, a few are new. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Of them, those the next issue carries. */
const NEW_POSTS = 12;
const DAY_MS = 86_400_000;

/** @param root of the workspace, absolute; it is made */
export async function writeArchive(root: string, posts: number): Promise<void> {
  const content = join(root, 'content');
  await mkdir(join(content, 'newsletters'), { recursive: true });
  await mkdir(join(root, '.gazette'));
  await writeFile(join(content, 'sources.yaml'), SOURCES);
  await writeFile(join(content, 'newsletters', 'weekly.yaml'), NEWSLETTER);
  const now = Date.now();
  for (let nth = 0; nth < posts; nth += 1) {
    const age = nth >= posts - NEW_POSTS ? (posts - nth) * 3_600_000 : (posts - nth) * DAY_MS * 0.3 + 30 * DAY_MS;
    const date = new Date(now - age);
    const folder = join(content, 'posts', String(date.getUTCFullYear()));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${date.toISOString().slice(0, 10)}-post-${nth}.md`), postText(nth, date));
  }
}

const SOURCES = `blog:
  kind: markdown
  dir: posts
  site: https://blog.example.org
  url: /:year/:month/:day/:slug/
  timezone: UTC
`;

const NEWSLETTER = `id: weekly
title: Notes
language: en
timezone: UTC
schedule: "0 8 * * 1"
sources: [blog]
categories: [one, two, three]
theme: plain
sender:
  name: Notes
  address: notes@example.org
postalAddress: 1 Example Street
`;

function postText(nth: number, date: Date): string {
  const paragraph = `A paragraph of post ${nth} with *emphasis*, \`code\` and [a link](https://example.org/${nth}), as posts have them. `;
  return `---
title: What we learned about subject ${nth}${nth % 10 === 0 ? ' and `its code`' : ''}
date: ${date.toISOString()}
description: In short, the ${nth}th post of this archive${nth % 10 === 0 ? ' has *markup* in its description' : ''}.
author: Group Office
categories: [${['one', 'two', 'three'][nth % 3]}]
---

${paragraph.repeat(3)}

## How it went

- one point
- another point

\`\`\`js
const answer = ${nth};
\`\`\`

${`${paragraph.repeat(5)}\n\n`.repeat(4)}`;
}
