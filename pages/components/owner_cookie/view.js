// Keeps what the server knows this browser by in a cookie. Shows nothing.
export default function ({ data, setStateValue }) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${data.name}=`))?.slice(data.name.length + 1);
  if (found !== data.token && /^[\w-]{22}$/.test(found ?? "")) { setStateValue("token", found); return; } // another tab of this browser came first
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${data.name}=${data.token}; SameSite=Strict; path=/; max-age=${data.seconds}${secure}`;
}
