// Keeps an open page as things stand: changes are told over one line, fetched once, and worked into the page where it differs.
(() => {
  const live = document.querySelector('.live');
  let told;
  let waiting = false;
  // An error is read before anything takes its place.
  let held = false;
  // One after another, so that what is sent is sent from the page as it stands by then.
  let turn = Promise.resolve();

  const inTurn = (work) => {
    turn = turn.then(work);
    return turn;
  };

  /** What was written and not sent, and an open menu, are left alone. */
  const isBeingWritten = (node) =>
    (node.matches('textarea, input:not([type=hidden], [type=radio], [type=checkbox])') &&
      node.value !== node.defaultValue) ||
    (node === document.activeElement && node.matches('select'));

  function work(html) {
    const page = new DOMParser().parseFromString(html, 'text/html');
    document.title = page.title;
    Idiomorph.morph(document.body, page.body, {
      callbacks: {
        beforeNodeMorphed: (before, after) =>
          !(
            before instanceof Element &&
            (isBeingWritten(before) || (before.dataset?.axe && after.dataset?.axe === ''))
          ),
        beforeAttributeUpdated: (name, node) => !(name === 'open' && node.tagName === 'DETAILS'),
      },
    });
  }

  async function show(request) {
    document.body.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(request);
      const html = await answer.text();
      if (!answer.headers.get('Content-Type')?.startsWith('text/html')) throw new Error(html);
      if (answer.ok && answer.url !== location.href) history.replaceState(null, '', answer.url);
      held = !answer.ok;
      work(html);
    } catch {
      if (live) live.hidden = false;
    } finally {
      document.body.removeAttribute('aria-busy');
    }
  }

  function refresh() {
    if (held || waiting) return;
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

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('[data-live], [data-live-get]')) return;
    event.preventDefault();
    if (form.dataset.ask && !confirm(form.dataset.ask)) return;
    const { name, value } = event.submitter ?? {};
    inTurn(() => {
      if (!form.isConnected) return;
      const fields = new URLSearchParams(new FormData(form));
      if (name) fields.append(name, value);
      // What was sent is not being written any more.
      for (const field of form.querySelectorAll('textarea, input')) field.defaultValue = field.value;
      // A button of that name hides `form.action`.
      const action = new URL(form.getAttribute('action') ?? '', location.href);
      if (form.matches('[data-live]')) return show(new Request(action, { method: 'POST', body: fields }));
      action.search = fields.toString();
      return show(new Request(action));
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
