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
