// Rows of a list or a table: add, remove with an undo, move by buttons or Alt and the arrow keys.
//
// Loaded before autosave.js, which takes the form as it finds it. Without this script the spare rows of the page are
// filled in, and the button that adds a row posts the form, which brings new spare rows.
(() => {
  const MOST = 200;
  const words = document.getElementById("row-words")?.dataset ?? {};
  const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

  class Rows {
    constructor(list) {
      this.list = list;
      this.form = list.closest("form");
      this.status = this.form.querySelector("[data-row-status]");
      this.undo = this.form.querySelector("[data-row-undo]");
      this.firstId = list.querySelector("textarea[id]").id;
      this.pattern = list.lastElementChild.cloneNode(true);
      delete this.pattern.dataset.spare;
      for (const area of this.pattern.querySelectorAll("textarea")) {
        area.value = area.textContent = "";
        area.removeAttribute("id");
      }
      for (const spare of list.querySelectorAll("[data-spare]")) {
        if (list.children.length > 1) spare.remove();
      }
      list.addEventListener("click", (event) => this.pressed(event));
      list.addEventListener("keydown", (event) => this.keyed(event));
      this.form.querySelector("[data-row-add]").addEventListener("click", (event) => {
        event.preventDefault();
        this.add();
      });
      this.form.addEventListener("draft:fill", (event) => this.makeRoom(event.detail));
      this.number();
    }

    get rows() {
      return [...this.list.children];
    }

    // Names, numbers and tools of every row, in the order in which they stand.
    number() {
      const { rows } = this;
      rows.forEach((row, index) => {
        const areas = [...row.querySelectorAll("textarea")];
        areas.forEach((area, column) => {
          if (this.list.dataset.rows === "table") area.name = `${this.list.dataset.name}.${index}.${column}`;
          if (index === 0 && column === 0) area.id = this.firstId;
          else area.removeAttribute("id");
        });
        const number = say(words.row, { n: index + 1 });
        for (const place of row.querySelectorAll("[data-row-number]")) place.textContent = ` ${number}`;
        row.querySelector("[data-row-tools]").hidden = false;
        for (const button of row.querySelectorAll("[data-row-tools] button")) {
          button.dataset.label ??= button.querySelector("svg").getAttribute("aria-label");
          button.setAttribute("aria-label", `${button.dataset.label} ${number}`);
        }
        row.querySelector("[data-row-up]").disabled = index === 0;
        row.querySelector("[data-row-down]").disabled = index === rows.length - 1;
      });
    }

    changed(sentence, values) {
      this.number();
      this.status.textContent = say(sentence, values);
      this.form.dispatchEvent(new Event("change", { bubbles: true }));
    }

    add() {
      if (this.rows.length >= MOST) {
        this.status.textContent = say(words.full, { n: MOST });
        return;
      }
      const row = this.pattern.cloneNode(true);
      this.list.append(row);
      this.changed(words.added, { n: this.rows.length });
      row.querySelector("textarea").focus();
    }

    remove(row) {
      const index = this.rows.indexOf(row);
      const isFilled = [...row.querySelectorAll("textarea")].some((area) => area.value.trim());
      // One row always stays: a form without any would not say that the list is empty.
      if (this.rows.length === 1) this.list.append(this.pattern.cloneNode(true));
      row.remove();
      this.changed(words.removed, { n: index + 1 });
      this.rows[Math.min(index, this.rows.length - 1)].querySelector("textarea").focus();
      if (isFilled) this.offerUndo(row, index);
    }

    offerUndo(row, index) {
      const button = this.undo.querySelector("button");
      this.undo.querySelector("[data-row-undo-text]").textContent = say(words.removed, { n: index + 1 });
      this.undo.hidden = false;
      button.onclick = () => {
        this.undo.hidden = true;
        const only = this.rows.length === 1 ? this.rows[0] : null;
        this.list.insertBefore(row, this.rows[index] ?? null);
        if (only && ![...only.querySelectorAll("textarea")].some((area) => area.value.trim())) only.remove();
        this.changed(words.restored, { n: index + 1 });
        row.querySelector("textarea").focus();
      };
    }

    move(row, step, focus) {
      const { rows } = this;
      const index = rows.indexOf(row);
      const other = rows[index + step];
      if (!other) return;
      // The neighbour moves, so that the row in hand keeps its focus and its cursor.
      if (step < 0) row.after(other);
      else row.before(other);
      this.undo.hidden = true;
      this.changed(words.moved, { n: index + step + 1, total: rows.length });
      (focus.disabled ? row.querySelector("textarea") : focus).focus();
    }

    pressed(event) {
      const button = event.target.closest("button");
      const row = button?.closest("li");
      if (!row) return;
      if (button.matches("[data-row-up]")) this.move(row, -1, button);
      else if (button.matches("[data-row-down]")) this.move(row, 1, button);
      else if (button.matches("[data-row-remove]")) this.remove(row);
    }

    keyed(event) {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.move(event.target.closest("li"), step, event.target);
    }

    // A draft may have more rows than the page: autosave.js then fills them by name.
    makeRoom(entries) {
      const { name, rows: kind } = this.list.dataset;
      const numbers = entries
        .filter(([entry]) => (kind === "table" ? entry.startsWith(`${name}.`) : entry === name))
        .map(([entry], place) => (kind === "table" ? Number(entry.split(".").at(-2)) : place));
      while (this.rows.length < Math.min(MOST, Math.max(0, ...numbers) + 1)) {
        this.list.append(this.pattern.cloneNode(true));
      }
      this.number();
    }
  }

  for (const list of document.querySelectorAll("[data-rows]")) {
    new Rows(list);
    document.querySelector("[data-row-keys]")?.removeAttribute("hidden");
  }
})();
