/** Line icons on a grid of 16, drawn for this product. A filled part is in `fills`. */
const lines = {
  alert: 'M8 2.2 14.6 13.5H1.4zM8 6.4v3.4M8 11.6v.2',
  arrowIn: 'M9.5 2.5h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-3M2.5 8h7M6.8 5.2 9.6 8l-2.8 2.8',
  back: 'M9.8 3.2 5 8l4.8 4.8',
  ban: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM3.7 3.7l8.6 8.6',
  bell: 'M8 2a4 4 0 0 0-4 4v2.8L2.7 11h10.6L12 8.8V6a4 4 0 0 0-4-4zM6.6 13a1.5 1.5 0 0 0 2.8 0',
  bellOff: 'M4 6.6v2.2L2.7 11h8M5.2 3.2A4 4 0 0 1 12 6v2.8l.6 1M6.6 13a1.5 1.5 0 0 0 2.8 0M2 2l12 12',
  broadcast: 'M2.5 6.5v3h2.2L9 12.6V3.4L4.7 6.5zM11.3 5.6a3.4 3.4 0 0 1 0 4.8M13 3.8a6 6 0 0 1 0 8.4',
  calendar: 'M2.5 3.8h11v9.7h-11zM2.5 6.8h11M5.3 2v3M10.7 2v3',
  check: 'M3 8.4l3.2 3.2L13 4.8',
  checkCircle: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM5.2 8.2l2 2 3.6-4',
  clock: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM8 4.4V8l2.4 1.6',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  dots: 'M8 3.4v.2M8 7.9v.2M8 12.4v.2',
  door: 'M3.5 14V2.5h7V14M1.8 14h12.4M8.2 8v.4M10.5 4h2v10',
  down: 'M4 6.2 8 10l4-3.8',
  up: 'M4 9.8 8 6l4 3.8',
  sort: 'M5 6.2 8 3.4l3 2.8M5 9.8l3 2.8 3-2.8',
  download: 'M8 2.2v7.6M4.8 6.8 8 10l3.2-3.2M2.8 13.4h10.4',
  edit: 'M10.6 2.6l2.8 2.8-7.6 7.6-3.4.6.6-3.4z',
  flag: 'M3.6 14V2.6h8.6l-1.8 3 1.8 3H3.6',
  ghost: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM5 8h6',
  hand: 'M4.6 8.6V4.2a1 1 0 0 1 2 0V7M6.6 7V3a1 1 0 0 1 2 0v4M8.6 7V3.8a1 1 0 0 1 2 0V8M10.6 8V5.8a1 1 0 0 1 2 0v4.4a4 4 0 0 1-4 4c-2 0-3-.8-3.8-2.2L3 9.4a1 1 0 0 1 1.6-1.2',
  hourglass: 'M4 2h8M4 14h8M4.8 2c0 3 1.2 4 3.2 6-2 2-3.2 3-3.2 6M11.2 2c0 3-1.2 4-3.2 6 2 2 3.2 3 3.2 6',
  key: 'M10.4 8.8a3.2 3.2 0 1 0-3.2-3.2c0 .4 0 .7.2 1L2.4 11.6v2h2.4v-1.5h1.5v-1.5h1.5L9.4 8.6c.3.1.6.2 1 .2zM11.2 4.8v.1',
  keyboard: 'M1.8 4.2h12.4v7.6H1.8zM4.2 6.6v.1M6.7 6.6v.1M9.2 6.6v.1M11.8 6.6v.1M5 9.4h6',
  leave: 'M6.5 2.5h-3a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h3M6.5 8h7M10.7 5.2 13.5 8l-2.8 2.8',
  link: 'M6.6 9.4a2.8 2.8 0 0 0 4 0l2.2-2.2a2.8 2.8 0 0 0-4-4l-.9.9M9.4 6.6a2.8 2.8 0 0 0-4 0L3.2 8.8a2.8 2.8 0 0 0 4 4l.9-.9',
  lock: 'M3.5 7.2h9v6.3h-9zM5.4 7.2V5a2.6 2.6 0 0 1 5.2 0v2.2',
  menu: 'M2.5 4.2h11M2.5 8h11M2.5 11.8h11',
  ticket:
    'M1.8 4.2h12.4v2.4a1.5 1.5 0 0 0 0 2.8v2.4H1.8V9.4a1.5 1.5 0 0 0 0-2.8zM9.6 4.6v1.2M9.6 7.4v1.2M9.6 10.2v1.2',
  unlock: 'M3.5 7.2h9v6.3h-9zM5.4 7.2V5a2.6 2.6 0 0 1 5-.9',
  message: 'M2 3h12v8.2H7.4L4.4 14v-2.8H2z',
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z',
  more: 'M3.4 8h.2M7.9 8h.2M12.4 8h.2',
  pause: 'M5.4 3.2v9.6M10.6 3.2v9.6',
  pencil: 'M10.6 2.6l2.8 2.8-7.6 7.6-3.4.6.6-3.4zM9 4.2 11.8 7',
  person: 'M8 8.2a2.9 2.9 0 1 0 0-5.8 2.9 2.9 0 0 0 0 5.8zM2.6 14c.4-2.6 2.6-4 5.4-4s5 1.4 5.4 4',
  play: 'M4.8 2.8 12.8 8l-8 5.2z',
  plus: 'M8 3v10M3 8h10',
  print: 'M4.5 6V2.2h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.4h7v4.4h-7z',
  qr: 'M2.4 2.4h4v4h-4zM9.6 2.4h4v4h-4zM2.4 9.6h4v4h-4zM9.6 9.6h1.6v1.6M13.6 9.6v.2M9.6 13.6v-.2M13.6 12v1.6H12',
  refresh: 'M13.4 8a5.4 5.4 0 1 1-1.6-3.8M13.6 2.2v3h-3',
  screen: 'M1.8 2.8h12.4v8.4H1.8zM5.4 13.8h5.2M8 11.2v2.6',
  search: 'M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM10.6 10.6 14 14',
  stop: 'M3.6 3.6h8.8v8.8H3.6z',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M12.7 3.3l-1 1M4.3 11.7l-1 1',
  themeAuto: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM8 1.8v12.4',
  undo: 'M3 6.2h6.4a3.6 3.6 0 0 1 0 7.2H6M5.6 3.4 2.8 6.2 5.6 9',
  unplug: 'M9.4 2 5 8.6h3L6.6 14 11 7.4H8z',
  wave: 'M2.5 11.5a7.8 7.8 0 0 1 11 0M4.8 13.6a4.6 4.6 0 0 1 6.4 0M8 4.2v2.4M4.4 5.4l1.2 2M11.6 5.4l-1.2 2',
  xCircle: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  dotFull: '',
  dotHalf: 'M8 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z',
  dotEmpty: 'M8 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM3.4 12.6l9.2-9.2',
} as const;

export type IconName = keyof typeof lines;

const fills: Partial<Record<IconName, string>> = {
  dotFull: 'M8 12.4a4.4 4.4 0 1 0 0-8.8 4.4 4.4 0 0 0 0 8.8z',
  dotHalf: 'M8 12V4a4 4 0 0 0 0 8z',
  themeAuto: 'M8 14.2V1.8a6.2 6.2 0 0 0 0 12.4z',
};

/** Decorates a word that stands beside it, so it is hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      {fills[name] && <path d={fills[name]} class="fill" />}
      {lines[name] && <path d={lines[name]} />}
    </svg>
  );
}
