// Closes a toast.
document.addEventListener("click", (event) => event.target.closest?.(".toast [data-dismiss]")?.closest(".toast").remove());
