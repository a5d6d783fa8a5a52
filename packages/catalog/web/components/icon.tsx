/** Lines of each picture, in a square of 16. */
const PATHS = {
  folder:
    "M1.8 4.3c0-.8.6-1.3 1.3-1.3h3l1.5 1.7h5.3c.7 0 1.3.6 1.3 1.3v6c0 .7-.6 1.3-1.3 1.3H3.1c-.7 0-1.3-.6-1.3-1.3z",
  file: "M4 1.8h5l3.2 3.2v8.2c0 .6-.5 1-1 1H4c-.6 0-1-.4-1-1V2.8c0-.6.4-1 1-1zM9 1.8V5h3.2",
  copy: "M5.5 5.5h7.2v7.2H5.5zM10.5 5.5V3.3H3.3v7.2h2.2",
  check: "m3 8.5 3.2 3.2L13 4.6",
  chevron: "m6 3.8 4.2 4.2L6 12.2",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.5 3.5",
  link: "M6.7 9.3 9.3 6.7M7.3 4.7l1.5-1.5a3 3 0 0 1 4.2 4.2l-1.5 1.5M8.7 11.3l-1.5 1.5A3 3 0 0 1 3 8.6l1.5-1.5",
  download: "M8 2.2v8M4.8 7.2 8 10.4l3.2-3.2M2.8 13.5h10.4",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1",
  moon: "M13.3 9.6A5.6 5.6 0 0 1 6.4 2.7a5.6 5.6 0 1 0 6.9 6.9z",
  auto: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12M8 5l4 0M8 8h6M8 11h4",
  box: "M8 1.8 13.8 4.8v6.4L8 14.2l-5.8-3V4.8zM2.2 4.8 8 7.9l5.8-3.1M8 7.9v6.3",
  database:
    "M13 3.8c0 1.2-2.2 2-5 2s-5-.8-5-2 2.2-2 5-2 5 .8 5 2zM3 3.8v8.4c0 1.2 2.2 2 5 2s5-.8 5-2V3.8M3 8c0 1.2 2.2 2 5 2s5-.8 5-2",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.5",
  tag: "M2.3 2.3h5.2l6 6-5.2 5.2-6-6zM5 5.1v-.1",
  swap: "M2.5 5.5h10M9.8 2.8l2.7 2.7-2.7 2.7M13.5 10.5h-10M6.2 7.8l-2.7 2.7 2.7 2.7",
  shield: "M8 1.8 13.2 3.7v4c0 3.1-2.1 5.4-5.2 6.5-3.1-1.1-5.2-3.4-5.2-6.5v-4z",
  menu: "M2.5 4h11M2.5 8h11M2.5 12h11",
  close: "m3.5 3.5 9 9M12.5 3.5l-9 9",
  sparkle: "M8 1.8 9.5 6.5 14.2 8 9.5 9.5 8 14.2 6.5 9.5 1.8 8l4.7-1.5z",
  alert: "M8 2 14.5 13.5h-13zM8 6.3v3.4M8 11.7v.1",
} as const;

/** Names of the pictures. */
export type IconName = keyof typeof PATHS;

/** A small picture beside words; it says nothing by itself. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
