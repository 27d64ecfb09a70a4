// Shows how far a job is without loading the page again, and goes on to what it made. Without this, the page offers to
// look again.
const section = document.querySelector("[data-job]");
if (section) {
  const stage = section.querySelector("[data-stage]");
  const bar = section.querySelector("[data-bar]");
  const come = section.querySelector("[data-come]");
  const soFar = section.querySelector("[data-so-far]");
  section.querySelector(".no-script").hidden = true;
  const number = new Intl.NumberFormat("en-GB");
  const amount = (count, unit) => (unit === "bytes" ? `${(count / 1e6).toFixed(1)} MB` : number.format(count));
  const show = (job) => {
    document.querySelector("[data-waits]").hidden = job.state === "running";
    const words = job.state === "running" ? job.stage || "beginning" : "waits";
    const shown = words[0].toUpperCase() + words.slice(1);
    if (stage.textContent !== shown && job.state === "running") stage.textContent = shown;
    if (job.total) bar.value = Math.min(100, Math.round((100 * job.done) / job.total));
    else bar.removeAttribute("value");
    soFar.textContent = job.so_far;
    const of = job.total ? ` of ${amount(job.total, job.unit)}` : "";
    come.textContent = job.state === "running" && job.done ? amount(job.done, job.unit) + of : "";
  };
  const look = async () => {
    try {
      const answer = await fetch(section.dataset.job);
      if (answer.status >= 400) { location.reload(); return; }
      const job = (await answer.json()).job;
      if (job.state !== "waiting" && job.state !== "running") { location.replace(section.dataset.ended); return; }
      show(job);
    } catch {
      come.textContent = "The server does not answer; the work goes on once it is started again.";
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 400);
}
