// A list that is searched by writing: every choice carries its words in `data-find`, already without accents.
const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

/** Show what has all the words written in the field, and say when nothing has. */
export function filter(input) {
  const words = plain(input.value).split(/\s+/).filter(Boolean), list = input.form.querySelector(".picks");
  for (const pick of list.querySelectorAll("[data-find]")) pick.hidden = !words.every((word) => pick.dataset.find.includes(word));
  for (const group of list.querySelectorAll(".picks-group")) group.hidden = !group.querySelector(".pick:not([hidden])");
  list.querySelector("[data-unfound]").hidden = !!list.querySelector(".pick:not([hidden])");
}
