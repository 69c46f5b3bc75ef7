// What a reply changes on this page: pieces of HTML by their id, and the token of a new log-in.
class Page {
  static replaceFragments(fragments) {
    for (const [id, html] of Object.entries(fragments ?? {})) {
      const old = document.getElementById(id);
      if (!old || old.contains(document.activeElement)) continue;
      const holder = document.createElement("template");
      holder.innerHTML = html.trim();
      const fresh = holder.content.querySelector(`#${CSS.escape(id)}`);
      if (!fresh || fresh.outerHTML === old.outerHTML) continue;
      const { scrollTop } = old;
      old.replaceWith(fresh);
      fresh.scrollTop = scrollTop;
    }
  }

  // A log-in gives a new token: take it from a fresh copy of this page. "same" person, "other", or "nobody".
  static async refreshToken(person) {
    const reply = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const user = page.getElementById("autosave-words")?.dataset.user;
    const token = page.querySelector("input[name=csrfmiddlewaretoken]")?.value;
    if (!user || !token) return "nobody";
    if (user !== person) return "other";
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
    return "same";
  }
}
