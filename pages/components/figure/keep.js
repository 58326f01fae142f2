// @ts-check
// What a person takes along: a text in the clipboard, a file.

/** Put a text into the clipboard, also where the page does not come by https. @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/** @param {string} name of the file @param {string} text @param {string} type */
export function keepFile(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name.replace(/[^\p{L}\p{N} .-]+/gu, "").trim();
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
