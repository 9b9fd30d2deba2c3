// Keeps a page of the sandbox current, and where it is after a press. Without this script, the same links
// and forms load the page again.
const INTERVAL = 2000;
const parts = () => [...document.querySelectorAll("[data-part]")];
const served = new Map(parts().map((part) => [part.dataset.part, part.innerHTML]));

/** Takes over what is new in a page that was fetched. A press alone changes the status. */
async function show(answer, pressed) {
  if (!answer.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts()) {
    const name = part.dataset.part;
    const fresh = next.querySelector(`[data-part="${name}"]`)?.innerHTML ?? "";
    if (fresh === served.get(name) || (name === "status" && !pressed)) continue;
    served.set(name, fresh);
    const open = new Map([...part.querySelectorAll("details")].map((it) => [it.id, it.open]));
    const focused = part.contains(document.activeElement) && document.activeElement.value;
    part.innerHTML = fresh;
    for (const details of part.querySelectorAll("details")) {
      if (open.get(details.id)) details.open = true;
    }
    if (focused) part.querySelector(`button[value="${CSS.escape(focused)}"]`)?.focus();
  }
}

let busy = false;
async function update(request, pressed) {
  busy = true;
  try {
    await show(await request(), pressed);
  } finally {
    busy = false;
  }
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  // Where that fails, the form does it in the old way.
  const again = () => {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "do", value: body.get("do") }));
    form.submit();
  };
  update(() => fetch(form.action, { method: "POST", body }), true).catch(again);
});

setInterval(() => {
  if (!busy && !document.hidden) update(() => fetch(location.pathname), false).catch(() => {});
}, INTERVAL);
