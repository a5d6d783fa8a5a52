/** A method of JavaScript itself whose calls are counted, and how many steps one is. */
export interface Counted {
  readonly owner: object;
  readonly name: string;
  /** Steps of one call; 1 by default. */
  readonly steps?: (self: unknown) => number;
}

type Method = (this: unknown, ...args: readonly unknown[]) => unknown;

/** Steps of each counted method, by its name, while the work is done: what a budget can bound on a slow machine, too. */
export async function countCalls(
  counted: readonly Counted[],
  work: () => unknown,
): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  const undo = counted.map(({ owner, name, steps = () => 1 }) => {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name) as PropertyDescriptor;
    const method = descriptor.value as Method;
    found[name] = 0;
    const value: Method = function (...args) {
      found[name] = (found[name] as number) + steps(this);
      return method.apply(this, [...args]);
    };
    Object.defineProperty(owner, name, { ...descriptor, value });
    return () => Object.defineProperty(owner, name, descriptor);
  });
  try {
    await work();
  } finally {
    for (const restore of undo) restore();
  }
  return found;
}
