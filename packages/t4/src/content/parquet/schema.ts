import type { FileMetaData, SchemaElement } from "hyparquet";
import type { Column } from "../format.js";
import { type Convert, leafConversion, leafType, orNull } from "./values.js";

/** A column, and what makes its values of those that are read raw. */
export interface ParquetColumn extends Column {
  readonly convert: Convert;
}

/** A node of the schema's tree. */
interface Node {
  readonly element: SchemaElement;
  readonly children: readonly Node[];
}

/** Deeper nesting is no data. */
const MOST_DEPTH = 64;

/** The columns of a file. */
export function parquetColumns({ schema }: Pick<FileMetaData, "schema">): ParquetColumn[] {
  return treeOf(schema).children.map((node) => ({
    name: node.element.name,
    type: typeOf(node),
    convert: orNull(conversionOf(node)),
  }));
}

/** What hyparquet would round, or refuse, it reads raw: decimals, times, intervals, and maps, whose keys it makes texts. */
export function rawSchema(schema: readonly SchemaElement[]): SchemaElement[] {
  return schema.map((element) => {
    const { converted_type: _, logical_type: __, ...raw } = element;
    return leafConversion(element) !== undefined || isMap(element) ? raw : element;
  });
}

function treeOf(schema: readonly SchemaElement[]): Node {
  let at = 0;
  const next = (depth: number): Node => {
    const element = schema[at++];
    if (element === undefined) throw new Error("the schema ends too early");
    if (depth > MOST_DEPTH) throw new Error(`the schema is nested deeper than ${MOST_DEPTH} levels`);
    // The library makes plain objects of groups, in which this name has a meaning.
    if (element.name === "__proto__" && depth > 1) throw new Error("a field inside a column is called __proto__");
    const children = Array.from({ length: Math.min(element.num_children ?? 0, schema.length) }, () => next(depth + 1));
    return { element, children };
  };
  return next(0);
}

function isMap({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted === "MAP" || converted === "MAP_KEY_VALUE" || logical?.type === "MAP";
}

function isList({ element: { converted_type: converted, logical_type: logical } }: Node): boolean {
  return converted === "LIST" || logical?.type === "LIST";
}

/** The element of a list, which stands below a repeated group of its own but in old files. */
function itemOf(node: Node): Node | undefined {
  const [repeated] = node.children;
  if (node.children.length !== 1 || repeated?.element.repetition_type !== "REPEATED" || !isList(node)) return undefined;
  return repeated.children.length === 1 ? repeated.children[0] : repeated;
}

function keyAndValue(node: Node): readonly [Node, Node] | undefined {
  const [pairs] = node.children;
  const [key, value] = pairs?.children ?? [];
  return isMap(node.element) && key !== undefined && value !== undefined ? [key, value] : undefined;
}

function typeOf(node: Node): string {
  const entry = keyAndValue(node);
  if (entry !== undefined) return `map<${typeOf(entry[0])}, ${typeOf(entry[1])}>`;
  const item = itemOf(node);
  if (item !== undefined) return `list<${typeOf(item)}>`;
  if (node.children.length === 0) return leafType(node.element);
  return `struct<${node.children.map((child) => `${child.element.name}: ${typeOf(child)}`).join(", ")}>`;
}

/** `undefined`: values are what they should be. */
function conversionOf(node: Node): Convert | undefined {
  const entry = keyAndValue(node);
  if (entry !== undefined) return mapConversion(node.children[0]?.element.name ?? "", entry);
  const item = itemOf(node);
  if (item !== undefined) return listConversion(conversionOf(item));
  const own = node.children.length === 0 ? leafConversion(node.element) : structConversion(node);
  const isRepeated = node.element.repetition_type === "REPEATED";
  return isRepeated ? listConversion(own) : own;
}

function listConversion(convert: Convert | undefined): Convert {
  const inner = orNull(convert);
  return (list) => Array.from(list as Iterable<unknown>, inner);
}

function structConversion({ children }: Node): Convert {
  const members = children.map((child) => [child.element.name, orNull(conversionOf(child))] as const);
  return (struct) =>
    Object.fromEntries(members.map(([name, convert]) => [name, convert((struct as Record<string, unknown>)[name])]));
}

/** A map that is read raw is a group with a list of pairs, each with the names that the writer chose. */
function mapConversion(pairs: string, [key, value]: readonly [Node, Node]): Convert {
  const [convertKey, convertValue] = [orNull(conversionOf(key)), orNull(conversionOf(value))];
  return (group) => {
    const all = (group as Record<string, readonly Record<string, unknown>[] | undefined>)[pairs] ?? [];
    return new Map(
      all.map((pair) => [convertKey(pair[key.element.name]), convertValue(pair[value.element.name])] as const),
    );
  };
}
