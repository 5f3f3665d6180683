/** Jobs handed to functions, kept where those may be who answer them. */
import type { ActionTypeId } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Table } from '../../../kernel/store.ts'
import { type RecordIndex, recordIndex } from '../../../kernel/store-index.ts'
import { type Job, type JobPlace, jobs } from '../state.ts'
import { typeKey } from './type-key.ts'

/**
 * AWS: a function reports with its own role, so a job is found in the account that the action works in as well as in the
 * pipeline's; in the region of the function, "and not to the Region where CodePipeline exists" ("Invoke an AWS Lambda
 * function in a pipeline"). Across accounts two public accounts of it agree; nobody has measured it.
 */
const placesOf = ({ home, worker }: Job): JobPlace[] =>
  worker.account === home.account ? [worker] : [worker, { account: home.account, region: worker.region }]

/** Keeps a job, everywhere it is found. */
export function putJob(ctx: Context, job: Job): void {
  for (const { account, region } of placesOf(job)) ctx.table(jobs, account, region).put(job.id, job)
}

/** Gives a job as whoever asks finds it, with the context's account and region. */
export const findJob = (ctx: Context, id: string): Job | undefined => ctx.table(jobs).get(id)

/** Gives a job of a worker. */
export const jobOf = (ctx: Context, { account, region }: JobPlace, id: string): Job | undefined =>
  ctx.table(jobs, account, region).get(id)

/** Jobs that nobody has taken, by their action type. */
const untaken: RecordIndex<Job> = recordIndex((job) =>
  job.polled && (job.status === 'Queued' || job.status === 'Dispatched') ? [typeKey(job.polled.type)] : [],
)

/** Gives the jobs of a type that nobody has taken, in order of their coming. */
export const openJobs = (table: Table<Job>, type: ActionTypeId): Job[] => table.where(untaken, typeKey(type))
