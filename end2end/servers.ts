// Where the servers of a test run are: each worker of Playwright has a server and a sandbox of its
// own. Not the ports of `make serve`, so that both can run; TEST_PORT moves them, so that two test
// runs can.

/** How many tests run at a time. */
export const workers = 2;

const base = Number(process.env.TEST_PORT || 5100);

/** The server and the sandbox of one worker, counted from 0. */
export function serversOf(worker: number) {
  const port = base + 2 * worker;
  return { appUrl: `http://localhost:${port}`, sandboxUrl: `http://127.0.0.1:${port + 1}` };
}

/** Those of the worker that reads this. Playwright numbers the workers that run at a time. */
export const { appUrl, sandboxUrl } = serversOf(Number(process.env.TEST_PARALLEL_INDEX ?? 0));
