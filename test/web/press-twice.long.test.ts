/** Every act of the studio pressed twice is pressed once, and none stands in the place of its opposite (rule: editor's-words). */
import { describe, expect, it } from 'vitest';
import { type BrowserForm, formsIn, type PageButton } from '../support/browser-form.js';
import type { TestStudio } from '../support/studio.js';
import { SCENES, type Scene } from '../support/studio-scenes.js';

/** Acts that may be done at once; whatever else is done is asked for on a page of its own. */
const AT_ONCE =
  /^(?:approved|pin|unpin|leave-out|take-out|put-back|bring-in|move|home|place|subject|introduce|pause|resume|test|checks)$/;

const QUESTION = /\/(?:confirm|veto|withdraw|cancel|resend-\w+|clear)(?:\?|$)/;

interface ThemeRenderer {
  readonly form: BrowserForm;
  readonly button: PageButton;
}

async function pressesOn(studio: TestStudio, path: string): Promise<readonly ThemeRenderer[]> {
  const forms = formsIn(await studio.read(path)).filter(({ method }) => method === 'post');
  return forms.flatMap((form) => form.buttons.map((button) => ({ form, button })));
}

const bodyOf = ({ form, button }: ThemeRenderer) =>
  form.submit(
    { ...(form.value('address') === '' && { address: 'ada@example.org' }) },
    button.name === '' ? undefined : [button.name, button.value],
  );

function actOf({ form, button }: ThemeRenderer): string {
  if (button.name === 'place') return 'place';
  return button.value || form.value('action') || (form.action.split('/').at(-1) ?? '');
}

describe.each(SCENES)('On the page of $name', ({ path, open }: Scene) => {
  it('every act pressed twice is pressed once', async () => {
    const count = (await pressesOn(await open(), path)).length;
    if (QUESTION.test(path)) expect(count).toBe(1);
    for (let nth = 0; nth < count; nth += 1) {
      const states: string[] = [];
      for (const times of [1, 2, 3]) {
        const studio = await open();
        const press = (await pressesOn(studio, path))[nth] as ThemeRenderer;
        const answers = await Promise.all(
          Array.from({ length: times }, () => studio.post(press.form.action, bodyOf(press))),
        );
        expect(
          answers.map(({ status }) => status),
          actOf(press),
        ).toEqual(answers.map(() => 303));
        await studio.settled();
        // Once more when all is done, from a page that was left open.
        if (times === 3) expect((await studio.post(press.form.action, bodyOf(press))).status, actOf(press)).toBe(303);
        await studio.settled();
        states.push(await studio.state());
      }
      expect(states[1]).toBe(states[0]);
      expect(states[2]).toBe(states[0]);
    }
  });

  it('what undoes, ends or sends is asked first', async () => {
    for (const press of await pressesOn(await open(), path)) {
      if (!QUESTION.test(path)) expect(actOf(press)).toMatch(AT_ONCE);
      expect(press.button.id, press.button.words).not.toBe('');
      expect(press.form.id, press.button.words).not.toBe('');
    }
  });

  it('a button keeps its name while it can be pressed, whatever is done', async () => {
    const studio = await open();
    const before = new Map((await pressesOn(studio, path)).map((press) => [press.button.id, actOf(press)]));
    for (const [nth] of [...before].entries()) {
      const other = await open();
      const press = (await pressesOn(other, path))[nth] as ThemeRenderer;
      const answer = await other.post(press.form.action, bodyOf(press));
      await other.settled();
      const after = await pressesOn(other, (answer.headers.get('Location') ?? path).split('#')[0] ?? path);
      for (const { form, button } of after) {
        const act = before.get(button.id);
        if (act !== undefined) expect(actOf({ form, button }), button.id).toBe(act);
      }
    }
  });
});
