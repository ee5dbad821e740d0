import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Up to so many rows all are drawn, so that a class can be read and searched as one page. */
const drawnWhole = 120;
/** Rows drawn beyond what can be seen, above and below. */
const spare = 8;

interface VirtualTableProps<Row extends { id: string }> {
  rows: readonly Row[];
  rowHeight: number;
  caption: string;
  head: ComponentChildren;
  class: string;
  /** The row to keep in sight; changes scroll, the same again does not. */
  reveal: number;
  children: (row: Row, index: number) => ComponentChildren;
}

/**
 * A real table of which only the rows in sight exist: 10,000 rows cost what 40 cost. All rows are `rowHeight` high.
 * It scrolls with whatever scrolls it, its own region or the page.
 */
export function VirtualTable<Row extends { id: string }>(props: VirtualTableProps<Row>) {
  const { rows, rowHeight, caption, head, reveal, children } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const [from, to] = useSight(body, rows.length, rowHeight);

  useEffect(() => {
    if (reveal >= 0 && body.current) bringIntoSight(body.current, reveal, rowHeight);
  }, [reveal]);

  return (
    <table class={props.class} aria-rowcount={rows.length + 1}>
      <caption class="visually-hidden">{caption}</caption>
      <thead>{head}</thead>
      <tbody data-drawn-in-part ref={body}>
        {from > 0 && <Gap height={from * rowHeight} />}
        {rows.slice(from, to).map((row, index) => children(row, from + index))}
        {to < rows.length && <Gap height={(rows.length - to) * rowHeight} />}
      </tbody>
    </table>
  );
}

function Gap({ height }: { height: number }) {
  return (
    <tr class="gap">
      <td style={{ height: `${height}px` }} />
    </tr>
  );
}

function scrollerOf(element: Element): HTMLElement | null {
  for (let up = element.parentElement; up; up = up.parentElement) {
    const { overflowY } = getComputedStyle(up);
    if ((overflowY === 'auto' || overflowY === 'scroll') && up !== document.body) return up;
  }
  return null;
}

/** The part of the screen in which the rows can be seen. */
function clip(element: Element): { top: number; bottom: number; scroller: HTMLElement | null } {
  const scroller = scrollerOf(element);
  const box = scroller?.getBoundingClientRect();
  return {
    scroller,
    top: Math.max(0, box?.top ?? 0),
    bottom: Math.min(innerHeight, box?.bottom ?? innerHeight),
  };
}

function useSight(body: RefObject<HTMLElement | null>, count: number, rowHeight: number): [number, number] {
  const [range, setRange] = useState<[number, number]>([0, 60]);
  const measure = useRef(() => {});
  measure.current = () => {
    const element = body.current;
    if (!element) return;
    const { top, bottom } = clip(element);
    const start = element.getBoundingClientRect().top;
    const from = Math.max(0, Math.min(count, Math.floor((top - start) / rowHeight) - spare));
    const to = Math.max(from, Math.min(count, Math.ceil((bottom - start) / rowHeight) + spare));
    setRange((before) => (before[0] === from && before[1] === to ? before : [from, to]));
  };
  useLayoutEffect(() => measure.current(), [count, rowHeight]);
  useEffect(() => {
    const changed = () => measure.current();
    document.addEventListener('scroll', changed, { capture: true, passive: true });
    addEventListener('resize', changed);
    const watch = new ResizeObserver(changed);
    if (body.current?.parentElement?.parentElement) watch.observe(body.current.parentElement.parentElement);
    return () => {
      document.removeEventListener('scroll', changed, { capture: true });
      removeEventListener('resize', changed);
      watch.disconnect();
    };
  }, []);
  return count <= drawnWhole ? [0, count] : [Math.min(range[0], count), Math.min(range[1], count)];
}

function bringIntoSight(body: HTMLElement, index: number, rowHeight: number): void {
  const { top, bottom, scroller } = clip(body);
  const headHeight = body.parentElement?.querySelector('thead')?.clientHeight ?? 0;
  const rowTop = body.getBoundingClientRect().top + index * rowHeight;
  const above = rowTop - (top + headHeight);
  const below = rowTop + rowHeight - bottom;
  const by = above < 0 ? above : Math.max(0, below);
  if (by !== 0) (scroller ?? window).scrollBy({ top: by });
}
