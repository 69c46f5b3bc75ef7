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

  // version: of the stored text that was changed; entries: [name, value] of every field.
  put(name, version, entries) {
    try {
      localStorage.setItem(this.#key(name), JSON.stringify({ version, entries, at: Date.now() }));
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
