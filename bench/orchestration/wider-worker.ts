// Loaded before the worker by `node --import`, where it is to follow more Jobs at a time than it is set to.
import { Worker } from '@temporalio/worker'

const create = Worker.create.bind(Worker)

Worker.create = (options) =>
  create({ ...options, maxConcurrentActivityTaskExecutions: Number(process.env.BENCH_CONCURRENT_ACTIVITIES) })
