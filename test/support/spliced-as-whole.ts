/** The oracle of the rule `pieces`: what splicing gives is what rendering everything at once gives, also as readers get it. */
import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'vitest';
import { openMailBuilder } from '../../src/deliver/message.js';
import { verifyDkim } from '../../src/deliver/verify-dkim.js';
import { fillSegments, type MergeValues, type RenderedMail } from '../../src/domain/edition.js';
import { AT, aDelivery, anEdition, links, rawOf } from './deliver-messages.js';
import { partFrom, partsOf, textOf } from './e2e-mime.js';
import type { RandomIssue } from './random-editions.js';
import { READER, testThemeRenderers } from './render-fixtures.js';

const themes = testThemeRenderers();

/** Renders the editions of an issue one after another, and each of them by itself. */
export async function expectSplicedAsWhole({ editions }: RandomIssue): Promise<void> {
  const issue = {};
  const spliced: RenderedMail[] = [];
  for (const edition of editions) spliced.push(await themes.render(edition, issue));
  for (const [index, edition] of editions.entries()) {
    const mail = spliced[index] as RenderedMail;
    const whole = await themes.render(edition, {}, { isWhole: true });
    expect(filled(mail)).toEqual(filled(whole));
    await expectSentAs(mail, whole, index);
  }
}

function filled({ subject, preheader, html, text }: RenderedMail, values: MergeValues = READER) {
  const [subjectLine, page, plain] = [subject, html, text].map((part) => fillSegments(part, values));
  return { subjectLine, preheader, page, plain };
}

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const dkim = [
  {
    domain: 'example.org',
    selector: 's1',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  },
];
const KEY = `v=DKIM1; k=ed25519; p=${publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`;
const mailBuilder = openMailBuilder({ links, dkim });
/** Every mail is of an edition of its own. */
let built = 0;

/** A reader's copy of the spliced mail, encoded and signed, says what the whole mail says. */
async function expectSentAs(mail: RenderedMail, whole: RenderedMail, index: number): Promise<void> {
  built += 1;
  const edition = anEdition({ id: built, key: `edition-${built}`, mail });
  const delivery = aDelivery({ name: index % 2 === 0 ? 'Ada Ŵ' : '' });
  const raw = rawOf(await mailBuilder.build(edition, delivery, AT));
  expect(await verifyDkim(raw, async () => [KEY])).toMatchObject([{ result: 'pass' }]);
  const { oneClickUrl: _, ...own } = links(delivery, edition.issue);
  const { name, address } = delivery.reader.subscriber;
  const { page, plain } = filled(whole, { name, address, ...own });
  const [text, html] = partsOf(partFrom(raw)).map((part) => textOf(part).replaceAll('\r\n', '\n'));
  expect([text, html]).toEqual([plain, page].map((part) => part?.replace(/\r\n?/g, '\n')));
}
