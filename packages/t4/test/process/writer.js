// Pushes to one package again and again, on top of whatever is latest, and prints each top hash once it is acknowledged.
import { isT4Error, Package } from "t4";

const [, , registry, name, who] = process.argv;
const end = new AbortController();
process.on("SIGTERM", () => end.abort());

for (let i = 0; !end.signal.aborted; i++) {
  try {
    const pkg = await Package.browse(name, { registry }).catch((error) => {
      if (isT4Error(error, "ERR_T4_NOT_FOUND")) return new Package();
      throw error;
    });
    await pkg.setText("who.txt", `${who} ${i}`);
    console.log(await pkg.push(name, registry, { message: `${who} ${i}` }));
  } catch (error) {
    if (!isT4Error(error, "ERR_T4_CONFLICT", "ERR_T4_BUSY")) throw error;
  }
}
