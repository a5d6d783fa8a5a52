// A line to a server on this machine that takes its time: slow-line.js ENDPOINT MS, half of it in each direction. Prints where it
// begins, and ends with its parent.
import { connect, createServer, type Socket } from "node:net";

const [, , endpoint = "", ms = ""] = process.argv;
const { hostname, port } = new URL(endpoint);
const halfMs = Number(ms) / 2;

/** Hands bytes on late, in their order, as a long line does: what comes meanwhile is on its way, too. */
function carry(from: Socket, to: Socket): void {
  from.setNoDelay(true);
  from.on("data", (chunk) => setTimeout(() => void to.write(chunk), halfMs));
  from.on("close", () => setTimeout(() => to.destroy(), halfMs));
  // The other end learns of it by the end of the line.
  from.on("error", () => undefined);
}

const server = createServer((near) => {
  const far = connect(Number(port), hostname);
  carry(near, far);
  carry(far, near);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) console.log(`http://127.0.0.1:${address.port}`);
});
process.stdin.on("end", () => process.exit()).resume();
