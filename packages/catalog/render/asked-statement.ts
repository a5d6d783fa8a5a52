/** The statement that the reader pressed for and that the SQL view has not run yet. */
let asked: string | undefined;

/** Notes that the reader pressed for a statement: the SQL view, to which the press leads, runs it. An address alone runs nothing. */
export function askStatement(statement: string): void {
  asked = statement;
}

/** Whether the reader pressed for just this statement; says so once. */
export function takeAsked(statement: string): boolean {
  const isAsked = asked === statement;
  asked = undefined;
  return isAsked;
}
