document.getElementById("disconnect").addEventListener("submit", (event) => {
  const dialog = document.getElementById("disconnect-dialog");
  if (!dialog.showModal) return;
  event.preventDefault();
  dialog.showModal();
});
