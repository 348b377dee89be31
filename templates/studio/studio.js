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

  /** A browser takes no more than 64 kB to the end after its page has gone. */
  const isShort = (fields) => String(fields).length < 60_000;

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

  /** Posts whose new place is shown but not saved: until it is, older answers would show them elsewhere. */
  let placesUnderway = 0;

  /** Shows a post one place further at once; the neighbour moves, so that the pressed button keeps the focus. */
  function showPlaced(button) {
    const post = button.closest('li.post');
    const isUp = Number(button.value) < placesOf(post).indexOf(post) + 1;
    const neighbour = isUp ? post.previousElementSibling : post.nextElementSibling;
    const before = button.getBoundingClientRect().top;
    if (isUp) post.after(neighbour);
    else post.before(neighbour);
    const alike = placesOf(post);
    for (const [index, each] of alike.entries()) {
      const [up, down] = each.querySelectorAll('button[name=place]');
      up.value = index > 0 ? String(index) : '';
      down.value = index + 1 < alike.length ? String(index + 2) : '';
      up.disabled = up.value === '';
      down.disabled = down.value === '';
    }
    // The button stays under the pointer, so that a second press moves the same post.
    scrollBy({ top: button.getBoundingClientRect().top - before, behavior: 'instant' });
    if (button.disabled) post.focus({ preventScroll: true });
  }

  /** The posts of a section among which a post can be moved: the pinned ones, or the others. */
  function placesOf(post) {
    return [...post.parentElement.children].filter(
      (each) => each.classList.contains('pinned') === post.classList.contains('pinned'),
    );
  }

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

  const shownInFrames = new WeakMap();

  /** Replaces what a frame shows: another `src` would be a step that Back undoes in the frame alone. Returns true. */
  function showInFrame(frame, { src, title }) {
    if (src !== (shownInFrames.get(frame) ?? frame.src)) frame.contentWindow.location.replace(src);
    shownInFrames.set(frame, src);
    frame.title = title;
    return true;
  }

  /** @param own the version the editor's own change started from */
  function replacePage(html, own) {
    const page = new DOMParser().parseFromString(html, 'text/html');
    const to = page.querySelector('input[name=version]')?.value;
    if (own !== undefined && to !== undefined && to !== own) ownChanges.push({ from: own, to });
    if (placesUnderway > 0) return;
    document.title = page.title;
    Idiomorph.morph(document.body, page.body, {
      callbacks: {
        beforeNodeMorphed: (before, after) =>
          !(
            before instanceof Element &&
            (isBeingEdited(before) ||
              keepsVersion(before, own) ||
              before.matches('.told') ||
              (before.dataset?.axe && after.dataset?.axe === '') ||
              (before.tagName === 'IFRAME' && showInFrame(before, after)))
          ),
        beforeNodeRemoved: (node) => node !== refusal,
        beforeAttributeUpdated: (name, node) => !(name === 'open' && node.tagName === 'DETAILS'),
      },
    });
  }

  /** @param action the form and the fields that were sent; absent when the page is only fetched again */
  async function show(request, action) {
    if (action?.isPlace) placesUnderway -= 1;
    document.body.setAttribute('aria-busy', 'true');
    try {
      const response = await fetch(request);
      const html = await response.text();
      const isHtml = response.headers.get('Content-Type')?.startsWith('text/html') ?? false;
      // What was sent is saved now, unless the editor has gone on typing.
      if (response.ok || response.redirected) {
        for (const [field, value] of action?.sent ?? []) field.defaultValue = value;
        if (action) wereSaved(action.form);
      }
      if (!response.ok && isHtml && 'error' in document.body.dataset) return replacePage(html);
      if (!response.ok || !isHtml) {
        showMessage(html, isHtml);
        refusedForm = action?.form;
        if (action) wereRefused(action.form);
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
      if (action) {
        wereRefused(action.form);
        // What the page shows is perhaps not so: it is fetched again as soon as the studio answers.
        shownVersion = '';
      }
    } finally {
      if (action) beingSaved.delete(action.form);
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
      saveWords();
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
  let lastPressed;
  document.addEventListener(
    'click',
    (event) => {
      isByPointer = event.detail > 0;
      const pressed = event.target.closest('main button, main a.button');
      // An arrow moves its post on with each press.
      const isAgain = pressed?.name === 'place' && pressed === lastPressed;
      if (event.detail > 1 && pressed && !isAgain) event.preventDefault();
      lastPressed = pressed;
    },
    true,
  );

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('[data-live], [data-live-get]')) return;
    event.preventDefault();
    const { name, value } = event.submitter ?? {};
    if (form.matches('.words')) {
      const text = wordsOf(form).value;
      clearTimeout(saveTimers.get(form));
      if (beingSaved.get(form) === text) return;
      beingSaved.set(form, text);
    }
    // A form is sent as the page showed it when its button was pressed, even if the page has changed when it is sent.
    const fields = new URLSearchParams(new FormData(form));
    if (name) fields.append(name, value);
    const sent = [...form.querySelectorAll('textarea, input')].map((field) => [field, field.value]);
    // A button named “action” hides `form.action`.
    const target = new URL(form.getAttribute('action') ?? '', location.href);
    const isPost = form.matches('[data-live]');
    const isPlace = name === 'place';
    const focus = { ids: isPlace ? [] : (form.dataset.focus?.split(' ') ?? []), isByPointer };
    const begun = ownChanges.length;
    if (isPlace) {
      placesUnderway += 1;
      showPlaced(event.submitter);
    }
    enqueue(() => {
      const version = fields.has('version') ? movedOn(fields.get('version'), begun) : undefined;
      if (version !== undefined) fields.set('version', version);
      const action = { form, sent, version, focus, isPlace };
      if (isPost)
        return show(
          new Request(target, { method: 'POST', body: fields, keepalive: form.matches('.words') && isShort(fields) }),
          action,
        );
      target.search = fields.toString();
      return show(new Request(target), action);
    });
  });

  // Words are saved while they are typed. Until they are, this tab keeps them, also when the page is loaded again.
  const SAVE_AFTER_MS = 1_500;
  const saveTimers = new WeakMap();
  // Forms whose words the studio did not take; the editor decides what becomes of them.
  const refused = new WeakSet();
  /** What was there before the editor typed, for taking it back. */
  const textBefore = new WeakMap();
  const beingSaved = new WeakMap();

  const wordForms = () => [...document.querySelectorAll('form.words')];
  const wordsOf = (form) => form.elements.namedItem('text');
  const keptAs = (form) => `words ${location.pathname} ${form.id}`;

  function tell(form, text) {
    const place = form.querySelector('.told [role=status]');
    if (place && place.textContent !== text) place.textContent = text;
  }

  function saveSoon(form) {
    const words = wordsOf(form);
    if (!textBefore.has(form)) textBefore.set(form, words.defaultValue);
    clearTimeout(saveTimers.get(form));
    refused.delete(form);
    if (!isUnsaved(words)) {
      sessionStorage.removeItem(keptAs(form));
      return tell(form, '');
    }
    sessionStorage.setItem(
      keptAs(form),
      JSON.stringify({ text: words.value, version: form.elements.namedItem('version').value }),
    );
    if ('byHand' in form.dataset) return tell(form, form.dataset.byHand);
    tell(form, 'Not saved yet');
    saveTimers.set(
      form,
      setTimeout(() => save(form), SAVE_AFTER_MS),
    );
  }

  function save(form) {
    clearTimeout(saveTimers.get(form));
    if (isUnsaved(wordsOf(form)) && !('byHand' in form.dataset) && !refused.has(form)) form.requestSubmit();
  }

  /** Saves all that is not saved. */
  function saveWords() {
    for (const form of wordForms()) if (hasUnsaved(form)) save(form);
  }

  function wereSaved(form) {
    if (!form.matches('.words') || hasUnsaved(form)) return;
    sessionStorage.removeItem(keptAs(form));
    const time = new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
    tell(form, `Saved ${time}`);
    const words = wordsOf(form);
    const undo = form.querySelector('.told button');
    if (undo) undo.hidden = !textBefore.has(form) || textBefore.get(form) === words.value;
  }

  function wereRefused(form) {
    if (!form.matches('.words')) return;
    refused.add(form);
    tell(form, 'Not saved');
  }

  for (const form of wordForms()) {
    const undo = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Undo', hidden: true });
    form.querySelector('.told')?.append(undo);
    undo.addEventListener('click', () => {
      if (!textBefore.has(form)) return;
      const words = wordsOf(form);
      words.value = textBefore.get(form);
      words.focus();
      saveSoon(form);
      form.requestSubmit();
    });
    const kept = JSON.parse(sessionStorage.getItem(keptAs(form)) ?? 'null');
    if (!kept) continue;
    wordsOf(form).value = kept.text;
    if (isUnsaved(wordsOf(form))) form.elements.namedItem('version').value = kept.version;
    saveSoon(form);
  }

  document.addEventListener('input', ({ target }) => {
    if (target.form?.matches('.words')) saveSoon(target.form);
  });
  document.addEventListener('change', ({ target }) => {
    if (target.form?.matches('.words')) save(target.form);
  });
  // What is being saved arrives, even if the page has gone; only words that nobody will save need a question.
  addEventListener('beforeunload', (event) => {
    const isKeptFrom = (form) => refused.has(form) || 'byHand' in form.dataset || events?.readyState !== 1;
    if (wordForms().some((form) => hasUnsaved(form) && isKeptFrom(form))) event.preventDefault();
    else saveWords();
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
