// The page of a section: with a script each answer is saved when its field is left, so the buttons
// that save are for those without one.
document.documentElement.classList.add("scripted");
