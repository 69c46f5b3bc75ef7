// Saves every <form data-autosave> while somebody types; without this script the same form posts to the same address.
//
// The form has a hidden "version" and a [data-save-state]; data-draft names its draft in this browser. It is posted to
// its action with Accept: application/json, one request at a time, the last text wins. Replies, by "state":
//   200 saved       version, message, fragments {element id: html}
//   409 conflict    version, message, html, theirs {claim, values}: saving stops until the person has chosen
//   422 invalid     errors {field: [sentence]}
//   403 refused     message: closed, or no right
//   401 signed_out  message, login
//   507 full        the disk or the database has no room left: tried again like everything that follows
// Everything else is "not saved, will be tried again". The sentences come from #autosave-words.
(() => {
  const PAUSE = 1500;
  const LONGEST_PAUSE = 10_000;
  const REPLY_WITHIN = 30_000;
  const RETRIES = [2000, 5000, 15_000, 30_000, 60_000];
  const NO_RETRY = new Set([400, 404, 405, 413]);
  const KEEPALIVE_BYTES = 60_000;
  const UNANSWERED_KEPT = 5;

  const source = document.getElementById("autosave-words");
  if (!source) return;
  const words = source.dataset;
  const drafts = new LocalDrafts(words.user);
  const forms = [];

  class PartForm {
    constructor(form) {
      this.form = form;
      this.version = form.elements.namedItem("version");
      this.status = form.querySelector("[data-save-state]");
      this.stored = this.serialise();
      this.resting = [
        ["saved", "carried"].find((state) => this.status?.classList.contains(`is-${state}`)) ?? "empty",
        this.status?.querySelector("[data-save-text]").textContent ?? "",
      ];
      this.timer = null;
      this.dirtySince = null;
      this.flight = null;
      this.again = false;
      this.failures = 0;
      this.sent = null; // the text that is on its way now
      this.unanswered = []; // texts that may have arrived: no answer came back
      this.waitsFor = null; // "choice", "merge", "login" or "person": no saving by itself
      form.addEventListener("input", () => this.changed(PAUSE));
      form.addEventListener("change", () => this.changed(300));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.waitsFor = this.waitsFor === "login" ? "login" : null;
        this.save({ asked: true });
      });
      this.lookForDraft();
    }

    // --- what is typed, what is stored ------------------------------------------------------
    entries() {
      return [...new FormData(this.form)].filter(
        ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "version",
      );
    }

    serialise() {
      return JSON.stringify(this.entries());
    }

    get isDirty() {
      return this.serialise() !== this.stored;
    }

    changed(pause) {
      if (!this.isDirty) {
        clearTimeout(this.timer);
        this.dirtySince = null;
        if (this.form.dataset.draft) drafts.remove(this.form.dataset.draft);
        if (!this.flight && !this.waitsFor) this.show(...this.resting);
        return;
      }
      this.keepDraft();
      this.dirtySince ??= Date.now();
      if (this.waitsFor) return;
      this.failures = 0;
      this.show("saving", words.saving);
      this.schedule(Math.min(pause, Math.max(0, this.dirtySince + LONGEST_PAUSE - Date.now())));
    }

    schedule(wait) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), wait);
    }

    // --- saving -----------------------------------------------------------------------------
    // Resolves when this text has had its answer, whatever it was.
    save({ asked = false, leaving = false } = {}) {
      clearTimeout(this.timer);
      if (this.flight) {
        this.again = true;
        return this.flight;
      }
      if (!asked && !this.isDirty) return Promise.resolve();
      this.flight = this.post(leaving).finally(() => {
        this.flight = null;
        if (!this.again) return;
        this.again = false;
        if (this.isDirty && !this.waitsFor) this.schedule(0);
      });
      return this.flight;
    }

    async post(leaving, isSecondTry = false) {
      const sent = this.serialise();
      const body = new FormData(this.form);
      this.sent = sent;
      if (this.isDirty) this.keepDraft();
      this.show("saving", words.saving);
      let reply;
      try {
        reply = await fetch(this.form.action, {
          method: "POST",
          headers: { Accept: "application/json" },
          body,
          keepalive: leaving && new Blob([sent]).size < KEEPALIVE_BYTES,
          signal: AbortSignal.timeout(REPLY_WITHIN),
        });
      } catch {
        this.isLost(sent);
        return;
      }
      if (!reply.headers.get("Content-Type")?.startsWith("application/json")) {
        await this.answeredByPage(reply, leaving, isSecondTry);
        return;
      }
      let data;
      try {
        data = await reply.json();
      } catch {
        this.isLost(sent);
        return;
      }
      await this.answered(data, sent, reply.status);
    }

    isLost(sent) {
      this.sent = null;
      this.unanswered = [...new Set([...this.unanswered, sent])].slice(-UNANSWERED_KEPT);
      this.keepDraft();
      this.retryLater(words.offline);
    }

    // A page instead of JSON: the token is of an earlier log-in, or the server is in trouble.
    async answeredByPage(reply, leaving, isSecondTry) {
      if (reply.status === 403 || reply.redirected) {
        let who = "nobody";
        try {
          who = isSecondTry ? "nobody" : await Page.refreshToken(words.user);
        } catch {
          this.retryLater(words.offline);
          return;
        }
        if (who === "same") {
          await this.post(leaving, true);
          return;
        }
        this.waitsFor = "login";
        this.show("unsaved", who === "other" ? words.other : words.signedOut, words.login);
        return;
      }
      if (NO_RETRY.has(reply.status)) {
        this.waitsFor = "person";
        this.show("unsaved", words.refused);
        return;
      }
      this.retryLater(words.trouble);
    }

    async answered(data, sent, status) {
      this.sent = null;
      if (data.state === "saved") {
        this.accepted(data, sent);
      } else if (data.state === "conflict") {
        if (this.isOwnEarlierText(data.theirs)) {
          this.version.value = data.version;
          this.unanswered = [];
          await this.post(false);
          return;
        }
        this.conflict(data);
      } else if (data.state === "invalid") {
        this.unanswered = [];
        this.showErrors(data.errors);
        this.show("unsaved", words.invalid);
      } else if (data.state === "refused") {
        this.waitsFor = "person";
        this.show("unsaved", data.message);
      } else if (data.state === "signed_out") {
        this.waitsFor = "login";
        this.show("unsaved", data.message, data.login);
      } else {
        this.retryLater(data.state === "full" ? words.full : status >= 500 ? words.trouble : words.refused);
      }
    }

    accepted(data, sent) {
      this.version.value = data.version;
      this.stored = sent;
      this.failures = 0;
      this.unanswered = [];
      this.waitsFor = null;
      this.form.classList.remove("has-conflict");
      this.form.querySelector("[data-conflict]")?.remove();
      this.showErrors({});
      Page.replaceFragments(data.fragments);
      this.form.dispatchEvent(new CustomEvent("form:saved", { bubbles: true }));
      if (this.isDirty) {
        this.keepDraft();
        this.dirtySince = Date.now();
        if (!this.again) this.schedule(PAUSE);
        return;
      }
      this.dirtySince = null;
      if (this.form.dataset.draft) drafts.remove(this.form.dataset.draft);
      this.form.querySelector("[data-draft-offer] .actions")?.remove();
      this.rest(data.message);
    }

    rest(sentence) {
      this.resting = ["saved", sentence];
      this.show(...this.resting);
    }

    retryLater(reason) {
      const wait = RETRIES[Math.min(this.failures, RETRIES.length - 1)];
      this.failures += 1;
      this.show("unsaved", reason);
      this.schedule(wait);
    }

    // The reply to an earlier save was lost on the way: what is stored is what this page had sent.
    isOwnEarlierText(theirs) {
      const entries = Object.entries(theirs?.values ?? {}).flatMap(([name, value]) => {
        if (!Array.isArray(value)) return [[name, value]];
        return value.flatMap((row, at) =>
          Array.isArray(row) ? row.map((cell, column) => [`${name}.${at}.${column}`, cell]) : [[name, row]],
        );
      });
      const stored = LocalDrafts.filled(entries);
      return this.unanswered.some((text) => {
        const sent = JSON.parse(text);
        const claim = sent.find(([name]) => name === "claim")?.[1] ?? theirs.claim;
        return claim === theirs.claim && LocalDrafts.filled(sent.filter(([name]) => name !== "claim")) === stored;
      });
    }

    // --- two texts --------------------------------------------------------------------------
    conflict(data) {
      this.waitsFor = "choice";
      this.form.classList.add("has-conflict");
      this.form.querySelector("[data-conflict]")?.remove();
      // Those were of a text that is no longer asked about.
      this.showErrors({});
      const holder = document.createElement("template");
      holder.innerHTML = data.html.trim();
      const panel = holder.content.firstElementChild;
      this.form.prepend(panel);
      this.show("conflict", words.twoTexts);
      panel.addEventListener("click", (event) => {
        const keep = event.target.closest("[data-keep]")?.dataset.keep;
        if (keep) this.choose(keep, data, panel);
      });
      if (this.form.contains(document.activeElement)) panel.focus({ preventScroll: true });
      panel.scrollIntoView({ block: "nearest" });
    }

    choose(keep, data, panel) {
      if (keep === "theirs") {
        this.takeStored(data);
        return;
      }
      this.version.value = data.version;
      const claims = [...this.form.querySelectorAll("input[name=claim]")];
      if (!claims.some((claim) => claim.checked)) {
        for (const claim of claims) claim.checked = claim.value === data.theirs?.claim;
      }
      this.keepDraft();
      if (keep === "mine") {
        this.waitsFor = null;
        this.save({ asked: true });
        return;
      }
      this.waitsFor = "merge";
      for (const button of panel.querySelectorAll("[data-keep]")) button.remove();
      this.show("unsaved", words.merge);
      this.form.querySelector("textarea, input[type=text], input[type=url]")?.focus();
    }

    takeStored(data) {
      if (this.form.dataset.draft) drafts.remove(this.form.dataset.draft);
      const values = data.theirs?.values ?? {};
      if (Object.values(values).some((value) => typeof value !== "string")) {
        this.stored = this.serialise();
        location.reload();
        return;
      }
      const fields = [...this.form.elements].filter((field) => field.name && field.type !== "hidden");
      for (const field of fields) {
        if (field.type === "radio") field.checked = field.value === data.theirs.claim;
        else if (field.matches("textarea, input, select")) field.value = values[field.name] ?? "";
      }
      this.version.value = data.version;
      this.stored = this.serialise();
      this.waitsFor = null;
      this.dirtySince = null;
      this.form.classList.remove("has-conflict");
      this.form.querySelector("[data-conflict]")?.remove();
      this.rest(data.message);
    }

    // --- words on the page ------------------------------------------------------------------
    show(state, text, login = "") {
      if (!this.status) return;
      this.status.className = `save-state is-${state}`;
      this.status.setAttribute("role", state === "unsaved" || state === "conflict" ? "alert" : "status");
      const place = this.status.querySelector("[data-save-text]");
      const sentence = state === "unsaved" ? `${words.unsaved} ${text}` : text;
      if (place.textContent === sentence && !login) return;
      place.textContent = sentence;
      if (!login) return;
      const link = document.createElement("a");
      link.href = login;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = words.signIn;
      place.append(" ", link);
    }

    showErrors(errors) {
      for (const slot of this.form.querySelectorAll("[data-error-for]")) {
        const name = slot.dataset.errorFor;
        const sentences = errors[name] ?? [];
        slot.hidden = sentences.length === 0;
        slot.querySelector("[data-error-text]").textContent = sentences.join(" ");
        for (const field of this.form.elements) {
          if (field.name !== name && !field.name?.startsWith(`${name}.`)) continue;
          field.classList.toggle("is-invalid", sentences.length > 0);
          if (sentences.length) field.setAttribute("aria-invalid", "true");
          else field.removeAttribute("aria-invalid");
        }
      }
    }

    // --- the draft in this browser ------------------------------------------------------------
    keepDraft() {
      if (!this.form.dataset.draft) return;
      const sent = [...this.unanswered, this.sent].filter(Boolean).map((text) => JSON.parse(text));
      drafts.put(this.form.dataset.draft, this.version.value, this.entries(), sent, this.place());
    }

    place() {
      const label = document.getElementById(this.form.getAttribute("aria-labelledby"))?.textContent;
      const page = location.pathname + location.search;
      return { url: `${page}#${this.form.id}`, name: this.form.getAttribute("aria-label") ?? label?.trim() ?? "" };
    }

    lookForDraft() {
      const name = this.form.dataset.draft;
      const draft = name && drafts.get(name);
      if (!draft?.entries) return;
      const stored = LocalDrafts.filled(this.entries());
      if (LocalDrafts.filled(draft.entries) === stored) {
        drafts.remove(name);
        return;
      }
      // What is stored is what this browser had sent when its tab died: nobody came in between.
      if (draft.sent?.some((entries) => LocalDrafts.filled(entries) === stored)) draft.version = this.version.value;
      const isCurrent = String(draft.version) === this.version.value;
      const offer = document.getElementById("draft-offer").content.firstElementChild.cloneNode(true);
      offer.querySelector("[data-draft-found]").hidden = isCurrent;
      offer.querySelector("[data-draft-restored]").hidden = !isCurrent;
      const restore = offer.querySelector("[data-draft-restore]");
      restore.hidden = isCurrent;
      restore.addEventListener("click", () => {
        offer.remove();
        this.restore(draft);
      });
      const before = this.entries();
      offer.querySelector("[data-draft-drop]").addEventListener("click", () => {
        drafts.remove(name);
        offer.remove();
        if (!isCurrent) return;
        LocalDrafts.fill(this.form, before);
        this.changed(0);
      });
      this.form.prepend(offer);
      if (isCurrent) this.restore(draft);
    }

    // Saving goes on from the version that the draft was made of: whoever saved since then is not overwritten.
    restore(draft) {
      LocalDrafts.fill(this.form, draft.entries);
      this.version.value = draft.version;
      this.dirtySince = Date.now();
      this.keepDraft();
      this.schedule(0);
    }
  }

  for (const form of document.querySelectorAll("form[data-autosave]")) forms.push(new PartForm(form));

  const flush = (options) =>
    Promise.allSettled(forms.filter((form) => form.isDirty && !form.waitsFor).map((form) => form.save(options)));

  window.addEventListener("online", () => flush());
  window.addEventListener("focus", async () => {
    const waiting = forms.filter((form) => form.waitsFor === "login");
    if (!waiting.length || (await Page.refreshToken(words.user).catch(() => "nobody")) !== "same") return;
    for (const form of waiting) {
      form.waitsFor = null;
      form.save();
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush({ leaving: true });
  });
  window.addEventListener("beforeunload", (event) => {
    if (forms.some((form) => form.isDirty || form.flight)) event.preventDefault();
  });

  const hasWords = () => forms.some((form) => (form.isDirty && !form.waitsFor) || form.flight);

  async function storeAll() {
    await flush();
    await Promise.allSettled(forms.map((form) => form.flight));
  }

  // A link is followed once the last words are stored; where they cannot be, the browser asks.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.target || link.hasAttribute("download") || event.defaultPrevented) return;
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href, location.href);
    if (url.origin !== location.origin || (url.hash && url.pathname === location.pathname)) return;
    if (!hasWords()) return;
    event.preventDefault();
    await storeAll();
    location.assign(url);
  });

  // So is a form that saves nothing by itself: it loads another page.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.matches("[data-autosave]") || form.method === "dialog" || form.target) return;
    // Two forms that write the same text: the browser asks whether to leave what was typed.
    if (!hasWords() || forms.some((own) => own.form.action === form.action)) return;
    event.preventDefault();
    const { submitter } = event;
    await storeAll();
    if (form.matches("[data-leave]") && drafts.names().length) {
      location.assign(form.action);
      return;
    }
    if (submitter?.name) {
      const { name, value } = submitter;
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    if (submitter?.hasAttribute("formaction")) form.action = submitter.formAction;
    form.submit();
  });
})();
