// A sign-in without a browser.

export const OWN = ["sec-fetch-site", "same-origin"];

export const field = (page, name) => page.match(new RegExp(`name="${name}"[^>]* value="([^"]*)"`))[1];
const form = (fields) => ({ method: "POST", redirect: "manual", body: new URLSearchParams(fields) });

/** Signs somebody in through the sandbox; their cookies, as a browser sends them. */
export async function signIn(origin, account) {
  const cookies = new Map();
  const visit = async (url) => {
    const cookie = [...cookies].map((it) => it.join("=")).join("; ");
    const answer = await fetch(url, { redirect: "manual", headers: { cookie, [OWN[0]]: OWN[1] } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = set.match(/^([^=]*)=([^;]*)/);
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    return answer;
  };
  const authorize = new URL((await visit(`${origin}/login`)).headers.get("location"));
  const picker = await (await fetch(authorize)).text();
  const at = (path, fields) => fetch(new URL(path, authorize), form(fields));
  let answer = await at("/sandbox/sign-in/account", { transaction: field(picker, "transaction"), account });
  if (answer.status === 200) {
    const transaction = field(await answer.text(), "transaction");
    answer = await at("/sandbox/sign-in/consent", { transaction, answer: "accept" });
  }
  await visit(answer.headers.get("location"));
  const page = await (await visit(`${origin}/send`)).text();
  const cookie = [...cookies].map((it) => it.join("=")).join("; ");
  return { cookie, account: field(page, "account"), page };
}
