// Puts away what was read.
document.addEventListener("click", (event) => event.target.closest?.(".toast [data-dismiss]")?.closest(".toast").remove());
