/** kms:CreateGrant. */
import { createHash, randomBytes } from 'node:crypto'
import { type Arn, AwsError, rootArn } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Directory } from '../../../kernel/identity.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { changeKey } from '../engine/find-key.ts'
import { checkGrantTokens, grantToken } from '../engine/grant-token.ts'
import { endDryRun, mustBeEnabled } from '../engine/key-state.ts'
import { keyKind } from '../kinds.ts'
import type { GrantRecord } from '../state.ts'

type CreateGrantInput = Input<'kms', 'CreateGrant'>

/**
 * Lets a principal use a key without a policy.
 * AWS: asking again with the same name and contents gives the grant that is there already.
 * Errors: NotFoundException, DisabledException, KMSInvalidStateException, InvalidArnException.
 */
export const CreateGrant = operation({
  service: 'kms',
  name: 'CreateGrant',
  access: (input, ctx) => [keyKind.on(ctx, 'CreateGrant', input.KeyId, grantConditions(input, ctx))],
  run: (input, ctx) => {
    refuseUnsupported(input, ['GranteeServicePrincipal', 'RetiringServicePrincipal'])
    checkGrantTokens(input.GrantTokens)
    const key = keyKind.find(ctx, input.KeyId)
    mustBeEnabled(key)
    endDryRun(input.DryRun)
    const wanted = newGrant(input, ctx)
    const same = key.grants.find((grant) => grant.name !== undefined && isSame(grant, wanted))
    if (!same) changeKey(ctx, key, { grants: [...key.grants, wanted] })
    const grant = same ?? wanted
    return { GrantToken: grantToken(key, grant), GrantId: grant.id }
  },
})

function grantConditions(input: CreateGrantInput, ctx: Context) {
  const { GranteePrincipal, RetiringPrincipal, Operations, Constraints } = input
  return {
    'kms:GrantIsForAWSResource': isForAwsResource(ctx),
    'kms:GrantOperations': Operations as readonly string[],
    ...(GranteePrincipal === undefined ? {} : { 'kms:GranteePrincipal': GranteePrincipal }),
    ...(RetiringPrincipal === undefined ? {} : { 'kms:RetiringPrincipal': RetiringPrincipal }),
    ...(Constraints ? { 'kms:GrantConstraintType': Object.keys(Constraints) } : {}),
  }
}

/** AWS: true where an AWS service integrated with KMS makes the grant for the caller. */
export const isForAwsResource = (ctx: Context): string =>
  ctx.conditions['aws:ViaAWSService'] === 'true' ? 'true' : 'false'

function newGrant(input: CreateGrantInput, ctx: Context): GrantRecord {
  const { directory, clock } = ctx.cloud
  const granteePrincipal = validPrincipal(input.GranteePrincipal, directory)
  const retiringPrincipal = input.RetiringPrincipal && validPrincipal(input.RetiringPrincipal, directory)
  const named = [granteePrincipal, retiringPrincipal].filter((arn) => arn !== undefined)
  const ids = named.map((arn) => [arn, directory.principalId(arn)] as const)
  return {
    id: createHash('sha256').update(randomBytes(32)).digest('hex'),
    name: input.Name,
    granteePrincipal,
    retiringPrincipal,
    principals: Object.fromEntries(ids.filter((pair): pair is [Arn, string] => pair[1] !== undefined)),
    operations: input.Operations,
    encryptionContextEquals: input.Constraints?.EncryptionContextEquals,
    encryptionContextSubset: input.Constraints?.EncryptionContextSubset,
    issuingAccount: rootArn(ctx.account),
    created: clock.now(),
  }
}

/** AWS: services and principals that exist. */
function validPrincipal(name: string | undefined, directory: Directory): string {
  if (name !== undefined && (/^[a-z0-9.-]+\.amazonaws\.com$/.test(name) || directory.principalExists(name)))
    return name
  throw new AwsError('InvalidArnException', 'ARN does not refer to a valid principal')
}

const contents = ({ id: _id, created: _created, ...rest }: GrantRecord): string => JSON.stringify(rest)
const isSame = (one: GrantRecord, other: GrantRecord): boolean => contents(one) === contents(other)
