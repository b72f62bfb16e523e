// Wires the pages: every one of them can be read without this. Text only ever becomes text nodes.
import { meaning, toggled } from "./keys.js";
import { Outbox } from "./outbox.js";

const $ = (what, of = document) => of.querySelector(what);
const all = (what, of = document) => [...of.querySelectorAll(what)];
const page = document.body.dataset, screen = page.screen, words = JSON.parse(page.say);
const main = $("#main"), statement = main.classList.contains("statement") ? main.dataset : null;
const stances = Object.keys(words.names).join("");
const offset = Date.parse(page.now) - performance.now(); // the service's clock decides, not ours
const narrow = matchMedia("(max-width: 38rem)");

const fill = (text, fields) => text.replace(/\{(\w+)\}/g, (_, name) => fields[name] ?? "");
const say = (name, fields = {}) => ($("#told").textContent = fill(words[name], fields));
function warn(name, fields = {}) {
  $("#trouble").textContent = name ? fill(words[name], fields) : "";
  $("#over").hidden = name !== "session";
}
const named = (given, skip) =>
  skip ? words.skip : [...given].map((each) => words.names[each]).join(` ${words.and} `) || words.none;
const make = (tag, name, text) =>
  Object.assign(document.createElement(tag), { className: name, textContent: text });

// --- who answers, and sending ---

let annotator = page.name || localStorage.getItem("demarche-name") || "";
for (const each of all("input[type=hidden][name=annotator]")) each.value ||= annotator;
for (const each of all("input[name=annotator]:not([type=hidden])")) each.value ||= annotator;

function remember(name) {
  annotator = name.trim();
  localStorage.setItem("demarche-name", annotator);
  for (const each of all("input[name=annotator]")) each.value = annotator;
}

if ($("form.ask")) remember($("form.ask [name=annotator]").value); // the form has asked already

/** Call back once somebody is named; asked once in this browser. */
function known(then) {
  if (annotator) return then();
  const dialog = $("#who");
  $("form", dialog).onsubmit = () => {
    remember($("#who-name").value);
    then();
  };
  dialog.showModal();
}

async function post(path, body) {
  const headers = { "content-type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body), keepalive: true });
}

async function send(row) {
  let answer;
  try {
    answer = await post("/v1/annotations", { annotations: [row] });
  } catch {
    return { outcome: "offline" };
  }
  swapped(answer.headers.get("demarche-model"));
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return { outcome: "saved", body };
  if (answer.status === 401) return { outcome: "session" };
  if ([429, 500, 503, 504].includes(answer.status))
    return { outcome: "busy", after: Number(answer.headers.get("retry-after")) };
  return { outcome: "refused", why: (body.errors?.[0] ?? body).detail ?? body.title };
}

function told(answer, entry, waiting) {
  if (answer.outcome === "saved") {
    if (!waiting) warn("");
    const [held] = answer.body.sentences;
    if (held?.status === "conflict")
      say("conflict", { labels: held.disputed.join(", ") });
    if (entry.row.act !== "retract") reveal(entry);
  } else if (answer.outcome === "refused") warn("refused", { why: answer.why });
  else warn({ offline: "waiting", busy: "busy", session: "session" }[answer.outcome], { n: waiting });
}

const outbox = new Outbox({
  storage: localStorage, send, tell: told,
  now: () => offset + performance.now(), later: (call, wait) => setTimeout(call, wait),
});
addEventListener("online", () => outbox.flush(true));
addEventListener("pagehide", () => outbox.flush(true));
document.addEventListener("visibilitychange", () => document.hidden && outbox.flush(true));
if (outbox.waiting.length) outbox.flush(true);

function swapped(live) {
  const banner = $("#swapped");
  if (!banner || !live || live === statement.version) return;
  $("span", banner).textContent = fill(words.swapped, { old: statement.version, new: live });
  banner.hidden = false;
}

// --- undo: the last fifty answers of this tab, kept over reloads ---

const undone = () => JSON.parse(sessionStorage.getItem("demarche-undo") || "[]");
const keepUndo = (list) => sessionStorage.setItem("demarche-undo", JSON.stringify(list.slice(-50)));

/** Give an answer: into the outbox, and what stood before onto the stack. */
function give(key, row, before, delay) {
  const again = outbox.entries.some((each) => each.key === key) && undone().at(-1)?.key === key;
  if (!again) keepUndo([...undone(), { key, row: { ...row, labels: undefined, act: undefined }, before }]);
  outbox.add(key, { ...row, annotator }, delay);
}

function undo() {
  const list = undone(), last = list.pop();
  if (!last) return say("nothing_to_undo");
  keepUndo(list);
  if (!outbox.drop(last.key))
    outbox.add(last.key, { ...last.row, ...(last.before ?? { act: "retract" }), annotator });
  if (screen === "read") undoShown(last);
  else undoItem(last);
}

const judged = (given, skip) =>
  skip ? { act: "skip" } : { labels: [...given].map((each) => words.stances[each]) };

// --- reading ---

const sentences = all("#reading .claim"), pop = $("#card");
const decisions = (statement?.decisions ?? "").split(";").map((each) => each.split(" "));
let now = -1;

function mark(letter, doubt) {
  const kind = { "": "mark", unsure: "mark unsure", perhaps: "mark unsure perhaps" }[doubt];
  const made = make("i", kind, letter.toUpperCase() + (doubt ? "?" : ""));
  made.dataset.stance = letter;
  return made;
}

function draw(s) {
  const { shown, own } = s.dataset, mine = own !== undefined, skip = "skip" in s.dataset;
  const unsure = mine ? "" : s.dataset.unsure, button = $(".marks", s), marks = [], spoken = [];
  for (const each of stances) {
    const doubt = unsure.includes(each) ? (shown.includes(each) ? "unsure" : "perhaps") : "";
    if (!shown.includes(each) && !doubt) continue;
    marks.push(mark(each, doubt));
    spoken.push(`${doubt === "perhaps" ? words.perhaps + " " : ""}${words.names[each]}${doubt === "unsure" ? ", " + words.unsure : ""}`);
  }
  if (skip) marks.push(make("i", "mark unsure", "?"));
  else if (!marks.length) marks.push(make("i", "mark nothing", "·"));
  if (mine) marks.push(make("i", "mark own", "✓"));
  s.classList.toggle("unsure", [...shown].some((each) => unsure.includes(each)));
  if (document.body.dataset.filter) matched(s);
  button.replaceChildren(...marks);
  const labels = (skip ? words.skip : spoken.join("; ") || words.no_stance) + (mine ? `, ${words.mine}` : "");
  button.setAttribute("aria-label", fill(words.sentence, { n: numberOf(s), labels }));
  count();
}

const numberOf = (s) => Number(s.dataset.n) + 1;
const textOf = (s) => {
  const copy = $(".wording", s).cloneNode(true);
  $(".marks", copy).remove();
  return copy.textContent;
};

function count() {
  for (const button of all(".tally button"))
    $(".sum", button).textContent = sentences.filter((s) => matches(s, button.dataset.counts)).length;
}
function matches({ dataset: { shown, unsure, own } }, wanted) {
  if (wanted === "u") return own === undefined && unsure;
  return wanted === "z" ? !shown : shown.includes(wanted);
}
const matched = (s) => s.classList.toggle("match", Boolean(matches(s, document.body.dataset.filter)));

function filter(f) {
  const on = document.body.dataset.filter !== f;
  document.body.dataset.filter = on ? f : "";
  document.body.classList.toggle("filtered", on);
  for (const each of all(".tally button")) each.setAttribute("aria-pressed", on && each.dataset.counts === f);
  sentences.forEach(matched);
}

function note(s) {
  const { shown, unsure, scores, own } = s.dataset, mine = own !== undefined;
  $(".which", pop).textContent = fill(words.note, { n: numberOf(s), of: $("#place")?.ownerSVGElement.viewBox.baseVal.width / 10 });
  $(".whose", pop).textContent = mine ? words.you : words.model;
  all(".score", pop).forEach((row, i) => {
    const [line, low, high] = decisions[i].map(Number), score = Number(scores.split(" ")[i]);
    $("button", row).setAttribute("aria-pressed", shown.includes(stances[i]));
    $(".fill", row).setAttribute("width", 100 * score);
    $(".band", row).setAttribute("x", 100 * low);
    $(".band", row).setAttribute("width", 100 * (high - low));
    $(".line", row).setAttribute("d", `M${100 * line} 0V14`);
    $("output", row).textContent = score.toFixed(2);
  });
  const share = unsure && decisions[stances.indexOf(unsure[0])][3];
  const band = share ? fill(words.band, { share: Math.round(100 * share) }) : words.often_wrong;
  $(".why", pop).textContent = unsure ? fill(words.in_doubt, { labels: named(unsure), band }) : words.threshold;
  $(".long", pop).hidden = !("long" in s.dataset);
  for (const each of all("button", pop)) each.disabled = !statement.annotates || "long" in s.dataset;
}

function place(s) {
  if (narrow.matches) return;
  const lines = s.getClientRects(), end = lines[lines.length - 1], text = $("#reading").getBoundingClientRect();
  const beside = innerWidth - text.right > pop.offsetWidth + 30;
  const top = beside ? Math.max(8, Math.min(lines[0].top, innerHeight - pop.offsetHeight - 60)) : end.bottom + 10;
  const left = beside ? text.right + 28 : Math.max(12, Math.min(end.left, innerWidth - pop.offsetWidth - 20));
  Object.assign(pop.style, { top: `${top + scrollY}px`, left: `${left + scrollX}px` });
}

function choose(i, focus = true) {
  if (i < 0 || i >= sentences.length) return;
  if (i !== now) outbox.flush(true); // at once on leaving the sentence
  sentences[now]?.classList.remove("current");
  for (const each of all('#reading .marks[tabindex="0"]')) each.tabIndex = -1;
  now = i;
  const s = sentences[i], button = $(".marks", s);
  s.classList.add("current");
  button.tabIndex = 0;
  $("#place")?.setAttribute("x", 10 * Number(s.dataset.n));
  $("#place")?.setAttribute("width", 10);
  note(s);
  if (!pop.matches(":popover-open")) pop.showPopover();
  if (focus) {
    const { top } = s.getBoundingClientRect(), inSight = top >= 130 && top <= innerHeight * 0.65;
    button.focus({ preventScroll: true });
    if (narrow.matches || !inSight) scrollBy(0, top - innerHeight * 0.26);
  }
  place(s);
  if (focus && !narrow.matches) pop.scrollIntoView({ block: "nearest" });
}

function jump(step, wanted = () => true) {
  for (let i = now + step; i >= 0 && i < sentences.length; i += step) if (wanted(sentences[i])) return choose(i);
}

function close() {
  if (pop?.matches(":popover-open")) pop.hidePopover();
  sentences[now]?.classList.remove("current");
  if (now >= 0) outbox.flush(true);
  now = -1;
}

const held = ({ own, by, skip }) =>
  own === undefined ? null : { ...judged(own, skip !== undefined), ...(by ? { suggested_by: by } : {}) };
const keyOf = (s) => `${statement.doc}/${s.dataset.n}`;

function answer(given, skip = false, delay = 0) {
  const s = sentences[now];
  if (!s || !statement.annotates || "long" in s.dataset) return;
  known(() => {
    const before = held(s.dataset), own = skip ? "" : given;
    Object.assign(s.dataset, { own, shown: own, by: statement.version });
    if (skip) s.dataset.skip = "";
    else delete s.dataset.skip;
    const row = { text: textOf(s), doc: statement.doc, n: Number(s.dataset.n), selected_by: "reading", suggested_by: statement.version };
    give(keyOf(s), { ...row, ...judged(given, skip) }, before, delay);
    draw(s);
    note(s);
    say("saved", { n: numberOf(s), labels: named(given, skip) });
  });
}

function undoShown({ key, before }) {
  const s = sentences.find((each) => keyOf(each) === key);
  if (!s) return say("undone_item");
  delete s.dataset.own;
  delete s.dataset.skip;
  s.dataset.shown = s.dataset.model;
  if (before) show(s, { labels: [], ...before });
  else draw(s);
  choose(sentences.indexOf(s));
  say("undone", { n: numberOf(s) });
}

/** Answers of before, where the page was asked for before anybody was named. */
async function earlier() {
  const answered = await fetch(`/v1/annotations?limit=1000&doc=${encodeURIComponent(statement.doc)}`).catch(() => null);
  const found = answered?.ok ? (await answered.json()).sentences : [];
  for (const { n, judgements } of found) {
    const s = sentences.find((each) => Number(each.dataset.n) === n);
    const mine = judgements.find((each) => each.annotator.toLowerCase() === annotator.toLowerCase() && each.act !== "adjudicate");
    if (s && mine) show(s, { ...mine, labels: mine.labels ?? [] });
  }
}

function show(s, said) {
  const own = said.labels.map((each) => each[0]).join("");
  Object.assign(s.dataset, { own, shown: own, by: said.suggested_by ?? "" });
  if (said.act === "skip") s.dataset.skip = "";
  draw(s);
}

if (statement) {
  if (annotator && statement.annotator !== annotator) earlier();
  document.body.classList.toggle("long", sentences.length > 300);
  sentences.forEach((s, i) => {
    const button = $(".marks", s);
    button.tabIndex = i ? -1 : 0;
    s.addEventListener("click", (event) => {
      event.preventDefault();
      if (!String(getSelection())) choose(i);
    });
  });
  pop.addEventListener("click", ({ target }) => {
    const k = target.closest("[data-gives]")?.dataset.gives;
    if (k) act({ n: "none", y: "right", s: "skip", z: "undo" }[k] ?? `toggle:${k}`);
  });
  $(".tally").addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) filter(button.dataset.counts);
  });
  $(".lanes svg")?.addEventListener("click", ({ clientX, currentTarget }) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const n = Math.floor(((clientX - left) / width) * (currentTarget.viewBox.baseVal.width / 10));
    choose(sentences.findIndex((s) => Number(s.dataset.n) >= n));
  });
  $("#copy").onclick = () => {
    const rows = sentences.map((s) => `${numberOf(s)}\t${named(s.dataset.shown, "skip" in s.dataset)}\t${textOf(s).replace(/\s+/g, " ")}`);
    navigator.clipboard.writeText(rows.join("\n")).then(() => say("copied"));
  };
  $("#print").onclick = () => print();
  addEventListener("resize", () => now >= 0 && place(sentences[now]));
  const linked = /^#s(\d+)$/.exec(location.hash);
  if (linked) choose(sentences.findIndex((s) => s.id === `s${linked[1]}`), false);
}

// --- the queue and the conflicts: a form an item, of which one is shown ---

const items = all("form.ask"), shown = () => items.findIndex((each) => each.classList.contains("current"));
const field = (form, name) => form.elements[name]?.value || undefined;
const ticked = (form) => all("input[name=label]:checked", form).map((each) => each.value).join("");

function showItem(i) {
  if (i < 0) return;
  items.forEach((each, n) => each.classList.toggle("current", n === i));
  $("#done").hidden = i < items.length;
  if (items[i]) $("input[name=label]", items[i]).focus();
  else $("#done button, #done a").focus();
}

function confirm(form, given = ticked(form)) {
  if (!given) return;
  known(() => {
    const skip = given.includes("s"), answered = given.replace(/[ns]/g, "");
    const row = { text: field(form, "text"), doc: field(form, "doc"), selected_by: field(form, "reason"), suggested_by: field(form, "by") };
    if (field(form, "n")) row.n = Number(field(form, "n"));
    const said = { ...judged(answered, skip), ...(screen === "conflicts" ? { act: "adjudicate" } : {}) };
    const before = form.dataset.said ? JSON.parse(form.dataset.said) : null;
    form.dataset.said = JSON.stringify(said);
    give(field(form, "key"), { ...row, ...said }, before, 0);
    say("saved_item", { labels: named(answered, skip) });
    showItem(items.indexOf(form) + 1);
  });
}

function tick(form, letter) {
  if (letter.match(/[ns]/)) return confirm(form, letter);
  const given = toggled(stances, ticked(form).replace(/[ns]/g, ""), letter);
  for (const each of all("input[name=label]", form)) each.checked = given.includes(each.value);
}

function undoItem({ key, before }) {
  const i = items.findIndex((each) => field(each, "key") === key);
  say("undone_item");
  if (i < 0) return;
  if (before) items[i].dataset.said = JSON.stringify(before);
  else delete items[i].dataset.said;
  showItem(i);
}

/** What the model said of an item, once one's own answer is on disk: it is not sent before. */
async function reveal({ key, row }) {
  if (screen !== "queue" || !items.some((each) => field(each, "key") === key)) return;
  const answer = await post("/v1/queue/reveal", { text: row.text, annotator }).catch(() => null);
  if (!answer?.ok) return;
  const { suggestion } = await answer.json();
  if (!suggestion) return ($("#revealed").textContent = words.unscored);
  const same = JSON.stringify(suggestion.labels) === JSON.stringify(row.labels ?? null);
  const scores = Object.entries(suggestion.scores).map(([name, score]) => `${name} ${score.toFixed(2)}`).join(", ");
  const labels = suggestion.labels.join(", ") || words.none;
  $("#revealed").textContent = `${row.text.slice(0, 60)}… ${fill(words.revealed, { labels, scores, verdict: same ? words.same : words.differs })}`;
}

for (const form of items)
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    confirm(form);
  });
for (const each of all("form.ask input[name=label]"))
  each.addEventListener("change", ({ target }) => {
    const alone = /[ns]/.test(target.value) === target.checked;
    for (const other of all("input[name=label]", target.form))
      if (other !== target && (alone || /[ns]/.test(other.value))) other.checked = false;
  });
if (items.length) showItem(0);

// --- the box, the colours, the sheet of keys ---

const box = $("#box");
if (box) {
  const statementBox = $("#statement"), count_ = $("#count"), most = Number(count_.dataset.most);
  const counted = () => {
    const n = [...statementBox.value].length, fields = { n: n.toLocaleString("en"), most: most.toLocaleString("en") };
    count_.textContent = n ? fill(n > most ? words.too_long : words.characters, fields) : "";
    sessionStorage.setItem("demarche-draft", statementBox.value);
  };
  statementBox.value ||= sessionStorage.getItem("demarche-draft") ?? "";
  statementBox.addEventListener("input", counted);
  counted();
  $("input[type=file]", box).onchange = ({ target }) => target.files.length && box.requestSubmit();
  box.ondragover = (event) => (event.preventDefault(), box.classList.add("drop"));
  box.ondragleave = () => box.classList.remove("drop");
  box.ondrop = (event) => {
    const files = event.dataTransfer.files;
    box.classList.remove("drop");
    if (!files.length) return;
    event.preventDefault();
    $("input[type=file]", box).files = files;
    box.requestSubmit();
  };
  $("#example").onclick = ({ currentTarget }) => {
    statementBox.value = currentTarget.dataset.text;
    counted();
    statementBox.focus();
  };
  retry($(".problem[data-retry]"));
}

/** Send again after a refusal for overload: at most five times, and never if the text is touched. */
function retry(problem) {
  const tries = Number(sessionStorage.getItem("demarche-tries") || 0);
  sessionStorage.setItem("demarche-tries", problem ? tries + 1 : 0);
  if (!problem || tries >= 5 || !$("#statement").value) return;
  let left = Number(problem.dataset.retry) + Math.ceil(Math.random() * 2);
  const counting = setInterval(() => {
    say("trying", { n: left });
    if (left-- <= 0) clearInterval(counting), box.requestSubmit();
  }, 1000);
  box.addEventListener("input", () => clearInterval(counting));
}

const root = document.documentElement, chosen = localStorage.getItem("demarche-scheme");
if (chosen) root.dataset.scheme = chosen;
$("#scheme").onclick = () => {
  const before = root.dataset.scheme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.dataset.scheme = before === "dark" ? "light" : "dark";
  localStorage.setItem("demarche-scheme", root.dataset.scheme);
};
const letters = $("#letters");
letters.checked = localStorage.getItem("demarche-letters") !== "off";
letters.onchange = () => localStorage.setItem("demarche-letters", letters.checked ? "on" : "off");
$("#show-keys").onclick = () => $("#sheet").showModal();

// --- keys ---

const open = (what) => what && ((what.open = !what.open), what.scrollIntoView({ block: "nearest" }));
const doing = {
  next: () => (items.length ? showItem(Math.min(shown() + 1, items.length)) : jump(1)),
  back: () => (items.length ? showItem(shown() < 0 ? items.length - 1 : shown() - 1) : jump(-1)),
  unsure: () => jump(1, (s) => s.dataset.unsure),
  "unsure-back": () => jump(-1, (s) => s.dataset.unsure),
  labelled: () => jump(1, (s) => s.dataset.shown),
  right: () => answer(sentences[now].dataset.own ?? sentences[now].dataset.model),
  none: () => (items.length ? tick(items[shown()], "n") : answer("")),
  skip: () => (items.length ? tick(items[shown()], "s") : answer("", true)),
  toggle: (k) => (items.length ? tick(items[shown()], k) : answer(toggled(stances, sentences[now].dataset.shown, k), false, 600)),
  confirm: () => items[shown()] && confirm(items[shown()]),
  undo,
  context: () => open($("details.context", items[shown()])),
  rule: () => open($("#codebook")),
  names: () => document.body.classList.toggle("names"),
  filter,
  go: (path) => location.assign(path),
  box: () => (box ? $("#statement").focus() : location.assign("/")),
  sheet: () => $("#sheet").showModal(),
  close,
  submit: () => document.activeElement.form?.requestSubmit(),
};

function act(what) {
  const [name, object] = what.split(/:(.*)/);
  doing[name](object);
}

let going = false;
document.addEventListener("keydown", (event) => {
  const at = document.activeElement, typed = at?.matches("textarea, select, input:not([type=checkbox])");
  if ($("dialog[open]")) return;
  const what = meaning(event, {
    screen, stances, going, field: typed, letters: letters.checked, control: at?.matches("button, a, summary"),
    chosen: items.length ? shown() >= 0 : now >= 0,
  });
  going = what === "going";
  if (!what || going) return;
  if (what !== "close") event.preventDefault();
  act(what);
});

// Whatever is asked for next depends on what is stored (exports, the next ones of the queue): what
// waits here is sent first.
let goingOn = false;
document.addEventListener("submit", async (event) => {
  const { target, submitter, defaultPrevented } = event;
  if (goingOn || defaultPrevented || target.method !== "post" || !outbox.waiting.length) return;
  event.preventDefault();
  await outbox.flush(true); // one may have been under way without what came after it
  await outbox.flush(true);
  if (outbox.waiting.length) warn("unsent", { n: outbox.waiting.length });
  goingOn = true;
  target.requestSubmit(submitter);
  goingOn = false;
});
