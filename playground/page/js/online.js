// The line that says that the server can't be reached; the page keeps what it shows meanwhile.

import { replace } from "./dom.js";
import { icon } from "./icons.js";

const QUIET_MS = 600; // a restart that is over so soon needs no words

export function mount(app, element) {
  let timer = null;
  app.store.on("online", (online) => {
    clearTimeout(timer);
    if (online) replace(element);
    else timer = setTimeout(() => replace(element, icon("warning", 18), "The town is closed or restarting; I keep trying."), QUIET_MS);
  });
}
