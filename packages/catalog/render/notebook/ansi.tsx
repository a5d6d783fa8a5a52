/** A piece of a terminal's text in one colour. */
interface Piece {
  readonly text: string;
  readonly class: string;
}

const CODE = /\u001b\[([\d;]*)m|\u001b\[[\d;?]*[A-Za-ln-z]/g;

/** Text as a terminal would colour it; what else it would be told is left out. */
export function Ansi({ text }: { readonly text: string }) {
  return (
    <>
      {piecesOf(text).map((piece, i) =>
        piece.class === "" ? (
          piece.text
        ) : (
          <span key={i} class={piece.class}>
            {piece.text}
          </span>
        ),
      )}
    </>
  );
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let [at, colour, isBold] = [0, "", false];
  const add = (end: number): void => {
    const name = [colour === "" ? "" : `ansi-${colour}`, isBold ? "ansi-bold" : ""].filter(Boolean).join(" ");
    if (end > at) pieces.push({ text: text.slice(at, end), class: name });
  };
  for (const match of text.matchAll(CODE)) {
    add(match.index);
    at = match.index + match[0].length;
    for (const code of (match[1] ?? "").split(";").map(Number)) {
      if (code === 0) [colour, isBold] = ["", false];
      else if (code === 1) isBold = true;
      else if (code === 39) colour = "";
      else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) colour = String(code % 10);
    }
  }
  add(text.length);
  return pieces;
}
