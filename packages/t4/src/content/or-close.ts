/** Does the first work with something that is open, and closes it where that fails: nobody has it yet who would. */
export async function orClose<Result>(close: () => Promise<unknown>, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await close();
    throw error;
  }
}
