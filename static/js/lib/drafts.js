// What is being written, per case, in this tab only: it survives a reload and an error, not the tab. Beside it lies what
// was put aside: an answer that was undone while another was being written, or the other way round.
export function draftOf(ticket) {
  const key = `draft:${ticket}`;
  const draft = {
    read() {
      try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
    },
    write(kept) {
      try {
        if (kept.text || kept.aside?.length) sessionStorage.setItem(key, JSON.stringify(kept));
        else sessionStorage.removeItem(key);
      } catch { /* private windows may refuse: the text is still in the field */ }
    },
    /** An answer that was undone: what one goes on with here, unless something else is being written. */
    giveBack(undone) {
      const kept = draft.read();
      draft.write(kept?.text ? { ...kept, aside: [...(kept.aside ?? []), undone] } : { ...undone, aside: kept?.aside });
    },
  };
  return draft;
}
