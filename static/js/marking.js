// Marking one part after another. autosave.js does the saving, marking-keys.js and marking-help.js press what is here.
const Marking = (() => {
  const rows = [...document.querySelectorAll("details.mark-row")];
  const marks = rows.filter((row) => row.querySelector("form[data-mark]"));
  const formOf = (mark) => mark.querySelector("form[data-mark]");
  const markOf = (form) => form.closest("details.mark-row");
  const codeOf = (mark) => mark.id.slice(1);
  const chosen = (form) => form.querySelector("[name=outcome]:checked");
  const outcomeOf = (form) => chosen(form)?.value ?? "";
  const stateOf = (form) => form.querySelector("[data-save-state]");

  for (const place of document.querySelectorAll("[data-needs-script]")) place.hidden = false;

  // --- the open part ---------------------------------------------------------------------------
  const current = () => marks.find((mark) => mark.contains(document.activeElement)) ?? marks.find((mark) => mark.open);

  function open(mark, { focus = true } = {}) {
    for (const other of marks) other.open = other === mark;
    if (focus) mark.querySelector("summary").focus({ preventScroll: true });
    mark.scrollIntoView({ block: "start" });
  }

  // As a link that somebody presses, so that autosave.js keeps the last words first.
  function follow(address) {
    const link = Object.assign(document.createElement("a"), { href: address, hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
  }

  // Behind the last part of a topic comes the next topic.
  function step(by) {
    const next = marks[marks.indexOf(current()) + by];
    if (next) open(next);
    else document.querySelector(by > 0 ? ".topic-steps [rel=next]" : ".topic-steps [rel=prev]")?.click();
  }

  // The next part of this page without an outcome; behind the last one the server knows where to go on.
  function goOn(from) {
    const next = marks.slice(marks.indexOf(from) + 1).find((mark) => !outcomeOf(formOf(mark)));
    if (next) open(next);
    else follow(formOf(from).dataset.after);
  }

  // Give the open part an outcome, and keep it at once.
  function press(outcome) {
    const mark = current();
    if (!mark) return;
    if (!mark.open) open(mark);
    const form = formOf(mark);
    form.querySelector(`[name=outcome][value=${outcome}]`).click();
    form.requestSubmit(form.querySelector("[name=stay]"));
    const asked = { fail: "comment", abstain: "ground" }[outcome];
    if (asked) form.elements.namedItem(asked).focus();
  }

  // Put the cursor into a blank of the open part; its fold opens.
  function enter(name) {
    const mark = current();
    if (!mark) return;
    if (!mark.open) open(mark);
    const field = formOf(mark).elements.namedItem(name);
    const fold = field.closest("details.fold");
    if (fold) fold.open = true;
    field.focus();
  }

  // Words into the comment of a part, where the cursor was.
  function insert(mark, words) {
    const area = formOf(mark).elements.namedItem("comment");
    const { selectionStart: start, selectionEnd: end, value } = area;
    const before = value.slice(0, start);
    area.setRangeText((before && !/\s$/.test(before) ? " " : "") + words, start, end, "end");
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // --- what the map, the figures and a screen reader are told ---------------------------------------
  const here = document.querySelector(".part-map [aria-current]");
  const cells = rows.map((_row, place) => here?.querySelectorAll(".cell")[place]);
  const said = document.querySelector("[data-said]");
  const told = new Map(marks.map((mark) => [mark, outcomeOf(formOf(mark))]));

  function count() {
    const all = [...document.querySelectorAll(".part-map [data-mine] .cell")];
    let closed = 0;
    for (const figure of document.querySelectorAll("[data-count-of]")) {
      const outcome = figure.dataset.countOf;
      const found = all.filter((cell) =>
        outcome ? cell.classList.contains(outcome) : !["pass", "fail", "unsure", "abstain"].some((name) => cell.classList.contains(name)),
      );
      figure.textContent = found.length;
      if (["pass", "fail", "abstain"].includes(outcome)) closed += found.length;
    }
    const figure = document.querySelector("[data-closed]");
    if (figure) figure.textContent = closed;
    return all.length - closed;
  }

  function paint(mark) {
    const form = formOf(mark);
    const cell = cells[rows.indexOf(mark)];
    if (cell) cell.className = `cell ${outcomeOf(form)}`.trim();
    const left = count();
    if (told.get(mark) === outcomeOf(form)) return;
    told.set(mark, outcomeOf(form));
    said.textContent = said.dataset.words
      .replace("{code}", codeOf(mark))
      .replace("{outcome}", chosen(form)?.closest("label").textContent.trim() ?? said.dataset.none)
      .replace("{left}", left);
  }

  // Resolves with the state of the save that is under way: saved, unsaved, conflict.
  function settled(form) {
    const word = () => ["saved", "unsaved", "conflict"].find((name) => stateOf(form).classList.contains(`is-${name}`));
    return new Promise((resolve) => {
      const watch = new MutationObserver(() => {
        if (!word()) return;
        watch.disconnect();
        resolve(word());
      });
      watch.observe(stateOf(form), { attributes: true, attributeFilter: ["class"] });
    });
  }

  for (const mark of marks) {
    new MutationObserver(() => {
      if (stateOf(formOf(mark)).classList.contains("is-saved")) paint(mark);
    }).observe(stateOf(formOf(mark)), { attributes: true, attributeFilter: ["class"] });
  }

  // --- buttons that save and then do more ----------------------------------------------------------
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (form.matches("form[data-mark]") && event.submitter?.name === "next") {
        if ((await settled(form)) === "saved") goOn(markOf(form));
      }
      if (!form.matches("[data-siblings]")) return;
      // What this page has saved since is what it shows.
      for (const choice of form.querySelectorAll("[name=sibling]")) {
        const answer = choice.value.split(":")[0];
        choice.value = `${answer}:${document.querySelector(`#f${answer} [name=version]`).value}`;
      }
    },
    true,
  );

  // A page that was opened at a part begins there, for the keyboard as well, and says there what was done.
  window.addEventListener("load", () => {
    const mark = marks.find((candidate) => location.hash === `#${candidate.id}`);
    if (!mark) return;
    const messages = document.querySelector("#main > .messages");
    if (messages) {
      mark.querySelector("summary").after(messages);
      said.textContent = messages.textContent.trim();
    }
    requestAnimationFrame(() => {
      mark.scrollIntoView({ block: "start" });
      mark.querySelector("summary").focus({ preventScroll: true });
    });
  });

  return { marks, formOf, codeOf, current, step, goOn, press, enter, insert };
})();
