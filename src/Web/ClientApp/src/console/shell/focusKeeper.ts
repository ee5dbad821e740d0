/**
 * What has the focus may vanish: a row that was deleted, a bar that goes with the last tick. The browser then lets the
 * focus fall back to the start of the page, and who works by keyboard has lost the place. Here it goes to the nearest
 * thing around it that is still there. Lists that draw only what is in sight keep a place of their own.
 */
export function keepFocus(): void {
  let path: Element[] = [];
  document.addEventListener('focusin', ({ target }) => {
    path = target instanceof Element ? ancestorsOf(target) : [];
  });
  const look = () => {
    const [focused] = path;
    if (!focused || focused.isConnected || !isNowhere(document.activeElement)) return;
    const place = path.find((element) => element.isConnected);
    if (!place || place.closest('[data-drawn-in-part]')) {
      path = [];
      return;
    }
    // A page that is still being read has no heading yet: then with what comes next.
    restingPlace(place)?.focus({ preventScroll: true });
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}

const focusable = 'a[href], button, input, select, textarea, summary, [tabindex]';

function isNowhere(element: Element | null): boolean {
  return element === null || element === document.body;
}

function ancestorsOf(element: Element): Element[] {
  const path: Element[] = [];
  for (let up: Element | null = element; up; up = up.parentElement) path.push(up);
  return path;
}

/** In a table's body its first row; elsewhere the heading of the dialog or page. */
function restingPlace(place: Element): HTMLElement | null {
  if (place.matches('tbody')) {
    const inRow = [...place.querySelectorAll<HTMLElement>(focusable)].find((each) => each.tabIndex >= 0);
    if (inRow) return inRow;
  }
  const dialog = place.closest('dialog[open]');
  const heading = dialog?.querySelector<HTMLElement>('h2') ?? document.querySelector<HTMLElement>('h1');
  heading?.setAttribute('tabindex', '-1');
  return heading;
}
