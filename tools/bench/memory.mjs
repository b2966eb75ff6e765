/** JS heap and ArrayBuffers of a page and its workers, as the browser's debugger tells them. */

/**
 * @typedef {{ usedSize: number, embedderHeapUsedSize?: number, backingStorageSize?: number }} HeapUsage `backingStorageSize` is that
 * of all ArrayBuffers.
 */

/** @param {HeapUsage} usage */
function sum({ usedSize, backingStorageSize = 0 }) {
  return usedSize + backingStorageSize;
}

/**
 * Calls a method of a worker's debugger.
 * @param {import('playwright').CDPSession} page
 * @param {string} sessionId
 * @param {string} method
 * @returns {Promise<unknown>}
 */
function ask(page, sessionId, method) {
  return new Promise((done) => {
    const id = Math.floor(Math.random() * 2 ** 30);
    /** @param {{ sessionId: string, message: string }} event */
    const listen = (event) => {
      const message = JSON.parse(event.message);
      if (event.sessionId !== sessionId || message.id !== id) return;
      page.off('Target.receivedMessageFromTarget', listen);
      done(message.result);
    };
    page.on('Target.receivedMessageFromTarget', listen);
    void page.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
  });
}

/**
 * What is reachable in a page, after a collection, without its workers.
 * @param {import('playwright').Page} page
 */
export async function heapOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage = /** @type {HeapUsage} */ (
    /** @type {unknown} */ (await session.send('Runtime.getHeapUsage'))
  );
  await session.detach();
  return sum(usage);
}

/**
 * The same of a page's workers together.
 * @param {import('playwright').Page} page
 */
export async function workerHeapOf(page) {
  const session = await page.context().newCDPSession(page);
  /** @type {string[]} */
  const workers = [];
  session.on('Target.attachedToTarget', ({ sessionId }) => workers.push(sessionId));
  // Only messages that are wrapped reach a worker through this kind of session.
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  let bytes = 0;
  for (const worker of workers) {
    await ask(session, worker, 'HeapProfiler.collectGarbage');
    bytes += sum(/** @type {HeapUsage} */ (await ask(session, worker, 'Runtime.getHeapUsage')));
  }
  await session.detach();
  if (workers.length === 0) throw new Error('the page has no worker');
  return bytes;
}
