type Duty = () => unknown;

const afterTests: Duty[] = [];
const afterFiles: Duty[] = [];

/** Does something when the test that runs has ended: the last named first. */
export function afterTest(duty: Duty): void {
  afterTests.push(duty);
}

/** Does something when the file of tests that runs has ended: the last named first. */
export function afterFile(duty: Duty): void {
  afterFiles.push(duty);
}

/** For the runner's hooks: a test has ended. */
export function endTest(): Promise<void> {
  return doAll(afterTests);
}

/** For the runner's hooks: a file of tests has ended. */
export function endFile(): Promise<void> {
  return doAll(afterFiles);
}

async function doAll(duties: Duty[]): Promise<void> {
  for (const duty of duties.splice(0).reverse()) await duty();
}
