// The lead's decisions. Without this script the same forms post and come back. With it, saving one form keeps what is
// typed in the others, a ticked opinion goes into its form at once, and unsaved words hold the page.
//
// <form data-decision> is posted with Accept: application/json. Replies, by "state":
//   saved      message, url (where to go on)
//   invalid    errors {field: [sentence]}, message
//   conflict   html: a form with both decisions, which posts by itself
//   signed_out message
// data-unsaved: the server sent back what was typed and has not stored it.
(() => {
  const forms = [...document.querySelectorAll("form[data-decision]")];
  let leaving = false;

  const isDirty = (form) =>
    form.isConnected &&
    ("unsaved" in form.dataset ||
      [...form.elements].some((field) =>
        ["radio", "checkbox"].includes(field.type) ? field.checked !== field.defaultChecked : field.tagName === "TEXTAREA" && field.value !== field.defaultValue,
      ));

  // A ticked comment goes below what is typed, and out again as long as nobody has changed its words.
  function use(box) {
    const area = box.form.elements.namedItem("comment");
    const text = box.dataset.source.replaceAll("\r\n", "\n");
    if (!box.checked) {
      area.value = area.value.replace(text, "").replace(/\n{3,}/g, "\n\n").trim();
      return;
    }
    if (!area.value.includes(text)) area.value = area.value.trim() ? `${area.value.trim()}\n\n${text}` : text;
    const chosen = box.form.querySelector(`[name=outcome][value="${CSS.escape(box.dataset.sourceOutcome)}"]`);
    if (chosen && !box.form.querySelector("[name=outcome]:checked")) chosen.checked = true;
  }

  function show(form, { message = "", errors = {} }) {
    const note = form.querySelector("[data-decision-note]");
    note.hidden = !message;
    note.querySelector("[data-note-text]").textContent = message;
    let first = null;
    for (const slot of form.querySelectorAll("[data-error-for]")) {
      const sentences = errors[slot.dataset.errorFor] ?? [];
      slot.hidden = !sentences.length;
      slot.querySelector("[data-error-text]").textContent = sentences.join(" ");
      for (const field of form.querySelectorAll(`[name="${slot.dataset.errorFor}"]`)) {
        field.classList.toggle("is-invalid", sentences.length > 0 && field.tagName === "TEXTAREA");
        field.toggleAttribute("aria-invalid", sentences.length > 0);
        if (sentences.length) first ??= field;
      }
    }
    first?.focus();
  }

  // The figures and the way to close, as the server counts them now.
  async function refresh() {
    const reply = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    for (const id of ["consensus-figures", "finish-door"]) {
      const fresh = page.getElementById(id);
      if (fresh) document.getElementById(id)?.replaceWith(fresh);
    }
  }

  function saved(form, data) {
    const item = form.closest("[data-decision-item]");
    if (item.hasAttribute("data-follow")) {
      leaving = true;
      location.assign(data.url);
      return;
    }
    const line = document.createElement("p");
    line.className = "state is-pass";
    line.setAttribute("role", "status");
    line.tabIndex = -1;
    line.textContent = data.message;
    item.replaceChildren(line);
    line.focus();
    refresh().catch(() => {});
  }

  function conflict(form, data) {
    const holder = document.createElement("template");
    holder.innerHTML = data.html.trim();
    const panel = holder.content.querySelector("form");
    form.replaceWith(panel);
    panel.focus();
  }

  async function post(form) {
    const button = form.querySelector("button:not([name])");
    button.disabled = true;
    try {
      const body = new FormData(form);
      const reply = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body });
      const isData = reply.headers.get("Content-Type")?.startsWith("application/json");
      const data = isData ? await reply.json() : { message: form.dataset.trouble };
      if (data.state === "saved") saved(form, data);
      else if (data.state === "conflict") conflict(form, data);
      else show(form, data);
    } catch {
      show(form, { message: form.dataset.offline });
    } finally {
      button.disabled = false;
    }
  }

  for (const line of document.querySelectorAll("[data-without-script]")) line.hidden = true;
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-source]") && event.target.form) use(event.target);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-conflict]")) leaving = true;
    if (!event.target.matches("form[data-decision]")) return;
    event.preventDefault();
    post(event.target);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && forms.some(isDirty)) event.preventDefault();
  });
})();
