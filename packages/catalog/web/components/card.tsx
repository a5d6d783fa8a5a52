import type { ComponentChildren } from "preact";

/** A framed part of a page. */
export interface CardProps {
  readonly title: ComponentChildren;
  /** Beside the title. */
  readonly side?: ComponentChildren;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A framed part of a page with a title. */
export function Card({ title, side, children, ...rest }: CardProps) {
  return (
    <section class={`card ${rest.class ?? ""}`}>
      <header class="card-head">
        <h2>{title}</h2>
        {side === undefined ? null : <div class="card-side">{side}</div>}
      </header>
      {children}
    </section>
  );
}
