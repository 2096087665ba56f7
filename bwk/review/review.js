(() => {
  "use strict";
  const page = document.querySelector("main").dataset;
  const parts = [...document.querySelectorAll("fieldset[data-stuk]")];
  const stand = document.querySelector("#stand");
  const name = document.querySelector("#naam");
  let unsaved = false;
  const judged = (part) => part.querySelector("input:checked").value;
  const question = (part) => part.querySelector("textarea").value.trim();
  // The same sum as `checksum` in reviewing.py.
  const checksum = (words) => {
    let sum = 2166136261;
    const text = words.join("\0");
    for (let place = 0; place < text.length; place++)
      sum = Math.imul(sum ^ text.charCodeAt(place), 16777619) >>> 0;
    return sum.toString(16).padStart(8, "0");
  };
  const refuse = (message, field) => {
    stand.textContent = message;
    for (let up = field; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    field.focus();
  };
  const today = () => {
    const now = new Date();
    return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  };
  const answers = () => {
    const head = { periode: page.periode, versie: Number(page.versie), kenmerk: page.kenmerk, naam: name.value.trim(), datum: today() };
    const antwoorden = parts.filter(judged).map((part) => ({
      verslag: part.dataset.verslag, stuk: part.dataset.stuk, kenmerk: part.dataset.kenmerk,
      oordeel: judged(part), vraag: judged(part) === "vraag" ? question(part) : "",
    }));
    const words = [page.versie, head.periode, head.kenmerk, head.naam, head.datum, ...antwoorden.flatMap(Object.values)];
    return { ...head, antwoorden, som: checksum(words) };
  };
  const save = () => {
    const empty = parts.find((part) => judged(part) === "vraag" && !question(part));
    if (empty) return refuse("Schrijf bij elke vraag wat u wilt vragen.", empty.querySelector("textarea"));
    if (!parts.some(judged)) return refuse("U hebt nog niets beantwoord.", parts[0].querySelector("input"));
    if (!name.value.trim()) return refuse("Vul eerst uw naam in.", name);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(answers(), null, 1)], { type: "application/json" }));
    link.download = `antwoorden-${page.periode.replace("/", "--")}.json`;
    link.click();
    unsaved = false;
    stand.textContent = `Bewaard als ${link.download}. Stuur dit bestand terug.`;
  };
  document.addEventListener("input", ({ target }) => {
    unsaved = true;
    const part = target.closest("fieldset");
    if (part && target.tagName === "TEXTAREA" && target.value.trim()) part.querySelector("input[value=vraag]").checked = true;
    stand.textContent = `${parts.filter(judged).length} van ${parts.length} stukken beantwoord.`;
  });
  window.addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
  document.querySelector("#bewaar").addEventListener("click", save);
})();
