// Typed text that the server does not have yet, kept in this browser. The key carries the person, so that nobody
// else finds it through the product; a draft leaves when its text is saved or thrown away, or after 60 days.
class LocalDrafts {
  static PREFIX = "pmqa-draft/";
  static DAYS = 60;

  constructor(user) {
    this.user = user;
    this.#forgetOld();
  }

  #key(name) {
    return `${LocalDrafts.PREFIX}${this.user}/${name}`;
  }

  // version: of the stored text that was changed; entries: [name, value] of every field; sent: such entries that are
  // on their way to the server. A tab that dies now does not learn whether they have arrived.
  // place: {url, name} of the form.
  put(name, version, entries, sent, place) {
    try {
      localStorage.setItem(this.#key(name), JSON.stringify({ version, entries, sent, place, at: Date.now() }));
    } catch {
      // Storage is full or switched off: the page itself still holds the text.
    }
  }

  get(name) {
    try {
      return JSON.parse(localStorage.getItem(this.#key(name)));
    } catch {
      return null;
    }
  }

  remove(name) {
    try {
      localStorage.removeItem(this.#key(name));
    } catch {
      // Nothing was stored where storage is switched off.
    }
  }

  // The names of every draft of this person in this browser.
  names() {
    const prefix = this.#key("");
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    } catch {
      return [];
    }
  }

  // What is filled in, as the server keeps it: two of these are the same text.
  static filled(entries) {
    const tidy = (value) => String(value ?? "").replaceAll("\r\n", "\n").normalize("NFC").trim();
    const filled = entries.map(([name, value]) => [name, tidy(value)]).filter(([, value]) => value);
    return JSON.stringify(filled.sort(([a], [b]) => (a < b ? -1 : Number(a > b))));
  }

  // Put the entries of a draft into a form; a script that makes rows listens to draft:fill first.
  static fill(form, entries) {
    form.dispatchEvent(new CustomEvent("draft:fill", { detail: entries }));
    const left = new Map();
    for (const [name, value] of entries) left.set(name, [...(left.get(name) ?? []), value]);
    for (const field of form.elements) {
      if (!field.name || ["csrfmiddlewaretoken", "version"].includes(field.name)) continue;
      const values = left.get(field.name) ?? [];
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (values.length) field.value = values.shift();
      else if (field.matches("textarea, input")) field.value = "";
      field.dispatchEvent(new CustomEvent("draft:filled", { bubbles: true }));
    }
  }

  #forgetOld() {
    try {
      const oldest = Date.now() - LocalDrafts.DAYS * 24 * 60 * 60 * 1000;
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(LocalDrafts.PREFIX)) continue;
        if (!(JSON.parse(localStorage.getItem(key))?.at > oldest)) localStorage.removeItem(key);
      }
    } catch {
      // As above.
    }
  }
}
