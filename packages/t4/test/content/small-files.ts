import { deflateRawSync, crc32 as zlibCrc32 } from "node:zlib";

/** A member of a zip file. */
export interface ZipMember {
  readonly name: string;
  readonly content: Uint8Array;
}

/** A zip file of members that are packed already; sizes are what they claim. */
export function zipOf(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content } of members) {
    const packed = deflateRawSync(content);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(crcOf(content), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(content.length, 18);
    head.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), head, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000"), head, tail, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const end = Buffer.alloc(18);
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  end.writeUInt16LE(Math.min(0xffff, members.length), 4);
  end.writeUInt16LE(Math.min(0xffff, members.length), 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from("PK\u0005\u0006"), end]);
}

/** Node 20 has none in its oldest releases. */
function crcOf(content: Uint8Array): number {
  return typeof zlibCrc32 === "function" ? zlibCrc32(content) : 0;
}

/** What a workbook has beside its sheet `xl/worksheets/a.xml`. */
export const WORKBOOK = [
  ["xl/workbook.xml", '<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'],
  ["xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="rId1" Target="worksheets/a.xml"/></Relationships>'],
].map(([name = "", text = ""]) => ({ name, content: Buffer.from(text) }));

/** A file of NumPy without any values. */
export function npy(shape: string, descr: string): Buffer {
  const header = `{'descr': ${descr.startsWith("[") ? descr : `'${descr}'`}, 'fortran_order': False, 'shape': ${shape}, }\n`;
  const start = Buffer.from("\u0093NUMPY\u0001\u0000\u0000\u0000", "latin1");
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, Buffer.from(header)]);
}

/** A workbook whose sheet has these rows, in XML. */
export function workbookOf(rows: string): Buffer {
  const content = Buffer.from(`<worksheet><sheetData>${rows}</sheetData></worksheet>`);
  return zipOf([...WORKBOOK, { name: "xl/worksheets/a.xml", content }]);
}
