import Papa from "papaparse";

/** A reader of tables that are text, as the chart library asks for one. */
export interface DsvFormat {
  parse(text: string): Record<string, string>[] & { columns: string[] };
}

/** Stands in for the library's own, which makes code of the names of columns: the pages' policy forbids that. */
export function dsvFormat(delimiter: string): DsvFormat {
  return {
    parse(text) {
      const [columns = [], ...rows] = Papa.parse<string[]>(text, { delimiter, skipEmptyLines: true }).data;
      const objects = rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i] ?? ""])));
      return Object.assign(objects, { columns });
    },
  };
}
