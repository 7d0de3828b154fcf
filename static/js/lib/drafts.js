// What is being written, per case, in this tab only: it survives a reload and an error, not the tab.
export function draftOf(ticket) {
  const key = `draft:${ticket}`;
  return {
    read() {
      try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
    },
    write(kept) {
      try {
        if (kept.text) sessionStorage.setItem(key, JSON.stringify(kept));
        else sessionStorage.removeItem(key);
      } catch { /* private windows may refuse: the text is still in the field */ }
    },
    forget: () => sessionStorage.removeItem(key),
  };
}
