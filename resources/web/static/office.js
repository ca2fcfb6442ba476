// Small helps for people with scripts; every page works without them.
"use strict";

// Moments are shown in the browser's time zone from the next page on.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
if (!document.cookie.includes("office_zone=" + zone)) {
  document.cookie = "office_zone=" + zone + "; path=/office; max-age=31536000; samesite=strict";
}

// A drawer or menu closes when one looks elsewhere, or with Escape.
const menus = document.querySelectorAll("details.drawer, details.account");
document.addEventListener("click", (event) => {
  for (const one of menus) if (one.open && !one.contains(event.target)) one.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const one of menus) {
    if (!one.open) continue;
    one.open = false;
    one.querySelector("summary").focus();
  }
});

// A filter sends its form when it is chosen.
for (const one of document.querySelectorAll("[data-submit]")) {
  one.addEventListener("change", () => one.form.requestSubmit());
}

// What is wrong with a form is read first, and its first field is at hand.
const wrong = document.querySelector("[aria-invalid=true]") || document.getElementById("problems");
if (wrong) wrong.focus();

// Live figures: asked for while somebody looks; the link beside them does the same without scripts.
const live = document.querySelector("[data-live]");
if (live) {
  const each_ms = 10000;
  const refresh = async () => {
    if (document.hidden) return;
    let told;
    try {
      const answer = await fetch(live.dataset.live, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      told = await answer.json();
    } catch {
      return;
    }
    for (const [name, one] of Object.entries(told.figures)) {
      const place = live.querySelector(`[data-figure="${name}"]`);
      if (!place) continue;
      place.querySelector("[data-value]").textContent = one.value;
      const change = place.querySelector("[data-change]");
      change.textContent = one.change;
      change.className = "change" + (one.is_more === null ? "" : one.is_more ? " more" : " less");
    }
    live.querySelector("[data-live-at]").textContent = told.at;
  };
  setInterval(refresh, each_ms);
  document.addEventListener("visibilitychange", refresh);
}
