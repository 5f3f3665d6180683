/** Finding secrets by name, ARN or ARN without its random end. */
import { formatArn, parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Secret, secrets } from '../state.ts'

const DAY = 86_400_000

/** The milliseconds of a day as Secrets Manager shows dates of access: without the time. */
export const startOfDay = (time: number): number => time - (time % DAY)

/** Gives a secret that is there, also one marked for deletion; one whose recovery window is over goes now. */
export function lookUp(ctx: Context, secretId: string): Secret | undefined {
  const arn = parseArn(secretId)
  const account = arn?.account ?? ctx.account
  const table = ctx.table(secrets, account, arn?.region ?? ctx.region)
  const found = arn ? byArn(table.values(), secretId) : table.get(secretId)
  if (found?.goneAt === undefined || found.goneAt > ctx.cloud.clock.now()) return found
  table.delete(found.name)
  return undefined
}

/** AWS: the six characters may be left out where that is unambiguous. */
function byArn(all: readonly Secret[], arn: string): Secret | undefined {
  return all.find((one) => one.arn === arn) ?? all.find((one) => one.arn.slice(0, -7) === arn)
}

/** Puts a changed copy of a secret. */
export function save(ctx: Context, secret: Secret): void {
  const { account, region } = parseArn(secret.arn)!
  ctx.table(secrets, account, region).put(secret.name, secret)
}

/** AWS: a name that is not there is still checked, as an ARN with any end. */
export const newArn = (ctx: Context, name: string, end: string): string =>
  formatArn('secretsmanager', ctx.region, ctx.account, `secret:${name}-${end}`)
