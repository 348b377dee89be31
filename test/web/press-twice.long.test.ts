/** A form of the studio that is submitted twice counts once, and no button replaces its opposite (rule: editor's-words). */
import { describe, expect, it } from 'vitest';
import { type BrowserForm, formsIn, type PageButton } from '../support/browser-form.js';
import type { TestStudio } from '../support/studio.js';
import { SCENES, type Scene } from '../support/studio-scenes.js';

/** Actions without a confirmation page. */
const UNCONFIRMED =
  /^(?:approved|pin|unpin|exclude|remove|include|add|move|reset-section|place|subject|introduction|pause|resume|test|checks)$/;

const CONFIRMATION = /\/(?:confirm|veto|withdraw|cancel|resend-\w+|clear)(?:\?|$)/;

interface Submit {
  readonly form: BrowserForm;
  readonly button: PageButton;
}

async function submitsOn(studio: TestStudio, path: string): Promise<readonly Submit[]> {
  const forms = formsIn(await studio.read(path)).filter(({ method }) => method === 'post');
  return forms.flatMap((form) => form.buttons.map((button) => ({ form, button })));
}

const bodyOf = ({ form, button }: Submit) =>
  form.submit(
    { ...(form.value('address') === '' && { address: 'ada@example.org' }) },
    button.name === '' ? undefined : [button.name, button.value],
  );

function actionOf({ form, button }: Submit): string {
  if (button.name === 'place') return 'place';
  return button.value || form.value('action') || (form.action.split('/').at(-1) ?? '');
}

describe.each(SCENES)('On the page of $name', ({ path, open }: Scene) => {
  it('every form submitted twice counts once', async () => {
    const count = (await submitsOn(await open(), path)).length;
    if (CONFIRMATION.test(path)) expect(count).toBe(1);
    for (let nth = 0; nth < count; nth += 1) {
      const states: string[] = [];
      for (const times of [1, 2, 3]) {
        const studio = await open();
        const submit = (await submitsOn(studio, path))[nth] as Submit;
        const answers = await Promise.all(
          Array.from({ length: times }, () => studio.post(submit.form.action, bodyOf(submit))),
        );
        expect(
          answers.map(({ status }) => status),
          actionOf(submit),
        ).toEqual(answers.map(() => 303));
        await studio.settled();
        // Once more after everything is done, from the page as it was.
        if (times === 3)
          expect((await studio.post(submit.form.action, bodyOf(submit))).status, actionOf(submit)).toBe(303);
        await studio.settled();
        states.push(await studio.state());
      }
      expect(states[1]).toBe(states[0]);
      expect(states[2]).toBe(states[0]);
    }
  });

  it('every action that undoes, ends or sends something needs a confirmation', async () => {
    for (const submit of await submitsOn(await open(), path)) {
      if (!CONFIRMATION.test(path)) expect(actionOf(submit)).toMatch(UNCONFIRMED);
      expect(submit.button.id, submit.button.words).not.toBe('');
      expect(submit.form.id, submit.button.words).not.toBe('');
    }
  });

  it('a button keeps its action as long as it is on the page', async () => {
    const studio = await open();
    const before = new Map((await submitsOn(studio, path)).map((submit) => [submit.button.id, actionOf(submit)]));
    for (const [nth] of [...before].entries()) {
      const other = await open();
      const submit = (await submitsOn(other, path))[nth] as Submit;
      const answer = await other.post(submit.form.action, bodyOf(submit));
      await other.settled();
      const after = await submitsOn(other, (answer.headers.get('Location') ?? path).split('#')[0] ?? path);
      for (const { form, button } of after) {
        const action = before.get(button.id);
        if (action !== undefined) expect(actionOf({ form, button }), button.id).toBe(action);
      }
    }
  });
});
