import { useEffect, useRef } from "preact/hooks";

/**
 * Puts the keyboard on another page's content where what had it is gone with the page before: else the next Tab would begin at
 * the top of the document, and a screen reader would say nothing. A page that is loaded begins at its top.
 */
export function useFocusOfPage(page: string): void {
  const last = useRef(page);
  useEffect(() => {
    if (last.current === page) return;
    last.current = page;
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const main = document.getElementById("main");
    if (main === null) return;
    main.tabIndex = -1;
    main.focus({ preventScroll: true });
  }, [page]);
}
