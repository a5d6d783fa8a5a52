import { ago, utc } from "../format.js";

/** How long ago; the exact time is one hover away. */
export function TimeAgo({ time }: { readonly time: string }) {
  const date = new Date(time);
  return (
    <time dateTime={time} title={utc(date)}>
      {ago(date)}
    </time>
  );
}
