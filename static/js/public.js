// The public site works without scripts; with them the theme can be switched.
import { theme } from "./behaviors/theme.js";

document.documentElement.classList.add("js");
for (const button of document.querySelectorAll("[data-behavior=theme]")) theme(button);
