/**
 * @file A browser's `Worker` on top of Node's threads, as much of it as jax-js needs: it starts threads only where this
 * global exists, as many as `navigator` says, each from the address of a blob.
 */
import { resolveObjectURL } from 'node:buffer';
import { availableParallelism } from 'node:os';
import { Worker as NodeWorker } from 'node:worker_threads';

/** What the program of a web worker expects around it. */
const SURROUNDINGS = `
const { parentPort } = require('node:worker_threads');
globalThis.self = globalThis;
globalThis.postMessage = (message) => parentPort.postMessage(message);
parentPort.on('message', (data) => self.onmessage({ data }));
`;

globalThis.Worker = class {
  /** @type {Promise<NodeWorker>} */
  #started;

  /** @param {string} url */
  constructor(url) {
    this.#started = this.#start(url);
  }

  async #start(url) {
    const worker = new NodeWorker(SURROUNDINGS + (await resolveObjectURL(url).text()), { eval: true });
    worker.on('message', (data) => this.onmessage({ data }));
    worker.on('error', (error) => this.onerror(error));
    return worker;
  }

  async postMessage(message) {
    (await this.#started).postMessage(message);
  }
};

globalThis.navigator ??= { hardwareConcurrency: availableParallelism() }; // Node has it from version 21 on
