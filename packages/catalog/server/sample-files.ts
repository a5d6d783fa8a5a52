import { deflateSync } from "node:zlib";
import { crc32Of } from "./crc32.js";

/** The weather of three towns that are not on any map, day by day: the same at every call. */
export function weatherCsv(days: number): string {
  const towns = [
    { town: "Aldermoor", base: 9, swing: 8, rain: 0.42 },
    { town: "Brightwater", base: 14, swing: 10, rain: 0.27 },
    { town: "Cinderfell", base: 3, swing: 14, rain: 0.35 },
  ];
  const random = generator(20_190_901);
  const rows = ["date,town,celsius,rain_mm,wind_ms,sky"];
  for (let day = 0; day < days; day++) {
    const date = new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10);
    for (const { town, base, swing, rain } of towns) {
      const season = -Math.cos((day / 365) * 2 * Math.PI);
      const celsius = base + swing * season + (random() - 0.5) * 6;
      const wet = random() < rain ? -Math.log(1 - random()) * 5 : 0;
      const wind = random() < 0.02 ? "" : (2 + random() * 9).toFixed(1);
      const sky = wet > 8 ? "storm" : wet > 0 ? "rain" : random() < 0.5 ? "clear" : "cloudy";
      rows.push([date, town, celsius.toFixed(1), wet.toFixed(1), wind, sky].join(","));
    }
  }
  return `${rows.join("\n")}\n`;
}

/** How many days of {@link weatherCsv}'s year are wet in each town, as a notebook shows a table. */
export function wetDays(): string {
  const days = new Map<string, boolean[]>();
  for (const row of weatherCsv(365).trim().split("\n").slice(1)) {
    const [, town = "", , rain] = row.split(",");
    days.set(town, [...(days.get(town) ?? []), Number(rain) > 0]);
  }
  const rows = Array.from(days, ([town, wet]) => {
    const share = wet.filter(Boolean).length / wet.length;
    return `<tr><th>${town}</th><td>${share.toFixed(2)}</td></tr>`;
  });
  return `<table><tr><th>town</th><th>wet days</th></tr>${rows.join("")}</table>`;
}

/** Numbers in [0, 1) that follow from a seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A picture of a year's warmth: a day per column, an hour per row. */
export function heatMap(): Uint8Array {
  const [width, height] = [365, 96];
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const season = -Math.cos((x / width) * 2 * Math.PI);
      const daytime = -Math.cos((y / height) * 2 * Math.PI);
      const warmth = (season * 0.65 + daytime * 0.35 + Math.sin(x * 0.4) * 0.06 + 1.06) / 2.12;
      rows.set(colourOf(warmth), y * (1 + width * 3) + 1 + x * 3);
    }
  }
  return png(width, height, deflateSync(rows));
}

const COLOURS = [
  [38, 24, 92],
  [47, 107, 168],
  [120, 190, 170],
  [244, 211, 94],
  [200, 60, 50],
] as const;

function colourOf(warmth: number): number[] {
  const at = Math.min(0.999, Math.max(0, warmth)) * (COLOURS.length - 1);
  const [low, high] = [COLOURS[Math.floor(at)] ?? COLOURS[0], COLOURS[Math.floor(at) + 1] ?? COLOURS[0]];
  return low.map((value, i) => Math.round(value + ((high[i] ?? 0) - value) * (at % 1)));
}

function png(width: number, height: number, pixels: Uint8Array): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32Of(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
