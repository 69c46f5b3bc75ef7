// Says who else of the agency has this topic open: a hint, never a lock. Without this script nothing is said.
//
// [data-presence] holds the address that is posted to while the page is seen; the reply is {sentence}. Whatever goes
// wrong ends it quietly: the page does not need to know.
(() => {
  const EVERY = 30_000;
  const place = document.querySelector("[data-presence]");
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  if (!place) return;

  let timer = null;

  async function beat() {
    clearTimeout(timer);
    if (document.visibilityState !== "visible") return;
    try {
      const reply = await fetch(place.dataset.presence, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": token() },
        // The log-in page means that the session is over.
        redirect: "manual",
      });
      if (!reply.ok) {
        say("");
        return;
      }
      say((await reply.json()).sentence);
    } catch {
      // Offline: the next beat may get through.
    }
    timer = setTimeout(beat, EVERY);
  }

  function say(sentence) {
    if (place.textContent !== sentence) place.textContent = sentence;
    place.hidden = !sentence;
  }

  document.addEventListener("visibilitychange", beat);
  beat();
})();
