/** RunTask once for each client token. */
import { createHash } from 'node:crypto'
import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Task, type TaskRequest, taskRequests, tasks } from '../state.ts'

type Asked = Input<'ecs', 'RunTask'>

/** Milliseconds. AWS: a token lasts a day at most ("Ensuring idempotency"). */
const LASTS = 86_400_000

const keyOf = (cluster: string, token: string): string => `${cluster} ${token}`

const digestOf = (asked: Asked): string =>
  createHash('sha256').update(JSON.stringify(asked)).digest('base64url')

/**
 * Gives the tasks that the same request began before; undefined where it is a new one.
 * Errors: ConflictException, with those tasks, for another request with the same token.
 */
export function begunBefore(ctx: Context, cluster: string, asked: Asked): Task[] | undefined {
  const { clientToken } = asked
  const before =
    clientToken === undefined ? undefined : ctx.table(taskRequests).get(keyOf(cluster, clientToken))
  if (!before || before.until <= ctx.cloud.clock.now()) return undefined
  if (before.asked !== digestOf(asked))
    throw new AwsError(
      'ConflictException',
      'The client token was used before with other parameters. Use another one.',
      { fields: { resourceIds: [...before.tasks] } },
    )
  return before.tasks.flatMap((arn) => ctx.table(tasks).get(arn) ?? [])
}

/** Keeps what a request with a token has begun. */
export function rememberBegun(ctx: Context, cluster: string, asked: Asked, begun: readonly Task[]): void {
  if (asked.clientToken === undefined) return
  const now = ctx.cloud.clock.now()
  const table = ctx.table(taskRequests)
  for (const [key, { until }] of table.entries()) if (until <= now) table.delete(key)
  const request: TaskRequest = {
    asked: digestOf(asked),
    tasks: begun.map(({ arn }) => arn),
    until: now + LASTS,
  }
  table.put(keyOf(cluster, asked.clientToken), request)
}
