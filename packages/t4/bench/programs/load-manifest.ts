// Reads the manifest named on the command line and prints its top hash, as a program that uses the library would.
import { Package } from "t4";

const pkg = await Package.load(process.argv[2] as string);
console.log(pkg.topHash());
