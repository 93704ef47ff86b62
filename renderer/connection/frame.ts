/** A window that is not seen draws nothing: then what waits for a frame goes on without it. */
const UNSEEN_MS = 200;

/** Calls back once what was changed until now has been drawn. */
export function afterFrame(then: () => void): void {
  let due = true;
  const once = () => {
    if (due) then();
    due = false;
  };
  const timer = setTimeout(once, UNSEEN_MS);
  requestAnimationFrame(() => {
    clearTimeout(timer);
    // What is asked for in a frame comes before its drawing; a task of its own comes after.
    setTimeout(once);
  });
}
