(() => {
  const { loader, wasm } = document.currentScript.dataset;
  const parsed = new Promise((done) => addEventListener("DOMContentLoaded", done));
  // Both downloads begin at once, and each file is fetched by whoever uses it, so once.
  const module_or_path = fetch(wasm);
  const childrenAwake = [];

  // The order of leptos' own island_script.js: an island first, then what is inside it.
  async function wake(element, islands) {
    const { localName } = element;
    if (localName === "leptos-island") {
      childrenAwake[childrenAwake.length - 1]?.();
      await islands[element.dataset.component]?.(element);
    }
    if (localName === "leptos-children") childrenAwake.push(element.$$on_hydrate);
    for (const child of element.children) await wake(child, islands);
    if (localName === "leptos-children") childrenAwake.pop();
  }

  import(loader).then(async (islands) => {
    await islands.default({ module_or_path });
    await parsed;
    islands.hydrate();
    await wake(document.body, islands);
  });
})();
