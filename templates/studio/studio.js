// Keeps an open page up to date: an event stream reports changes, the page is fetched again, and what differs is replaced.
(() => {
  const live = document.querySelector('.live');
  // The version the page shows; the first event tells whether it changed before the stream was open.
  let shownVersion = document.body.dataset.version;
  let isRefreshQueued = false;
  // Forms whose editor has been told that somebody else changed what they are about.
  const warned = new WeakSet();
  // Requests are sent one after another, each from the page as the one before left it.
  let queue = Promise.resolve();

  // The editor's own changes, by the versions of the arrangement before and after each.
  const ownChanges = [];

  /** The version that a version has become through the editor's own changes since then. */
  const movedOn = (version, since) =>
    ownChanges.slice(since).reduce((now, { from, to }) => (now === from ? to : now), version);

  const enqueue = (work) => {
    queue = queue.then(work);
    return queue;
  };

  const isUnsaved = (node) =>
    node.matches('textarea, input:not([type=hidden], [type=radio], [type=checkbox])') &&
    node.value !== node.defaultValue;

  /** Unsaved text and an open menu are not replaced. */
  const isBeingEdited = (node) => isUnsaved(node) || (node === document.activeElement && node.matches('select'));

  const hasUnsaved = (form) => [...(form?.elements ?? [])].some(isUnsaved);

  /**
   * Unsaved text keeps the version it was written over, so that it does not replace somebody else's text unseen. The version
   * moves on with the editor's own changes, and after the editor has been warned.
   */
  const keepsVersion = (node, own) =>
    node.matches('input[type=hidden][name=version]') &&
    hasUnsaved(node.form) &&
    node.value !== own &&
    !warned.delete(node.form);

  const refusal = Object.assign(document.createElement('div'), { id: 'refusal', className: 'note bad' });
  refusal.setAttribute('role', 'alert');
  // The form that was refused; absent when the page itself could not be fetched.
  let refusedForm;

  /** Shows a message above the page, which stays as it is so that no unsaved text is lost. */
  function showMessage(text, isHtml) {
    const message = isHtml ? new DOMParser().parseFromString(text, 'text/html').querySelector('main') : undefined;
    message?.querySelector('a.button')?.remove();
    const heading = message?.querySelector('h1');
    heading?.replaceWith(Object.assign(document.createElement('strong'), { textContent: heading.textContent }));
    refusal.replaceChildren(...(message?.childNodes ?? [text]));
    document.querySelector('main')?.before(refusal);
    refusal.scrollIntoView({ block: 'nearest' });
  }

  /** After an action, focuses what shows its result, never a button that has replaced the pressed one. */
  function focusResult({ ids, isByPointer }) {
    const target = ids.map((id) => document.getElementById(id)).find((found) => found);
    // Nothing moves under a pointer.
    target?.focus({ preventScroll: isByPointer });
  }

  /** @param own the version the editor's own change started from */
  function replacePage(html, own) {
    const page = new DOMParser().parseFromString(html, 'text/html');
    const to = page.querySelector('input[name=version]')?.value;
    if (own !== undefined && to !== undefined && to !== own) ownChanges.push({ from: own, to });
    document.title = page.title;
    Idiomorph.morph(document.body, page.body, {
      callbacks: {
        beforeNodeMorphed: (before, after) =>
          !(
            before instanceof Element &&
            (isBeingEdited(before) || keepsVersion(before, own) || (before.dataset?.axe && after.dataset?.axe === ''))
          ),
        beforeNodeRemoved: (node) => node !== refusal,
        beforeAttributeUpdated: (name, node) => !(name === 'open' && node.tagName === 'DETAILS'),
      },
    });
  }

  /** @param action the form and the fields that were sent; absent when the page is only fetched again */
  async function show(request, action) {
    document.body.setAttribute('aria-busy', 'true');
    try {
      const response = await fetch(request);
      const html = await response.text();
      const isHtml = response.headers.get('Content-Type')?.startsWith('text/html') ?? false;
      // What was sent is saved now, unless the editor has gone on typing.
      if (response.ok || response.redirected) {
        for (const [field, value] of action?.sent ?? []) field.defaultValue = value;
      }
      if (!response.ok && isHtml && 'error' in document.body.dataset) return replacePage(html);
      if (!response.ok || !isHtml) {
        showMessage(html, isHtml);
        refusedForm = action?.form;
        if (action && response.status === 409) {
          warned.add(action.form);
          refresh();
        }
        return;
      }
      if (action || !refusedForm) refusal.remove();
      if (response.url !== location.href) history.replaceState(null, '', response.url);
      replacePage(html, action?.version);
      if (action) focusResult(action.focus);
    } catch {
      if (live) live.hidden = false;
    } finally {
      document.body.removeAttribute('aria-busy');
    }
  }

  function refresh() {
    if (isRefreshQueued) return;
    isRefreshQueued = true;
    enqueue(() => {
      isRefreshQueued = false;
      return show(new Request(location.href));
    });
  }

  // A browser opens about six connections to a host, for all its pages together: only one that is seen keeps one for changes.
  let events;

  function listen() {
    if (events || document.visibilityState === 'hidden') return;
    events = new EventSource('/events');
    events.addEventListener('version', ({ data }) => {
      if (live) live.hidden = true;
      if (shownVersion !== undefined && shownVersion !== data) refresh();
      shownVersion = data;
    });
    events.addEventListener('error', () => {
      if (live) live.hidden = false;
    });
  }

  function stopListening() {
    events?.close();
    events = undefined;
  }

  listen();
  // Browsers keep pages that were left, with all they hold open, and show them again as they were.
  addEventListener('pagehide', stopListening);
  addEventListener('pageshow', listen);
  document.addEventListener('visibilitychange', () =>
    document.visibilityState === 'hidden' ? stopListening() : listen(),
  );

  // The second click of a double click does nothing, whatever is under the pointer by then.
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
    // A form is sent as the page showed it when its button was pressed, even if the page has changed when it is sent.
    const fields = new URLSearchParams(new FormData(form));
    if (name) fields.append(name, value);
    const sent = [...form.querySelectorAll('textarea, input')].map((field) => [field, field.value]);
    // A button named “action” hides `form.action`.
    const target = new URL(form.getAttribute('action') ?? '', location.href);
    const isPost = form.matches('[data-live]');
    const focus = { ids: form.dataset.focus?.split(' ') ?? [], isByPointer };
    const begun = ownChanges.length;
    enqueue(() => {
      const version = fields.has('version') ? movedOn(fields.get('version'), begun) : undefined;
      if (version !== undefined) fields.set('version', version);
      const action = { form, sent, version, focus };
      if (isPost) return show(new Request(target, { method: 'POST', body: fields }), action);
      target.search = fields.toString();
      return show(new Request(target), action);
    });
  });

  // The findings of axe in the frame of a mail, shown as plain text.
  addEventListener('message', ({ origin, data }) => {
    const place = document.querySelector('[data-axe]');
    if (origin !== location.origin || !Array.isArray(data?.axe) || !place) return;
    const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    const list = document.createElement('ul');
    list.className = 'findings';
    for (const { id, help, impact, html } of data.axe) {
      const item = document.createElement('li');
      item.append(
        element('p', `${help} (${impact}, ${id})`),
        ...html.slice(0, 3).map((code) => element('code', code.slice(0, 160))),
      );
      list.append(item);
    }
    const count = data.axe.length;
    const summary = count === 0 ? 'axe found no problems.' : `axe found ${count} kinds of problems:`;
    place.replaceChildren(element('p', summary), list);
    place.dataset.axe = 'done';
  });

  // A choice is applied at once; the button is for pages without JavaScript.
  document.addEventListener('change', ({ target }) => {
    const form = target.closest('form[data-live-get]');
    if (form && !target.matches('[type=text]')) form.requestSubmit();
  });
})();
