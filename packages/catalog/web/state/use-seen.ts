import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** How near something counts as seen. */
const NEAR = "300px";

/** Whether an element has ever come into sight, or near it. */
export function useSeen<Target extends Element>(): readonly [place: RefObject<Target | null>, isSeen: boolean] {
  const place = useRef<Target>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && setSeen(true), {
      rootMargin: NEAR,
    });
    if (place.current !== null) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return [place, isSeen];
}
