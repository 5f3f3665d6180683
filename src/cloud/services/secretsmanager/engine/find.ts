/** Finding secrets by name, ARN or ARN without its random end, and the permissions on them. */
import { AwsError, formatArn, parseArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import { compiledBoundPolicy } from '../../../kernel/bound-policy.ts'
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

/** Errors: ResourceNotFoundException, InvalidRequestException for one marked for deletion. */
export function findSecret(ctx: Context, secretId: string, options: { deleted?: boolean } = {}): Secret {
  const found = lookUp(ctx, secretId)
  if (!found)
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
  if (found.deletedAt !== undefined && !options.deleted)
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    )
  return found
}

/** Puts a changed copy of a secret. */
export function save(ctx: Context, secret: Secret): void {
  const { account, region } = parseArn(secret.arn)!
  ctx.table(secrets, account, region).put(secret.name, secret)
}

/** AWS: a name that is not there is still checked, as an ARN with any end. */
export const newArn = (ctx: Context, name: string, end: string): string =>
  formatArn('secretsmanager', ctx.region, ctx.account, `secret:${name}-${end}`)

const prefixed = (prefix: string, tags: Secret['tags'] = {}) =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, value]))

export function onSecret(
  ctx: Context,
  action: string,
  secretId: string,
  context: AccessRequest['context'] = {},
): AccessRequest {
  const secret = lookUp(ctx, secretId)
  const resource = secret?.arn ?? (parseArn(secretId) ? secretId : newArn(ctx, secretId, 'XXXXXX'))
  return {
    action: `secretsmanager:${action}`,
    resource,
    resourceAccount: parseArn(resource)?.account,
    ...(secret ? {} : { resourceInWords: secretId }),
    resourcePolicy:
      secret?.policy && compiledBoundPolicy(secret.policy, ctx.cloud.directory, `policy of ${secret.arn}`),
    context: {
      ...(secret ? { 'secretsmanager:SecretId': secret.arn } : {}),
      ...prefixed('secretsmanager:ResourceTag/', secret?.tags),
      ...prefixed('aws:ResourceTag/', secret?.tags),
      ...context,
    },
  }
}

/** Access declared for operations that name a secret and bring no condition keys. */
export const accessTo =
  (action: string) =>
  ({ SecretId }: { SecretId: string }, ctx: Context): AccessRequest[] => [onSecret(ctx, action, SecretId)]
