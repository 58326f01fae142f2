// @ts-check
// A sheet in a link's fragment: what was answered, by whom and when, and the figures, small. No server sees it.
import { packed, partOf, unpacked } from "./fragment.js";
import { PICTURE } from "./pictures.js";

/** @typedef {import("./progress.js").Wanted} Wanted */
/**
 * @typedef {object} Handed
 * @property {Wanted} wanted the lesson
 * @property {Record<number, any>} answers by step
 * @property {Record<number, string>} pictures data URLs, by step
 * @property {string} by a name
 * @property {string} on the day, as ISO 8601 has it
 */

const MOST_CHARACTERS = 60_000; // of all pictures: what every browser takes in an address
const MOST_TEXT = 30_000; // of the answers, with a lesson's file of one's own
/** What a picture may be, the best first: pixels, and the encoder's quality. */
const SIZES = [
  [90_000, 0.5],
  [90_000, 0.3],
  [60_000, 0.3],
  [40_000, 0.3],
  [20_000, 0.3],
  [10_000, 0.2],
  [5_000, 0.1],
];

/** @param {Handed} sheet its pictures as `small` made them @returns {string} what stands behind the # */
export function sheetText({ wanted, answers, pictures, by, on }) {
  const { name, text } = wanted;
  const known = Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer));
  const said = packed(JSON.stringify({ name, ...(text ? { file: text } : {}), answers: known, by, on }));
  const figures = Object.entries(pictures).flatMap(([step, url]) => {
    const [, type, data] = PICTURE.exec(url) ?? [];
    return data ? [step, type, data.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")] : [];
  });
  return `sheet=${said}${figures.length ? `&figures=${figures.join(".")}` : ""}`;
}

/**
 * @param {string} hash of an address
 * @returns {Handed | null | undefined} null: cut off or foreign; undefined: none
 */
export function sheetOf(hash) {
  const packedText = partOf(hash, "sheet");
  if (packedText === null) return undefined;
  try {
    const { name = "", file = "", answers, by = "", on = "" } = JSON.parse(unpacked(packedText, MOST_TEXT) ?? "");
    return {
      wanted: { name: String(name), text: String(file) },
      answers: answers && typeof answers === "object" ? answers : {},
      pictures: picturesOf(partOf(hash, "figures") ?? ""),
      by: String(by).slice(0, 80),
      on: String(on),
    };
  } catch {
    return null;
  }
}

/** @param {string} text step, type and data of each, with dots between; what is foreign or cut off is left out */
function picturesOf(text) {
  const parts = text.split(".");
  const pictures = {};
  for (let i = 0; i + 2 < parts.length; i += 3) {
    const [step, type, data] = parts.slice(i, i + 3);
    const url = `data:image/${type};base64,${data.replaceAll("-", "+").replaceAll("_", "/")}`;
    if (/^\d{1,2}$/.test(step) && PICTURE.test(url)) pictures[step] = url;
  }
  return pictures;
}

/**
 * Pictures that go into a link together; one that is small enough stays as it is.
 * @param {Record<number, string>} pictures
 */
export async function small(pictures) {
  const all = Object.entries(pictures);
  const most = MOST_CHARACTERS / all.length;
  const made = await Promise.all(
    all.map(async ([step, url]) => [step, url.length <= most ? url : await smaller(url, most)]),
  );
  return Object.fromEntries(made.filter(([, url]) => url));
}

/**
 * @param {string} url @param {number} most characters
 * @returns {Promise<string>} "" of what is no picture, or never that small
 */
async function smaller(url, most) {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    return "";
  }
  for (const [pixels, quality] of SIZES) {
    const scale = Math.min(1, Math.sqrt(pixels / (image.naturalWidth * image.naturalHeight)));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(scale * image.naturalWidth));
    canvas.height = Math.max(1, Math.round(scale * image.naturalHeight));
    const ctx = canvas.getContext("2d");
    ctx.imageSmoothingQuality = "high";
    ctx.drawImage(image, 0, 0, canvas.width, canvas.height);
    let made = canvas.toDataURL("image/webp", quality);
    if (!PICTURE.test(made)) made = canvas.toDataURL("image/jpeg", quality); // a PNG, where no WebP is written
    if (made.length <= most) return made;
  }
  return "";
}
