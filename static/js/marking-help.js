// Helps to write a comment: short phrases, the composer, and the bank of phrases in windows of their own.
const MarkingHelp = (() => {
  let mark = null; // whose comment the open window writes

  function show(dialog) {
    mark = Marking.current();
    if (!mark) return false;
    for (const place of dialog.querySelectorAll("[data-for-part]")) place.textContent = Marking.codeOf(mark);
    dialog.showModal();
    return true;
  }

  for (const button of document.querySelectorAll("[data-phrase]")) {
    button.addEventListener("click", () => Marking.insert(button.closest("details.mark-row"), button.dataset.phrase));
  }

  // --- the composer: the server makes the sentence --------------------------------------------------
  const composer = document.getElementById("composer");
  const composing = composer?.querySelector("[data-composer]");

  function say(sentence) {
    const place = composing.querySelector("[data-composer-error]");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  function compose() {
    if (!show(composer)) return;
    composing.reset();
    composing.elements.namedItem("seen").value = "";
    say("");
    composing.elements.namedItem("seen").focus();
  }

  composing?.addEventListener("submit", async (event) => {
    event.preventDefault();
    let reply;
    try {
      reply = await fetch(composing.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new FormData(composing),
      });
      const made = await reply.json();
      if (!made.text) {
        say(Object.values(made.errors).flat().join(" "));
        return;
      }
      composer.close();
      Marking.insert(mark, made.text);
    } catch {
      say(document.getElementById("autosave-words").dataset.trouble);
    }
  });

  // --- the bank ----------------------------------------------------------------------------------
  const bank = document.getElementById("bank");
  const list = bank?.querySelector("[data-bank]");
  const filter = bank?.querySelector("[data-bank-filter]");

  function sift() {
    const wanted = filter.value.trim().toLowerCase();
    let found = 0;
    for (const item of list.children) {
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
      found += !item.hidden;
    }
    bank.querySelector("[data-bank-empty]").hidden = found > 0;
  }

  function entryOf(text) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, lang: "th" });
    button.addEventListener("click", () => {
      bank.close();
      Marking.insert(mark, text);
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  async function openBank() {
    if (!show(bank)) return;
    filter.value = "";
    filter.focus();
    try {
      const reply = await fetch(list.dataset.url, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      list.replaceChildren(...[...page.querySelectorAll("[data-kept-phrase]")].map((kept) => entryOf(kept.textContent)));
    } catch {
      // Offline: what was brought before is still there.
    }
    sift();
  }

  filter?.addEventListener("input", sift);
  // Enter takes the first phrase found, the arrows walk through them.
  bank?.addEventListener("keydown", (event) => {
    const buttons = [...list.querySelectorAll("li:not([hidden]) button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      buttons[Math.max(0, buttons.indexOf(document.activeElement) + step)]?.focus();
    } else if (event.key === "Enter" && event.target === filter) {
      event.preventDefault();
      buttons[0]?.click();
    }
  });

  return { compose, openBank };
})();
