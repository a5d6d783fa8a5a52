// Changes files in a directory without a pause but for short rests: grows, shrinks, rewrites in place block by block,
// replaces, and puts old times back. A block holds its number of writing; at any moment a file's blocks are those of one
// writing, behind them those of the writing before.
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  futimesSync,
  openSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

const [, , directory, files] = process.argv;
const BLOCK = 4096;
const SIZES = [3, 30, 200];
const REST_MS = 120;

const block = (writing) => Buffer.from(String(writing).padStart(BLOCK - 1) + "\n");
const below = (end) => Math.floor(Math.random() * end);
const rest = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function rewrite(file, writing, blocks) {
  for (let i = 0; i < blocks; i++) writeSync(file, block(writing), 0, BLOCK, i * BLOCK);
}

function blocksOf(file) {
  return fstatSync(file).size / BLOCK;
}

function inPlace(path, act) {
  const file = openSync(path, "r+");
  try {
    act(file);
  } finally {
    closeSync(file);
  }
}

const CHANGES = [
  (path, writing) => inPlace(path, (file) => rewrite(file, writing, blocksOf(file) + 1 + below(20))),
  (path) => inPlace(path, (file) => ftruncateSync(file, BLOCK * Math.max(1, blocksOf(file) - below(5)))),
  (path, writing) => inPlace(path, (file) => rewrite(file, writing, blocksOf(file))),
  (path, writing) => {
    const { atime, mtime } = statSync(path);
    inPlace(path, (file) => {
      rewrite(file, writing, blocksOf(file));
      futimesSync(file, atime, mtime);
    });
  },
  (path, writing) => {
    writeFileSync(
      `${path}.new`,
      Buffer.concat(Array.from({ length: SIZES[below(SIZES.length)] }, () => block(writing))),
    );
    renameSync(`${path}.new`, path);
  },
];

let writing = 0;
for (let i = 0; i < Number(files); i++)
  writeFileSync(
    join(directory, `f${i}`),
    Buffer.concat(Array.from({ length: SIZES[i % SIZES.length] }, () => block(0))),
  );
console.log("ready");
for (;;) {
  writing++;
  CHANGES[below(CHANGES.length)](join(directory, `f${below(Number(files))}`), writing);
  if (below(3) === 0) rest(below(REST_MS));
}
