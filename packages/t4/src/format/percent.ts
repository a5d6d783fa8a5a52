const KEPT = /[A-Za-z0-9_.~/-]/;
const ALL_KEPT = /^[A-Za-z0-9_.~/-]*$/;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Percent-encodes all but `A-Z a-z 0-9 _ . - ~ /`, as Python's `urllib.parse.quote` does. */
export function quote(text: string): string {
  return ALL_KEPT.test(text) ? text : quoteBytes(encoder.encode(text));
}

/** The same for the raw bytes of a file name. */
function quoteBytes(bytes: Uint8Array): string {
  let quoted = "";
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    quoted += byte < 0x80 && KEPT.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return quoted;
}

/** Encodes a value of a query: a blank becomes `+`, a slash `%2F`. */
export function quotePlus(text: string): string {
  return quote(text).replaceAll("/", "%2F").replaceAll("%20", "+");
}

/** Decodes percent escapes; broken escapes stay as they are, invalid UTF-8 becomes U+FFFD. */
export function unquote(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
    const bytes = Uint8Array.from(run.slice(1).split("%"), (hex) => Number.parseInt(hex, 16));
    return decoder.decode(bytes);
  });
}

/** Decodes a value of a query. */
export function unquotePlus(text: string): string {
  return unquote(text.replaceAll("+", " "));
}
