// A button beside what is meant to be pasted elsewhere; without script one selects the text.
(function () {
  "use strict";
  if (!navigator.clipboard) return;
  for (const field of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-primary mt-1";
    button.textContent = field.dataset.copy;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(field.value).then(function () {
        document.getElementById("annonce-selection").textContent = "Copié.";
      }, () => field.select());
    });
    field.after(button);
  }
})();
