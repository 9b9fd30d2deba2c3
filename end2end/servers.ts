// Where the servers of a test run are. Not the ports of `make serve`, so that both can run;
// TEST_PORT moves them, so that two test runs can.

const port = Number(process.env.TEST_PORT || 5100);

export const appUrl = `http://localhost:${port}`;
export const sandboxUrl = `http://127.0.0.1:${port + 1}`;
