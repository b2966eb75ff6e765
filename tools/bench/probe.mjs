/**
 * What the bench puts into the page before the page's own scripts: clocks at the messages between page and worker, and at
 * frames. The page knows nothing of it.
 */

/** @typedef {{ at: number, answered: number, painted: number }} Span */
/**
 * @typedef {object} Probe
 * @property {Span | null} run from the message that starts a run until all of it is painted
 * @property {Span | null} move from the message that moves the playhead until the moment there is painted
 * @property {number} firstLanes when the first part of the first run was painted
 * @property {number[]} longTasks lengths of the main thread's tasks of 50 ms and more
 */

/** Runs in the page: it may use nothing from out here. */
export function installProbe() {
  /** @type {Probe} */
  const probe = { run: null, move: null, firstLanes: 0, longTasks: [] };
  Object.assign(window, { benchProbe: probe });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) probe.longTasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });

  /** @param {() => boolean} ready @param {() => void} then called behind the frame in which it is ready */
  const afterFrame = (ready, then) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (ready() ? then() : afterFrame(ready, then));
    requestAnimationFrame(() => port2.postMessage(0));
  };
  const idle = () => {
    const page = /** @type {{ __mmscopeIdle?: () => boolean }} */ (/** @type {unknown} */ (window));
    return page.__mmscopeIdle?.() === true;
  };
  /** @returns {Span} */
  const begin = () => ({ at: performance.now(), answered: 0, painted: 0 });
  /** @param {Span} span */
  const watch = (span) =>
    afterFrame(idle, () => {
      span.painted = performance.now();
    });

  const Native = window.Worker;
  window.Worker = class extends Native {
    /** @param {string | URL} url @param {WorkerOptions} [options] */
    constructor(url, options) {
      super(url, options);
      this.addEventListener('message', ({ data }) => {
        if (data.type === 'progress' && probe.firstLanes === 0) {
          probe.firstLanes = -1;
          afterFrame(
            () => true,
            () => {
              probe.firstLanes = performance.now();
            },
          );
        }
        if (data.type === 'progress' && data.progress.ended && probe.run?.answered === 0) {
          probe.run.answered = performance.now();
        }
        if (data.type === 'moment' && probe.move?.answered === 0) {
          probe.move.answered = performance.now();
          watch(probe.move);
        }
      });
    }

    /** @override @param {any} message @param {any} [transfer] */
    postMessage(message, transfer) {
      if (message.type === 'load') {
        probe.run = begin();
        watch(probe.run);
      }
      if (message.type === 'move') probe.move = begin();
      super.postMessage(message, transfer);
    }
  };
}

/** Runs in speedscope's page: when it was given a file, when it had read it, and when it last drew. */
export function installPeerProbe() {
  const peer = { file: 0, shown: 0, drawn: 0 };
  Object.assign(window, { benchPeer: peer });
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    peer.drawn = performance.now();
  };
  const { drawArrays, drawElements } = WebGLRenderingContext.prototype;
  // Answered behind the frame.
  const noted = () => port2.postMessage(0);
  WebGLRenderingContext.prototype.drawArrays = function (...args) {
    noted();
    drawArrays.apply(this, args);
  };
  WebGLRenderingContext.prototype.drawElements = function (...args) {
    noted();
    drawElements.apply(this, args);
  };
  document.addEventListener(
    'change',
    () => {
      peer.file = performance.now();
    },
    true,
  );
  // It draws while it reads as well; what it read is there with the views to choose from.
  new MutationObserver(() => {
    const shows = peer.file > 0 && document.body.innerText.includes('Time Order');
    if (shows && peer.shown === 0) peer.shown = performance.now();
  }).observe(document, { childList: true, subtree: true });
  // It says something of every second record, and whoever drives the browser would read all of it.
  console.warn = () => {};
}
