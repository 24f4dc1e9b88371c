// The page of a screening: it shows itself anew when what it waits for has ended, and asks for the
// report in the reader's language when there is none yet.
for (const region of document.querySelectorAll("[data-waits]")) {
  const look = () => {
    if (region.querySelector("[data-ended]")) window.location.reload();
  };
  new MutationObserver(look).observe(region, { childList: true, subtree: true });
  look();
}

const atOnce = document.querySelector("form[data-at-once]");
if (atOnce) atOnce.requestSubmit();

for (const link of document.querySelectorAll(".link-row input[readonly]")) {
  link.addEventListener("focus", () => link.select());
}
