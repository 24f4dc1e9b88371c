/* Says on the page, not in the console, that a device gave no key. */

const problem = document.getElementById("passkey-problem");

document.addEventListener("allauth.error", (event) => {
  if (!problem) return;
  event.preventDefault();
  problem.hidden = false;
});

document.addEventListener("click", (event) => {
  if (problem && event.target.closest("button")) problem.hidden = true;
}, { capture: true });
