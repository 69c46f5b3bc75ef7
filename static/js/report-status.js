// The place of the Feedback Report keeps itself up to date while the report is being made.
// Without this script the page says how to look again.
const place = document.querySelector("[data-report-status]");
const UNDER_WAY = ["queued", "running"];
const SOON = 1500;
const LATER = 10000;

async function look() {
  try {
    const answer = await fetch(place.dataset.reportStatus, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const report = await answer.json();
    place.innerHTML = report.html;
    if (UNDER_WAY.includes(report.state)) setTimeout(look, SOON);
  } catch {
    // Offline, or the session is over: what is on the page stays, and the next look may succeed.
    setTimeout(look, LATER);
  }
}

if (place) setTimeout(look, SOON);
