/** @file A thread of the engine, in a worker of the page's worker. Appendix C. */
import { runWorker, type WorkerSetup } from '../../src/tensor/parallel/worker.ts';

self.onmessage = ({ data }: MessageEvent<WorkerSetup>) => runWorker(data, () => self.postMessage('ready'));
