// @ts-check
// Keeps what the server knows this browser by in a cookie. Shows nothing.

const TOKEN = /^[\w-]{22}$/;

/** @param {import("../figure/lifecycle.js").Component<import("../types").OwnerCookieData>} component */
export default function keepOwner({ data: { name, token, seconds }, setStateValue }) {
  const kept = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  const value = kept?.slice(name.length + 1) ?? "";
  if (value !== token && TOKEN.test(value)) {
    setStateValue("token", value); // another tab of this browser came first
    return;
  }
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is missing where the page does not come by https
  document.cookie = `${name}=${token}; SameSite=Strict; path=/; max-age=${seconds}${secure}`;
}
