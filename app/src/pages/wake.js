(() => {
  const { loader, wasm } = document.currentScript.dataset;
  const parsed = new Promise((done) => addEventListener("DOMContentLoaded", done));
  // Both downloads begin at once, and each file is fetched by whoever uses it, so once.
  const module_or_path = fetch(wasm);

  import(loader).then(async (islands) => {
    await islands.default({ module_or_path });
    await parsed;
    islands.hydrate();
    // No island of this app has another inside it.
    for (const element of document.querySelectorAll("leptos-island")) {
      islands[element.dataset.component]?.(element);
    }
  });
})();
