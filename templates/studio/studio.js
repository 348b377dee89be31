// Keeps an open page as things stand: changes are told over one line, fetched once, and worked into the page where it differs.
(() => {
  const live = document.querySelector('.live');
  // What happened between the page and the line is told by the first word on the line.
  let told = document.body.dataset.seen;
  let waiting = false;
  // Forms whose editor was told that somebody else has changed what they are about.
  const warned = new WeakSet();
  // One after another, so that what is sent is sent from the page as it stands by then.
  let turn = Promise.resolve();

  // The editor's own acts, by the versions of the arrangement before and after them.
  const moves = [];

  /** The version that the editor's own acts since then have made of one. */
  const movedOn = (version, since) =>
    moves.slice(since).reduce((now, { from, to }) => (now === from ? to : now), version);

  const inTurn = (work) => {
    turn = turn.then(work);
    return turn;
  };

  const isUnsent = (node) =>
    node.matches('textarea, input:not([type=hidden], [type=radio], [type=checkbox])') &&
    node.value !== node.defaultValue;

  /** What was written and not sent, and an open menu, are left alone. */
  const isBeingWritten = (node) => isUnsent(node) || (node === document.activeElement && node.matches('select'));

  const holdsUnsent = (form) => [...(form?.elements ?? [])].some(isUnsent);

  /**
   * What was written stays with the version it was written over, so that nobody else's words are replaced unseen. It moves on
   * with what the editor does beside it, and when they were told.
   */
  const keepsVersion = (node, own) =>
    node.matches('input[type=hidden][name=version]') &&
    holdsUnsent(node.form) &&
    node.value !== own &&
    !warned.delete(node.form);

  const refusal = Object.assign(document.createElement('div'), { id: 'refusal', className: 'note bad' });
  refusal.setAttribute('role', 'alert');
  // The form that was refused; a page that could not be shown again has none.
  let saidBy;

  /** Says what an answer said, beside the page as it is: nothing that was written is lost by it. */
  function say(text, isHtml) {
    const said = isHtml ? new DOMParser().parseFromString(text, 'text/html').querySelector('main') : undefined;
    said?.querySelector('a.button')?.remove();
    const heading = said?.querySelector('h1');
    heading?.replaceWith(Object.assign(document.createElement('strong'), { textContent: heading.textContent }));
    refusal.replaceChildren(...(said?.childNodes ?? [text]));
    document.querySelector('main')?.before(refusal);
    refusal.scrollIntoView({ block: 'nearest' });
  }

  /** After an act the focus goes to what tells of it: never to a button that has come in the pressed one's place. */
  function tellOf({ ids, isByPointer }) {
    const place = ids.map((id) => document.getElementById(id)).find((found) => found);
    // Under a pointer nothing moves.
    place?.focus({ preventScroll: isByPointer });
  }

  /** @param own the version the editor's own act began from */
  function work(html, own) {
    const page = new DOMParser().parseFromString(html, 'text/html');
    const to = page.querySelector('input[name=version]')?.value;
    if (own !== undefined && to !== undefined && to !== own) moves.push({ from: own, to });
    document.title = page.title;
    Idiomorph.morph(document.body, page.body, {
      callbacks: {
        beforeNodeMorphed: (before, after) =>
          !(
            before instanceof Element &&
            (isBeingWritten(before) || keepsVersion(before, own) || (before.dataset?.axe && after.dataset?.axe === ''))
          ),
        beforeNodeRemoved: (node) => node !== refusal,
        beforeAttributeUpdated: (name, node) => !(name === 'open' && node.tagName === 'DETAILS'),
      },
    });
  }

  /** @param act the form it comes from and the fields sent; absent where the page is only looked at again */
  async function show(request, act) {
    document.body.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(request);
      const html = await answer.text();
      const isHtml = answer.headers.get('Content-Type')?.startsWith('text/html') ?? false;
      // What was taken is not being written any more, unless the editor went on writing meanwhile.
      if (answer.ok || answer.redirected) for (const [field, value] of act?.sent ?? []) field.defaultValue = value;
      if (!answer.ok || !isHtml) {
        say(html, isHtml);
        saidBy = act?.form;
        if (act && answer.status === 409) {
          warned.add(act.form);
          refresh();
        }
        return;
      }
      if (act || !saidBy) refusal.remove();
      if (answer.url !== location.href) history.replaceState(null, '', answer.url);
      work(html, act?.version);
      if (act) tellOf(act.place);
    } catch {
      if (live) live.hidden = false;
    } finally {
      document.body.removeAttribute('aria-busy');
    }
  }

  function refresh() {
    if (waiting) return;
    waiting = true;
    inTurn(() => {
      waiting = false;
      return show(new Request(location.href));
    });
  }

  const line = new EventSource('/events');
  line.addEventListener('version', ({ data }) => {
    if (live) live.hidden = true;
    if (told !== undefined && told !== data) refresh();
    told = data;
  });
  line.addEventListener('error', () => {
    if (live) live.hidden = false;
  });

  // The second click of a double click is no press of its own, whatever stands under the pointer by then.
  let isByPointer = false;
  document.addEventListener(
    'click',
    (event) => {
      isByPointer = event.detail > 0;
      if (event.detail > 1 && event.target.closest('main button, main a.button')) event.preventDefault();
    },
    true,
  );

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('[data-live], [data-live-get]')) return;
    event.preventDefault();
    const { name, value } = event.submitter ?? {};
    // A press means what the page showed when it was pressed, whatever it shows when its turn comes.
    const fields = new URLSearchParams(new FormData(form));
    if (name) fields.append(name, value);
    const sent = [...form.querySelectorAll('textarea, input')].map((field) => [field, field.value]);
    // A button of that name hides `form.action`.
    const action = new URL(form.getAttribute('action') ?? '', location.href);
    const isLive = form.matches('[data-live]');
    const place = { ids: form.dataset.focus?.split(' ') ?? [], isByPointer };
    const begun = moves.length;
    inTurn(() => {
      const version = fields.has('version') ? movedOn(fields.get('version'), begun) : undefined;
      if (version !== undefined) fields.set('version', version);
      const act = { form, sent, version, place };
      if (isLive) return show(new Request(action, { method: 'POST', body: fields }), act);
      action.search = fields.toString();
      return show(new Request(action), act);
    });
  });

  // What axe found in the frame of a mail, as text and nothing else.
  addEventListener('message', ({ origin, data }) => {
    const place = document.querySelector('[data-axe]');
    if (origin !== location.origin || !Array.isArray(data?.axe) || !place) return;
    const line = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    const list = document.createElement('ul');
    list.className = 'findings';
    for (const { id, help, impact, html } of data.axe) {
      const item = document.createElement('li');
      item.append(
        line('p', `${help} (${impact}, ${id})`),
        ...html.slice(0, 3).map((code) => line('code', code.slice(0, 160))),
      );
      list.append(item);
    }
    const count = data.axe.length;
    place.replaceChildren(
      line('p', count === 0 ? 'axe finds nothing wrong.' : `axe finds ${count} kinds of trouble:`),
      list,
    );
    place.dataset.axe = 'told';
  });

  // What is chosen is shown at once; the button is for whoever has no script.
  document.addEventListener('change', ({ target }) => {
    const form = target.closest('form[data-live-get]');
    if (form && !target.matches('[type=text]')) form.requestSubmit();
  });
})();
