import { compareLogicalKeys } from "../format/logical-key.js";

interface Node<Value> {
  readonly key: string;
  readonly value: Value;
  readonly left: Tree<Value>;
  readonly right: Tree<Value>;
  readonly height: number;
}

type Tree<Value> = Node<Value> | undefined;

/**
 * A map of logical keys, in tree order, that never changes: setting makes another map, which shares all but a few nodes
 * with this one. So a package can be changed in a loop, and what was seen of it before stays.
 *
 * An AVL tree: setting and finding cost one comparison per level.
 */
export class SortedMap<Value> implements ReadonlyMap<string, Value> {
  readonly size: number;
  readonly #root: Tree<Value>;

  private constructor(root: Tree<Value>, size: number) {
    this.#root = root;
    this.size = size;
  }

  /** The map of nothing. */
  static empty<Value>(): SortedMap<Value> {
    return new SortedMap<Value>(undefined, 0);
  }

  /** A map of what another one holds. */
  static from<Value>(entries: Iterable<readonly [string, Value]>): SortedMap<Value> {
    let map = SortedMap.empty<Value>();
    for (const [key, value] of entries) map = map.with(key, value);
    return map;
  }

  /** This map with another value at a key. */
  with(key: string, value: Value): SortedMap<Value> {
    return new SortedMap(inserted(this.#root, key, value), this.has(key) ? this.size : this.size + 1);
  }

  /** What stands at a key, in an object that tells a value of `undefined` from none. */
  find(key: string): { readonly value: Value } | undefined {
    let node = this.#root;
    while (node !== undefined) {
      const order = compareLogicalKeys(key, node.key);
      if (order === 0) return node;
      node = order < 0 ? node.left : node.right;
    }
    return undefined;
  }

  get(key: string): Value | undefined {
    return this.find(key)?.value;
  }

  has(key: string): boolean {
    return this.find(key) !== undefined;
  }

  /** Keys and values from the first key ≥ `from` on. */
  *from(from?: string): Generator<[string, Value], undefined, undefined> {
    const waiting: Node<Value>[] = [];
    for (let node = this.#root; node !== undefined; ) {
      const isBefore = from !== undefined && compareLogicalKeys(node.key, from) < 0;
      if (!isBefore) waiting.push(node);
      node = isBefore ? node.right : node.left;
    }
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      yield [node.key, node.value];
      for (let next = node.right; next !== undefined; next = next.left) waiting.push(next);
    }
    return undefined;
  }

  entries(): Generator<[string, Value], undefined, undefined> {
    return this.from();
  }

  *keys(): Generator<string, undefined, undefined> {
    for (const [key] of this.from()) yield key;
    return undefined;
  }

  *values(): Generator<Value, undefined, undefined> {
    for (const [, value] of this.from()) yield value;
    return undefined;
  }

  [Symbol.iterator](): Generator<[string, Value], undefined, undefined> {
    return this.from();
  }

  forEach(visit: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [key, value] of this.from()) visit(value, key, this);
  }
}

function inserted<Value>(tree: Tree<Value>, key: string, value: Value): Node<Value> {
  if (tree === undefined) return { key, value, left: undefined, right: undefined, height: 1 };
  const order = compareLogicalKeys(key, tree.key);
  if (order === 0) return { ...tree, value };
  if (order < 0) return balanced(tree, inserted(tree.left, key, value), tree.right);
  return balanced(tree, tree.left, inserted(tree.right, key, value));
}

function heightOf(tree: Tree<unknown>): number {
  return tree?.height ?? 0;
}

/** A node with the key and value of another, above two trees. */
function joined<Value>({ key, value }: Node<Value>, left: Tree<Value>, right: Tree<Value>): Node<Value> {
  return { key, value, left, right, height: 1 + Math.max(heightOf(left), heightOf(right)) };
}

/** As {@link joined}, of trees whose heights differ by at most two: the result's by at most one. */
function balanced<Value>(top: Node<Value>, left: Tree<Value>, right: Tree<Value>): Node<Value> {
  const slope = heightOf(left) - heightOf(right);
  if (slope > 1 && left !== undefined) {
    const { left: outer, right: inner } = left;
    if (inner === undefined || heightOf(outer) >= heightOf(inner))
      return joined(left, outer, joined(top, inner, right));
    return joined(inner, joined(left, outer, inner.left), joined(top, inner.right, right));
  }
  if (slope < -1 && right !== undefined) {
    const { left: inner, right: outer } = right;
    if (inner === undefined || heightOf(outer) >= heightOf(inner))
      return joined(right, joined(top, left, inner), outer);
    return joined(inner, joined(top, left, inner.left), joined(right, inner.right, outer));
  }
  return joined(top, left, right);
}
