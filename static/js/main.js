// One entry. A behaviour is a function bound to the elements that name it in `data-behavior`;
// it knows no page, and survives htmx because new elements are bound as they arrive.
import { articles } from "./behaviors/articles.js";
import { attach } from "./behaviors/attach.js";
import { autoresize } from "./behaviors/autoresize.js";
import { board } from "./behaviors/board.js";
import { composer } from "./behaviors/composer.js";
import { startCompose } from "./behaviors/compose.js";
import { chart } from "./behaviors/chart.js";
import { copy } from "./behaviors/copy.js";
import { startCounts } from "./behaviors/counts.js";
import { startCountdown } from "./behaviors/countdown.js";
import { startDialogs } from "./behaviors/dialog.js";
import { startKeyboard } from "./behaviors/keyboard.js";
import { live } from "./behaviors/live.js";
import { menu, startMenus } from "./behaviors/menu.js";
import { modal } from "./behaviors/modal.js";
import { panes } from "./behaviors/panes.js";
import { photo } from "./behaviors/photo.js";
import { pinned } from "./behaviors/pinned.js";
import { promises } from "./behaviors/promises.js";
import { push } from "./behaviors/push.js";
import { queue } from "./behaviors/queue.js";
import { register } from "./behaviors/register.js";
import { story } from "./behaviors/story.js";
import { templates } from "./behaviors/templates.js";
import { theme } from "./behaviors/theme.js";
import { startLate, toasts } from "./behaviors/toast.js";
import { tree } from "./behaviors/tree.js";
import { startTurns } from "./behaviors/turn.js";
import { startToken } from "./behaviors/token.js";
import { startTypify, typify } from "./behaviors/typify.js";
import { startUndone } from "./behaviors/undone.js";
import { startWalk } from "./behaviors/walk.js";
import { startComing } from "./lib/coming.js";
import { startMissed } from "./lib/missed.js";
import { startPressed } from "./lib/pressed.js";
import { markMe } from "./lib/rows.js";

const BEHAVIORS = {
  articles, attach, autoresize, board, chart, composer, copy, live, menu, modal, panes, photo, pinned, promises, push, queue, register,
  story, templates, theme, toasts,
  tree, typify,
};
const bound = new WeakSet();

function bind(root) {
  const found = [...root.querySelectorAll("[data-behavior]")];
  if (root.matches?.("[data-behavior]")) found.unshift(root);
  for (const el of found) {
    if (bound.has(el)) continue;
    bound.add(el);
    for (const name of el.dataset.behavior.split(" ")) BEHAVIORS[name]?.(el);
  }
  markMe(root);
}

document.documentElement.classList.add("js");
// First: who hears the stream later may ask what was said before.
startMissed();
startPressed();
// Before whoever acts on keys.
startComing();
startCountdown();
startTurns();
startDialogs();
startLate();
startMenus();
startUndone();
startToken();
// Digits first answer the question that is open.
startTypify();
startKeyboard();
startWalk();
startCompose();
startCounts();
bind(document.body);
document.addEventListener("htmx:load", (event) => bind(event.detail.elt));
