/** Decides every permission that a request takes, and records each in the trail. */
import {
  type AuthorizationRequest,
  type Decision,
  evaluate,
  explainDenial,
  inWords,
} from '../../iam/index.ts'
import { AwsError } from '../../model/index.ts'
import type { AccessRequest } from '../kernel/access-request.ts'
import type { Context } from '../kernel/context.ts'
import type { Caller } from '../kernel/identity.ts'
import type { Membership } from '../kernel/organization.ts'
import type { RecordedDenial } from '../kernel/trail-entry.ts'
import { conditionKeys } from './condition-keys.ts'

/** Throws the error of the first denial. */
export function authorize(ctx: Context, requests: readonly AccessRequest[]): void {
  if (!requests.length) return
  const { organization } = ctx.cloud
  const belonging = ctx.identity.account ? organization?.membership(ctx.identity.account) : undefined
  const caller = limited(callerOf(ctx), belonging)
  for (const request of requests) {
    const owner = request.resourceAccount ?? ctx.account
    const owning = owner ? organization?.membership(owner) : undefined
    const context = conditionKeys(ctx, request, { belonging, owning })
    const asked: AuthorizationRequest = {
      caller,
      action: request.action,
      resource: request.resource,
      resourceAccount: owner,
      resourcePolicy: request.resourcePolicy,
      grants: request.grants,
      publicAccessBlock: request.publicAccessBlock,
      resourceControlPolicies: request.awsManaged ? undefined : owning?.resourceControlPolicies,
      resourceInWords: request.resourceInWords,
      sameOrganization: organization !== undefined,
      context,
    }
    const decision = evaluate(asked)
    ctx.cloud.trail.record({
      time: ctx.cloud.clock.now(),
      requestId: ctx.requestId,
      action: request.action,
      resource: request.resource,
      operation: `${ctx.service}:${ctx.operation}`,
      caller: caller.arn,
      principal: caller.principalArn,
      account: ctx.account,
      region: ctx.region,
      context,
      decision: { ...decision, decidedBy: decision.decidedBy.map(inWords) },
      ...(decision.effect !== 'allowed' && { denial: denialOf(asked, decision) }),
      ...(ctx.cause !== undefined && { cause: ctx.cause }),
    })
    if (decision.effect === 'allowed') continue
    throw request.onDenied?.(decision) ?? ctx.cloud.denied(ctx.service, decision)
  }
}

function denialOf(asked: AuthorizationRequest, decision: Decision): RecordedDenial {
  const { by, saidNo, close, remedies } = explainDenial(asked, decision)
  return { by, saidNo, close, remedies }
}

function callerOf(ctx: Context): Caller {
  const { identity, cloud } = ctx
  const caller = cloud.directory.caller(identity)
  if (caller) return caller
  throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', {
    status: 403,
  })
}

/** AWS: service control policies limit every principal of a member account, its root user too. */
function limited(caller: Caller, belonging: Membership | undefined): Caller {
  const serviceControlPolicies = belonging?.serviceControlPolicies
  return serviceControlPolicies ? { ...caller, serviceControlPolicies } : caller
}
