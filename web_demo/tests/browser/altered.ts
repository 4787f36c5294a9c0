/** What a server answers, changed on its way. */
import type { APIResponse, Route } from "playwright-core";

type Answer = NonNullable<Parameters<Route["fulfill"]>[0]>;

/** A handler of `context.route` that gives the server's answer with what `change` makes of it. */
export function altered(change: (answer: APIResponse) => Promise<Answer>): (route: Route) => Promise<void> {
  return async (route) => {
    try {
      const response = await route.fetch();
      await route.fulfill({ response, ...(await change(response)) });
    } catch (error) {
      // A service worker asks for every file once more, and may do so as its page is closed: nobody waits for an answer then.
      if (!/disposed|closed/.test(String(error))) throw error;
    }
  };
}
