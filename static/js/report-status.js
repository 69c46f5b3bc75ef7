// The place of a document or a file keeps itself up to date while it is being made; there may be several on a page.
// Without this script the page says how to look again.
const UNDER_WAY = ["queued", "running"];
const SOON = 1500;
const LATER = 10000;

async function look(place) {
  try {
    const answer = await fetch(place.dataset.reportStatus, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const made = await answer.json();
    place.innerHTML = made.html;
    if (UNDER_WAY.includes(made.state)) setTimeout(look, SOON, place);
  } catch {
    // Offline, or the session is over: what is on the page stays, and the next look may succeed.
    setTimeout(look, LATER, place);
  }
}

for (const place of document.querySelectorAll("[data-report-status]")) setTimeout(look, SOON, place);
