// What a key means: pure, so that it can be tried without a page. The answer is a word, with its
// object after a colon ("toggle:a", "go:/queue"), or "" where the key is not ours.

const READ = { j: "next", k: "back", u: "unsure", U: "unsure-back", l: "labelled", y: "right" };
const ITEMS = { j: "next", k: "back", x: "context", i: "rule", v: "names" };
const ANSWERS = { n: "none", s: "skip" };
const BOTH = { z: "undo" };
const SCREENS = { r: "/", q: "/queue", c: "/conflicts", m: "/models" };
const FILTERS = { 1: "a", 2: "c", 3: "d", 4: "u" };
const ARROWS = { ArrowDown: "next", ArrowUp: "back" };

/** The letter of a key, whatever the layout: Latin ones as they are, others by their place. */
function letterOf(event) {
  if (/^[a-zA-Z]$/.test(event.key) && !event.altKey) return event.key;
  const place = /^Key([A-Z])$/.exec(event.code || "");
  return place ? place[1].toLowerCase() : event.key;
}

/**
 * What a key means.
 * @param event a KeyboardEvent, or its key, code and modifiers
 * @param state screen; stances, the letters of answers; field, whether one is typed into; control,
 *   whether a button or link has the focus; chosen, whether a sentence is chosen; letters, whether
 *   single letters count; going, whether g came just before
 */
export function meaning(event, state) {
  if (event.ctrlKey || event.metaKey) return event.key === "Enter" && state.field ? "submit" : "";
  if (event.key === "Escape") return "close";
  if (state.field) return "";
  if (event.altKey ? !event.shiftKey : !state.letters && event.key.length === 1) return "";
  if (event.key === "Enter") return state.control || state.screen === "read" ? "" : "confirm";
  if (ARROWS[event.key]) return state.screen === "read" && state.chosen ? ARROWS[event.key] : "";
  return letterMeaning(letterOf(event), state);
}

function letterMeaning(key, { screen, stances, chosen, going }) {
  if (going) return SCREENS[key] ? `go:${SCREENS[key]}` : "";
  if (key === "?") return "sheet";
  if (key === "g") return "going";
  if (key === "/") return "box";
  if (screen === "models") return "";
  if (BOTH[key]) return BOTH[key];
  if (screen === "read" && FILTERS[key]) return `filter:${FILTERS[key]}`;
  const moves = screen === "read" ? READ : ITEMS;
  if (moves[key] && (moves[key] !== "right" || chosen)) return moves[key];
  if (!chosen) return "";
  if (stances.includes(key)) return `toggle:${key}`;
  return ANSWERS[key] || "";
}

/** The letters of an answer after one of them was pressed. */
export function toggled(stances, given, letter) {
  return [...stances].filter((each) => given.includes(each) !== (each === letter)).join("");
}
