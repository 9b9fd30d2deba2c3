// The tables in the order in which they run.

import { callback } from "./callback.mjs";
import { cookies } from "./cookies.mjs";
import { forms } from "./forms.mjs";
import { idTokens } from "./id-tokens.mjs";
import { limits } from "./limits.mjs";
import { random } from "./random.mjs";
import { siblings } from "./siblings.mjs";
import { smuggling } from "./smuggling.mjs";

export const tables = {
  cookies,
  callback,
  "id-tokens": idTokens,
  forms,
  limits,
  smuggling,
  random,
  siblings,
};
